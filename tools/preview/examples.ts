import type { AuditReport } from '../../src/jobs/audit-report.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { severities } from '../../src/rules/index.ts';
import type { Finding } from '../../src/findings/index.ts';
import type { DigestEntry, DigestMessage, IncidentMessage, Message, MessageContext, MessageGap } from '../../src/messages/index.ts';

export interface Example {
  readonly name: string;
  readonly about: string;
  readonly message: Message;
  readonly context: MessageContext;
}

/** Every kind of message, made from what an audit and a watch of contoso really found; what contoso has not lived through yet (an end, a growth) is told of the same ones. */
export function examplesOf(audit: AuditReport, watch: WatchReport, context: MessageContext): readonly Example[] {
  const { siteUrl: _, ...withoutPage } = context;
  const [first, second = first] = watch.incidents;
  const worst = audit.findings[0];
  const orphan =
    audit.findings.find(({ rule, fix }) => rule === 'orphaned-assignment' && fix.some(({ cli }) => cli !== undefined)) ?? worst;
  if (first === undefined || second === undefined || worst === undefined || orphan === undefined)
    throw new Error('contoso was audited and watched, and there is nothing to tell');
  const seen = { audit: unseen(audit.coverage), watch: unseen(watch.coverage) };
  const told = ({ id }: { readonly id: string }, revision = 1): MessageContext => ({
    ...context,
    reference: `on-call.${id}.${revision}`,
    gaps: id.startsWith('incident-') ? seen.watch : seen.audit,
  });
  return [
    ...watch.incidents.map((incident): Example => {
      const cause = incident.causes[0]?.id ?? 'unexplained';
      return {
        name: `incident-${cause}`,
        about: `An incident opens: ${cause}`,
        message: { kind: 'incident', event: 'opened', incident },
        context: told(incident),
      };
    }),
    {
      name: 'incident-grown',
      about: 'It has grown',
      message: { kind: 'incident', event: 'grown', incident: { ...second, status: 'grown', severity: 'critical', denials: 1_412 } },
      context: told(second, 2),
    },
    { name: 'incident-resolved', about: 'It is over', message: resolved(first, context.now), context: told(first, 3) },
    {
      name: 'incident-again',
      about: 'Sent again after no answer came, from a run with gaps, and no page is set up',
      message: { kind: 'incident', event: 'opened', incident: second },
      context: { ...withoutPage, reference: `${second.id}.1`, attempt: 2, gaps: gaps(first.targets[0] ?? '/') },
    },
    {
      name: 'finding-new',
      about: 'A finding is new',
      message: { kind: 'finding', event: 'opened', finding: worst, note: '' },
      context: told(worst),
    },
    {
      name: 'finding-orphan',
      about: 'An orphaned assignment is back',
      message: { kind: 'finding', event: 'reopened', finding: { ...orphan, status: 'reopened' }, note: '' },
      context: told(orphan, 3),
    },
    {
      name: 'finding-acceptance-expired',
      about: 'An accepted risk is one no more',
      message: {
        kind: 'finding',
        event: 'acceptance-expired',
        finding: { ...worst, status: 'open' },
        note: 'Accepted until the release job has an identity of its own.',
      },
      context: told(worst, 4),
    },
    {
      name: 'finding-resolved',
      about: 'A finding is gone',
      message: {
        kind: 'finding',
        event: 'resolved',
        finding: { ...orphan, status: 'resolved', resolvedAt: context.now, resolvedBy: 'fixed' },
        note: '',
      },
      context: told(orphan, 5),
    },
    {
      name: 'digest-quiet-hours',
      about: 'What came in the quiet hours',
      message: digest(audit, watch, 'quiet-hours', 400),
      context: { ...context, reference: 'on-call.digest.20261120', gaps: [...seen.audit, ...seen.watch] },
    },
    {
      name: 'digest-of-a-run',
      about: 'One message for a run',
      message: digest(audit, watch, 'digest', 8),
      context: { ...withoutPage, reference: 'security.digest.20261120', gaps: gaps('/') },
    },
  ];
}

const resolved = (incident: IncidentMessage['incident'], now: string): IncidentMessage => ({
  kind: 'incident',
  event: 'resolved',
  incident: { ...incident, status: 'resolved', resolvedAt: now, resolvedBy: 'no refusal since' },
});

/** What a run could not see stands on everything that it tells. */
const unseen = (coverage: readonly (Omit<MessageGap, 'state'> & { readonly state: string })[]): readonly MessageGap[] =>
  coverage.flatMap(({ slice, scope, state, why, permission }) =>
    state === 'missing' || state === 'partial' ? [{ slice, scope, state, why, permission }] : [],
  );

function digest(audit: AuditReport, watch: WatchReport, because: DigestMessage['because'], max: number): DigestMessage {
  const all = [
    ...watch.incidents.map((one): DigestEntry => ({
      about: 'incident',
      id: one.id,
      event: 'opened',
      severity: one.severity,
      topic: one.causes[0]?.id ?? 'unexplained',
      title: `${one.principal.name} is refused by ${one.targets[0]?.split('/').at(-1) ?? one.service}`,
      scope: one.targets[0] ?? '/',
    })),
    ...audit.findings.map(entryOf),
  ].toSorted((one, other) => severities.indexOf(one.severity) - severities.indexOf(other.severity));
  const entries = all.slice(0, max);
  const bySeverity = Object.fromEntries(
    [...Map.groupBy(entries, ({ severity }) => severity)].map(([severity, ones]) => [severity, ones.length]),
  );
  return {
    kind: 'digest',
    because,
    entries,
    total: entries.length,
    byEvent: { opened: entries.length },
    bySeverity,
    from: '2026-11-19T21:00:00.000Z',
    to: '2026-11-20T05:00:00.000Z',
  };
}

const entryOf = ({ id, severity, rule, title, scope }: Finding): DigestEntry => ({
  about: 'finding',
  id,
  event: 'opened',
  severity,
  topic: rule,
  title,
  scope,
});

const gaps = (scope: string): MessageContext['gaps'] => [
  {
    slice: 'roleAssignments',
    scope: scope.split('/').slice(0, 3).join('/') || '/',
    state: 'missing',
    why: 'HTTP 403 AuthorizationFailed',
    permission: 'Microsoft.Authorization/roleAssignments/read',
  },
];

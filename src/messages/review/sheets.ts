import type { FindingLine, GapOfMonth, Review } from './review.ts';

export const sheetIds = [
  'coverage',
  'rules',
  'trend',
  'changes',
  'resolve-times',
  'grants',
  'identities',
  'orphans',
  'recreated',
  'incidents',
  'exceptions',
  'since',
  'controls',
] as const;
export type SheetId = (typeof sheetIds)[number];

/** One section as rows, complete. Rows are made as they are asked for. */
export interface ReviewSheet {
  readonly id: SheetId;
  readonly columns: readonly string[];
  readonly rows: () => Iterable<readonly string[]>;
}

export function sheetOf(review: Review, id: SheetId): ReviewSheet {
  const sheet = sheets[id];
  return { id, columns: sheet.columns, rows: () => sheet.rows(review) };
}

interface SheetSpec {
  readonly columns: readonly string[];
  readonly rows: (review: Review) => Iterable<readonly string[]>;
}

const sheets = {
  coverage: {
    columns: ['job', 'slice', 'scope', 'state', 'days', 'first', 'last', 'stands', 'why', 'permission'],
    *rows({ coverage }) {
      for (const [job, runs] of [
        ['audit', coverage.audits],
        ['watch', coverage.watches],
        ['watch-grants', coverage.grantWatches],
      ] as const) {
        for (const one of runs.daysWithout)
          yield [job, 'every slice', '/', 'no finished run', '1', one, one, '', `no ${job} finished on this day`, ''];
      }
      yield* coverage.gaps.map((gap) => gapRow('audit', gap));
      yield* coverage.watchGaps.map((gap) => gapRow('watch', gap));
    },
  },
  rules: {
    columns: ['rule', 'title', 'latest', 'audits that checked it', 'audits in which it was inconclusive', 'because'],
    rows: ({ coverage }) =>
      coverage.rules.map((rule) => [rule.id, rule.title, rule.latest, String(rule.checked), String(rule.inconclusive), rule.because]),
  },
  trend: {
    columns: ['day', 'critical', 'high', 'medium', 'low', 'info', 'new', 'resolved', 'reopened', 'accepted'],
    rows: ({ trend }) =>
      trend.map(({ day, open, ...turns }) => [
        day,
        ...[open.critical, open.high, open.medium, open.low, open.info, turns.new, turns.resolved, turns.reopened, turns.accepted].map(
          String,
        ),
      ]),
  },
  changes: {
    columns: ['change', 'at', 'severity', 'rule', 'title', 'scope', 'note', 'accepted until', 'reason', 'author', 'finding'],
    *rows({ changes }) {
      yield* changes.new.map((line) => changeRow('new', line));
      yield* changes.resolved.map((line) => changeRow('resolved', line));
      yield* changes.excluded.map((line) => changeRow('excluded by a setting', line));
      yield* changes.reopened.map((line) => changeRow('reopened', line));
      for (const line of changes.accepted) yield changeRow('accepted', line, [line.until, line.reason, line.author]);
    },
  },
  'resolve-times': {
    columns: ['severity', 'resolved', 'mean hours', 'median hours'],
    rows: ({ resolveTimes }) =>
      resolveTimes.map(({ severity, n, meanHours, medianHours }) => [severity, String(n), hours(meanHours), hours(medianHours)]),
  },
  grants: {
    columns: [
      'rank',
      'severity',
      'identity',
      'object id',
      'role',
      'scope',
      'scope level',
      'through group',
      'also held by',
      'resources reached',
      'allows',
      'question',
      'who can act as it',
      'of',
      'granted',
      'granted by',
      'next step',
      'command',
      'findings',
      'assignment',
    ],
    rows: ({ grantsToNarrow }) =>
      grantsToNarrow.map((grant) => [
        String(grant.rank),
        grant.severity,
        grant.identity.name,
        grant.identity.principalId,
        grant.role,
        grant.scope,
        grant.scopeLevel,
        grant.through,
        String(grant.sharedWith),
        count(grant.reach),
        grant.allows,
        grant.question,
        grant.actors.map(({ name, principalId, way, role, scope }) => `${name || principalId}: ${way} (${role} at ${scope})`).join('; '),
        String(grant.actorsTotal),
        grant.grantedAt,
        grant.grantedBy,
        grant.fix.text,
        grant.fix.cli,
        grant.findings.join(' '),
        grant.assignmentId,
      ]),
  },
  identities: {
    columns: [
      'identity',
      'kind',
      'object id',
      'client id',
      'resource',
      'hosts',
      'federated credentials',
      'who can act as it',
      'seen',
      'role',
      'role id',
      'scope',
      'scope level',
      'plane',
      'through group',
      'conditional',
      'granted',
      'granted by',
      'severity',
      'question',
      'assignment',
    ],
    *rows({ identities }) {
      for (const sheet of identities.sheets) {
        const who = [
          sheet.name,
          sheet.kind,
          sheet.principalId,
          sheet.clientId,
          sheet.resourceId,
          String(sheet.hosts),
          String(sheet.federatedCredentials),
          String(sheet.actors),
          sheet.seenAt,
        ];
        if (sheet.holdings.length === 0) yield [...who, 'none', ...noHolding];
        if (sheet.holdingsLeftOut > 0) yield [...who, `and ${sheet.holdingsLeftOut} more, not kept`, ...noHolding];
        for (const one of sheet.holdings) {
          yield [
            ...who,
            one.role,
            one.roleId,
            one.scope,
            one.scopeLevel,
            one.plane,
            one.through,
            one.conditional ? 'yes' : 'no',
            one.grantedAt,
            one.grantedBy,
            one.severity,
            one.question,
            one.id,
          ];
        }
      }
    },
  },
  orphans: {
    columns: [
      'severity',
      'principal',
      'name',
      'role',
      'scope',
      'proof',
      'confidence',
      'evidence',
      'since',
      'accepted',
      'not judged because',
      'fix',
      'finding',
    ],
    rows: ({ orphans }) =>
      orphans.map((one) => [
        one.severity,
        one.principalId,
        one.name,
        one.role,
        one.scope,
        one.proof,
        one.confidence,
        one.evidence,
        one.firstSeenAt,
        one.accepted ? 'yes' : 'no',
        one.unjudged,
        one.fix,
        one.findingId,
      ]),
  },
  recreated: {
    columns: ['severity', 'identity', 'object id', 'resource', 'what', 'message', 'since', 'status', 'fix', 'finding'],
    rows: ({ recreated }) =>
      recreated.map((one) => [
        one.severity,
        one.name,
        one.principalId,
        one.resourceId,
        one.title,
        one.message,
        one.firstSeenAt,
        one.status,
        one.fix,
        one.findingId,
      ]),
  },
  incidents: {
    columns: [
      'severity',
      'status',
      'kind',
      'who',
      'object id',
      'inferred',
      'service',
      'target',
      'targets',
      'cause',
      'confidence',
      'refused calls',
      'opened',
      'resolved',
      'hours',
      'resolved by',
      'incident',
    ],
    rows: ({ incidents }) =>
      incidents.list.map((one) => [
        one.severity,
        one.status,
        one.kind,
        one.who,
        one.principalId,
        one.inferred ? 'yes' : 'no',
        one.service,
        one.target,
        String(one.targets),
        one.cause,
        one.confidence,
        String(one.denials),
        one.openedAt,
        one.resolvedAt,
        hours(one.hours),
        one.resolvedBy,
        one.id,
      ]),
  },
  exceptions: {
    columns: ['until', 'days left', 'severity', 'rule', 'title', 'reason', 'author', 'still stands', 'finding'],
    rows: ({ exceptions }) =>
      exceptions.map((one) => [
        one.until,
        String(one.days),
        one.severity,
        one.rule,
        one.title,
        one.reason,
        one.author,
        one.stands ? 'yes' : 'no',
        one.findingId,
      ]),
  },
  since: {
    columns: ['figure', 'before', 'now'],
    rows: ({ since }) => since.lines.map(({ name, before, now }) => [name, count(before), String(now)]),
  },
  controls: {
    columns: ['control', 'state', 'open', 'accepted', 'critical', 'high', 'medium', 'low', 'info', 'rules', 'not assessed because'],
    rows: ({ controls }) =>
      controls.map(({ control, state, open, accepted, bySeverity, rules, because }) => [
        control,
        state,
        String(open),
        String(accepted),
        ...[bySeverity.critical, bySeverity.high, bySeverity.medium, bySeverity.low, bySeverity.info].map((one = 0) => String(one)),
        rules.join(' '),
        because,
      ]),
  },
} satisfies Record<SheetId, SheetSpec>;

const noHolding = Array.from({ length: 11 }, () => '');

const gapRow = (job: string, { slice, scope, state, days, firstAt, lastAt, stands, why, permission }: GapOfMonth): readonly string[] => [
  job,
  slice,
  scope,
  state,
  String(days),
  firstAt,
  lastAt,
  stands ? 'yes' : 'no',
  why,
  permission,
];

const changeRow = (change: string, line: FindingLine, acceptance: readonly string[] = ['', '', '']): readonly string[] => [
  change,
  line.at,
  line.severity,
  line.rule,
  line.title,
  line.scope,
  line.note,
  ...acceptance,
  line.id,
];

/** Negative: not known. */
const count = (value: number): string => (value < 0 ? '' : String(value));
const hours = count;

import type { Finding } from '../../findings/index.ts';
import { severities, type PrincipalRef } from '../../rules/index.ts';
import { shortId } from '../find-finding.ts';
import { shortScope, type SubscriptionNames } from './short-scope.ts';
import type { Sheet } from './sheet.ts';

/** Worst first, what is new before what is known, then by rule and id so that two runs print alike. */
export function inReadingOrder<One extends Finding>(findings: readonly One[]): readonly One[] {
  const rank = ({ severity, status }: Finding): number => severities.indexOf(severity) * statuses.length + statuses.indexOf(status);
  return findings.toSorted((one, other) => rank(one) - rank(other) || compare(one.rule, other.rule) || compare(one.id, other.id));
}

/** For eyes: ids shortened to what `show` accepts; the status only where it differs. */
export function findingTable(findings: readonly Finding[], names?: SubscriptionNames): Sheet {
  const mixed = new Set(findings.map(({ status }) => status)).size > 1;
  const columns: readonly (Sheet['columns'][number] & { readonly cell: (one: Finding) => string })[] = [
    { title: 'severity', share: 0, cell: ({ severity }) => severity },
    ...(mixed ? [{ title: 'status', share: 0, cell: ({ status }: Finding) => status }] : []),
    { title: 'what', share: 6, cell: ({ title }) => title },
    { title: 'who', share: 3, cell: ({ principal }) => whoIs(principal) },
    { title: 'where', share: 4, cell: ({ scope }) => shortScope(scope, names) },
    { title: 'rule', share: 3, cell: ({ rule }) => rule },
    { title: 'id', share: 0, cell: ({ id }) => shortId(id) },
  ];
  return { columns, rows: findings.map((one) => columns.map(({ cell }) => cell(one))) };
}

/** For spreadsheets and Markdown: full ids, the first fix as a command. */
export function findingList(findings: readonly Finding[]): Sheet {
  const titles = [
    'id',
    'severity',
    'confidence',
    'status',
    'rule',
    'title',
    'principal',
    'principalKind',
    'principalId',
    'role',
    'scope',
    'subject',
    'proof',
    'message',
    'fix',
    'firstSeenAt',
    'lastSeenAt',
  ];
  return {
    columns: titles.map((title) => ({ title, share: 1 })),
    rows: findings.map((one) => [
      one.id,
      one.severity,
      one.confidence,
      one.status,
      one.rule,
      one.title,
      one.principal.name,
      one.principal.kind,
      one.principal.id,
      one.role.name,
      one.scope,
      one.subject,
      one.proof,
      one.message,
      one.fix.map((step) => step.cli ?? step.text)[0] ?? '',
      one.firstSeenAt,
      one.lastSeenAt,
    ]),
  };
}

export function whoIs(principal: PrincipalRef): string {
  if (principal.name !== '') return principal.name;
  return principal.id === '' ? '—' : `${principal.id.slice(0, 8)}… (${principal.kind})`;
}

const statuses = ['new', 'reopened', 'open', 'accepted', 'resolved'] as const;
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

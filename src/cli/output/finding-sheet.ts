import type { Finding } from '../../findings/index.ts';
import { severities, type PrincipalRef } from '../../rules/index.ts';
import { shortId } from '../find-finding.ts';
import { shortScope } from './short-scope.ts';
import type { Sheet } from './sheet.ts';

/** Worst first, what is new before what is known, then by rule and id so that two runs print alike. */
export function inReadingOrder<One extends Finding>(findings: readonly One[]): readonly One[] {
  const rank = ({ severity, status }: Finding): number => severities.indexOf(severity) * statuses.length + statuses.indexOf(status);
  return findings.toSorted((one, other) => rank(one) - rank(other) || compare(one.rule, other.rule) || compare(one.id, other.id));
}

/** For eyes: six columns, ids shortened to what `show` accepts. */
export function findingTable(findings: readonly Finding[]): Sheet {
  return {
    columns: [
      { title: 'severity', share: 0 },
      { title: 'status', share: 0 },
      { title: 'what', share: 5 },
      { title: 'who', share: 3 },
      { title: 'where', share: 4 },
      { title: 'rule', share: 3 },
      { title: 'id', share: 0 },
    ],
    rows: findings.map((one) => [one.severity, one.status, one.title, whoIs(one.principal), shortScope(one.scope), one.rule, shortId(one.id)]),
  };
}

/** For spreadsheets and Markdown: full ids, the first fix as a command. */
export function findingList(findings: readonly Finding[]): Sheet {
  const titles = [
    'id', 'severity', 'confidence', 'status', 'rule', 'title', 'principal', 'principalKind', 'principalId', 'role', 'scope', 'subject', 'proof',
    'message', 'fix', 'firstSeenAt', 'lastSeenAt',
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

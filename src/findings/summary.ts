import { severities } from '../rules/index.ts';
import type { StoredFinding } from './finding.ts';
import type { Summary } from './run.ts';

/** What a run has to say, counted. */
export function summarise(findings: readonly StoredFinding[], excluded: number): Summary {
  const bySeverity = noneBySeverity();
  const byRule: Record<string, number> = {};
  const counts = { new: 0, open: 0, reopened: 0, accepted: 0, resolved: 0, unjudged: 0 };
  for (const { status, severity, rule, resolvedBy, unjudged } of findings) {
    if (status !== 'resolved' || resolvedBy === 'fixed') counts[status]++;
    if (unjudged !== undefined) counts.unjudged++;
    if (status === 'resolved' || status === 'accepted') continue;
    bySeverity[severity] = (bySeverity[severity] ?? 0) + 1;
    byRule[rule] = (byRule[rule] ?? 0) + 1;
  }
  const { open: _open, ...summary } = counts;
  return { bySeverity, byRule: byName(byRule), ...summary, excluded };
}

/** The counts of pieces that have no finding in common. */
export function mergeSummaries(pieces: Iterable<Summary>): Summary {
  const bySeverity = noneBySeverity();
  const byRule: Record<string, number> = {};
  const counts = { new: 0, reopened: 0, accepted: 0, resolved: 0, unjudged: 0, excluded: 0 };
  for (const piece of pieces) {
    for (const [severity, count] of Object.entries(piece.bySeverity)) bySeverity[severity] = (bySeverity[severity] ?? 0) + count;
    for (const [rule, count] of Object.entries(piece.byRule)) byRule[rule] = (byRule[rule] ?? 0) + count;
    for (const what of ['new', 'reopened', 'accepted', 'resolved', 'unjudged', 'excluded'] as const) counts[what] += piece[what] ?? 0;
  }
  return { bySeverity, byRule: byName(byRule), ...counts };
}

const noneBySeverity = (): Record<string, number> => Object.fromEntries(severities.map((severity) => [severity, 0]));

/** In one order, so that the same numbers make the same row. */
const byName = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));

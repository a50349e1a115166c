import type { Exception, HistoryEntry, StoredFinding } from '../../findings/index.ts';
import { severities, type Severity } from '../../rules/index.ts';
import { hoursBetween, within } from './period.ts';
import type { AcceptedLine, FindingLine, Period, ResolveTime, ReviewChanges } from './review.ts';

export interface Turns {
  readonly changes: ReviewChanges;
  readonly resolveTimes: readonly ResolveTime[];
}

/** What became of findings within the period, by their history: entry by entry, so that what came and went within it counts both ways. */
export function turnsOf(
  findings: readonly StoredFinding[],
  history: ReadonlyMap<string, readonly HistoryEntry[]>,
  exceptions: readonly Exception[],
  period: Period,
): Turns {
  const lines = {
    new: [] as FindingLine[],
    resolved: [] as FindingLine[],
    excluded: [] as FindingLine[],
    reopened: [] as FindingLine[],
    accepted: [] as AcceptedLine[],
  };
  const hours = new Map<Severity, number[]>();
  const exceptionsOf = Map.groupBy(exceptions, ({ findingId }) => findingId);
  for (const finding of findings) {
    let openedAt = finding.firstSeenAt;
    for (const entry of history.get(finding.id) ?? []) {
      // A line whose revision the finding has not reached never happened: its run died there.
      if (entry.revision > finding.revision) continue;
      if (entry.kind === 'opened' || entry.kind === 'reopened') openedAt = entry.at;
      if (!within(period, entry.at)) continue;
      const line = lineOf(finding, entry);
      switch (entry.kind) {
        case 'opened':
          lines.new.push(line);
          break;
        case 'reopened':
          lines.reopened.push(line);
          break;
        case 'resolved':
          if (wasExcluded(finding, entry)) lines.excluded.push(line);
          else {
            lines.resolved.push(line);
            hours.set(finding.severity, [...(hours.get(finding.severity) ?? []), hoursBetween(openedAt, entry.at)]);
          }
          break;
        case 'accepted':
          lines.accepted.push(acceptedLine(line, entry, exceptionsOf.get(finding.id) ?? []));
          break;
        case 'unaccepted':
        case 'acceptance-expired':
        case 'severity-changed':
          break;
      }
    }
  }
  return {
    changes: {
      new: lines.new.toSorted(worstFirst),
      resolved: lines.resolved.toSorted(worstFirst),
      excluded: lines.excluded.toSorted(worstFirst),
      reopened: lines.reopened.toSorted(worstFirst),
      accepted: lines.accepted.toSorted(worstFirst),
    },
    resolveTimes: severities.map((severity) => ({ severity, ...statistics(hours.get(severity) ?? []) })),
  };
}

/** `-1` where there is nothing to take a mean of. */
export function statistics(hours: readonly number[]): { readonly n: number; readonly meanHours: number; readonly medianHours: number } {
  if (hours.length === 0) return { n: 0, meanHours: -1, medianHours: -1 };
  const sorted = hours.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return { n: hours.length, meanHours: tenth(hours.reduce((sum, one) => sum + one, 0) / hours.length), medianHours: tenth(median) };
}

const tenth = (value: number): number => Math.round(value * 10) / 10;

const lineOf = ({ id, rule, severity, title, scope }: StoredFinding, { at, note }: HistoryEntry): FindingLine => ({
  id,
  rule,
  severity,
  title,
  scope,
  at,
  note,
});

/** The latest turn stands on the finding itself; an earlier one only in the words that `advance` wrote. */
const wasExcluded = (finding: StoredFinding, { at, note }: HistoryEntry): boolean =>
  finding.resolvedAt === at ? finding.resolvedBy === 'excluded' : note.startsWith('hidden by the setting');

function acceptedLine(line: FindingLine, { at, author = '' }: HistoryEntry, exceptions: readonly Exception[]): AcceptedLine {
  const made = exceptions
    .filter(({ createdAt }) => Date.parse(createdAt) <= Date.parse(at))
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0];
  return { ...line, until: made?.until ?? '', reason: made?.reason ?? line.note, author: made?.author ?? author };
}

const worstFirst = (a: FindingLine, b: FindingLine): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.at < b.at ? -1 : Number(a.at > b.at)) || (a.id < b.id ? -1 : 1);

import { resourceKey } from '../estate/index.ts';
import { ruleOfFinding, type HistoryEntry, type StoredFinding } from '../findings/index.ts';
import type { FindingFilter, Range, RecordTable, Outbox, ReviewStore, Store, WatchStore } from '../ports/index.ts';
import { applyAcceptance, applyChanges } from './apply-changes.ts';
import {
  exceptionPartition,
  findingPartition,
  findingPartitions,
  historyPartition,
  historyRows,
  keyText,
  sightingPartition,
} from './keys.ts';
import { leaseHolder, takeLease, type LeaseClock } from './lease.ts';
import { oddRows, type OddRows } from './odd-rows.ts';
import { openOutbox } from './outbox-rows.ts';
import { readKnown } from './read-known.ts';
import { reviewRows } from './review-rows.ts';
import { kinds } from './row-kinds.ts';
import { beginRun, latestRuns, pointAt, putRun, readRun } from './runs.ts';
import { seenAt } from './sighting.ts';
import { queryIncidents, readIncident, readWatch, writeWatch } from './watch-rows.ts';

/** The mapping of the auditor's words to rows, over whichever table holds them. */
export function openStore(table: RecordTable, clock: LeaseClock): Store & WatchStore & ReviewStore & Outbox {
  const odd = oddRows();
  return {
    lease: (name, holder, seconds) => takeLease(table, name, holder, seconds, clock),
    leaseHolder: (name) => leaseHolder(table, name, clock),
    beginRun: (job, now, tenantId) => beginRun(table, odd, job, now, tenantId),
    known: (runId) => readKnown(table, odd, runId),
    async apply(runId, changes, notices) {
      const run = await readRun(table, odd, runId);
      if (run === undefined) throw new Error(`Run ${runId} was never begun in this store.`);
      await pointAt(table, run, true);
      await applyChanges(table, odd, changes, notices);
    },
    finishRun: (run) => putRun(table, run),
    findings: (filter) => queryFindings(table, odd, filter),
    finding: (id) => readFinding(table, odd, id),
    saveException: (exceptions, changed) => applyAcceptance(table, exceptions, changed),
    exceptions: () => collect(table, { partition: exceptionPartition }, (row) => odd.read(kinds.exception, row)),
    watchState: () => readWatch(table, odd),
    saveWatch: (state, notices) => writeWatch(table, odd, state, notices),
    incidents: (filter) => queryIncidents(table, odd, filter),
    incident: (id) => readIncident(table, odd, id),
    runs: (limit) => latestRuns(table, odd, limit),
    ...reviewRows(table, odd),
    ...openOutbox(table, odd),
    notes: () => odd.notes(),
    calls: () => table.calls(),
    close: () => table.close(),
  };
}

async function* queryFindings(table: RecordTable, odd: OddRows, filter: FindingFilter): AsyncIterable<StoredFinding> {
  const checkedAt = await readCheckedAt(table, odd);
  const wanted = matcher(filter);
  // A rule is a partition, so a filter by rule reads no other rows.
  const ranges: readonly Range[] = filter.rule?.toSorted().map((rule) => ({ partition: findingPartition(rule) })) ?? [findingPartitions];
  for (const range of ranges) {
    for await (const row of table.list(range)) {
      const finding = odd.read(kinds.finding, row);
      if (finding !== undefined && wanted(finding)) yield seenAt(finding, checkedAt);
    }
  }
}

function matcher({ status, severity, principal, scope, since }: FindingFilter): (finding: StoredFinding) => boolean {
  const area = scope === undefined ? undefined : resourceKey(scope);
  const who = principal?.toLowerCase();
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  return (finding) => {
    if (status !== undefined && !status.includes(finding.status)) return false;
    if (severity !== undefined && !severity.includes(finding.severity)) return false;
    if (who !== undefined && ![finding.principal.id, finding.principal.resourceId].some((id) => id.toLowerCase() === who)) return false;
    if (area !== undefined && !isBelow(resourceKey(finding.scope), area)) return false;
    return Date.parse(finding.changedAt) >= sinceMs;
  };
}

/** By the text of the ids: the store does not know which subscriptions a management group holds. */
const isBelow = (scope: string, area: string): boolean => area === '/' || scope === area || scope.startsWith(`${area}/`);

async function readFinding(table: RecordTable, odd: OddRows, id: string): ReturnType<Store['finding']> {
  const rule = ruleOfFinding(id);
  if (rule === undefined) return undefined;
  const row = await table.get(findingPartition(rule), keyText(id));
  const finding = row && odd.read(kinds.finding, row);
  if (finding === undefined) return undefined;
  const entries: readonly HistoryEntry[] = await collect(table, { partition: historyPartition(rule), ...historyRows(id) }, (each) =>
    odd.read(kinds.history, each),
  );
  const history = entries.filter(({ revision }) => revision <= finding.revision);
  return { finding: seenAt(finding, await readCheckedAt(table, odd)), history };
}

async function readCheckedAt(table: RecordTable, odd: OddRows): Promise<Readonly<Record<string, string>>> {
  const row = await table.get(sightingPartition, 'sighting');
  return (row && odd.read(kinds.sighting, row)?.checkedAt) ?? {};
}

async function collect<Value>(
  table: RecordTable,
  range: Range,
  read: (row: Parameters<OddRows['read']>[1]) => Value | undefined,
): Promise<Value[]> {
  const values: Value[] = [];
  for await (const row of table.list(range)) {
    const value = read(row);
    if (value !== undefined) values.push(value);
  }
  return values;
}

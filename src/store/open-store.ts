import { ruleOfFinding, type HistoryEntry, type StoredFinding } from '../findings/index.ts';
import type {
  Checkpoints,
  FindingCount,
  FindingFilter,
  Outbox,
  PartStore,
  QuotaBudget,
  Range,
  RecordTable,
  ReviewStore,
  Store,
  WatchStore,
} from '../ports/index.ts';
import { applyAcceptance, applyChanges, applyPart } from './apply-changes.ts';
import { checkpointRows, forgetStrays } from './checkpoint-rows.ts';
import {
  exceptionPartition,
  findingPartition,
  findingPartitions,
  historyPartition,
  historyRows,
  keyText,
  sightingPartition,
} from './keys.ts';
import { findAllPage, findPage } from './find-page.ts';
import { readCounts } from './finding-counts.ts';
import { matcher } from './finding-filter.ts';
import { readGrants, writeGrants } from './grant-rows.ts';
import { incidentPage } from './incident-page.ts';
import { indexState } from './index-state.ts';
import { identitySheets, inventoryPage, saveInventory } from './inventory-rows.ts';
import { leaseHolder, takeLease, type LeaseClock } from './lease.ts';
import { oddRows, type OddRows } from './odd-rows.ts';
import { openOutbox } from './outbox-rows.ts';
import { quotaRows } from './quota-rows.ts';
import { readKnown, readKnownAround, readKnownFindings } from './read-known.ts';
import { reviewRows } from './review-rows.ts';
import { kinds } from './row-kinds.ts';
import { beginRun, latestRuns, pointAt, putRun, readRun } from './runs.ts';
import { seenAt } from './sighting.ts';
import { prune } from './prune.ts';
import { readTrend, recordAudit, recordStanding } from './trend.ts';
import { mend } from './write-findings.ts';
import { keptNames } from './subscription-names.ts';
import { queryIncidents, readIncident, readWatch, writeWatch } from './watch-rows.ts';

/** The mapping of the auditor's words to rows, over whichever table holds them. */
export function openStore(
  table: RecordTable,
  clock: LeaseClock,
): Store & WatchStore & ReviewStore & Outbox & PartStore & Checkpoints & QuotaBudget {
  const odd = oddRows();
  const index = indexState(table, odd);
  const beforeWriting = async (runId: string): Promise<void> => {
    const run = await readRun(table, odd, runId);
    if (run === undefined) throw new Error(`Run ${runId} was never begun in this store.`);
    await pointAt(table, run, true);
    await index.ensure();
  };
  return {
    lease: (name, holder, seconds) => takeLease(table, name, holder, seconds, clock),
    leaseHolder: (name) => leaseHolder(table, name, clock),
    beginRun: (job, now, tenantId) => beginRun(table, odd, job, now, tenantId),
    known: (runId) => readKnown(table, odd, runId),
    async apply(runId, changes, notices) {
      await beforeWriting(runId);
      await applyChanges(table, odd, changes, notices);
    },
    run: (runId) => readRun(table, odd, runId),
    knownAround: (runId) => readKnownAround(table, odd, runId),
    knownFindings: (of) => readKnownFindings(table, odd, of),
    async applyPart(runId, changes, notices) {
      await beforeWriting(runId);
      await applyPart(table, odd, changes, notices);
    },
    async finishRun(run) {
      await recordAudit(table, run);
      // Without an index each pass would have to read all findings to count them.
      if (run.job !== 'audit' && (await index.isWhole())) await recordStanding(table, run, () => readCounts(table, odd));
      await putRun(table, run);
    },
    findings: (filter) => queryFindings(table, odd, filter),
    async findingPage(query) {
      // A store of an older version is read whole until the next audit has built its index.
      const page = (await index.isWhole())
        ? await findPage(table, odd, query)
        : await findAllPage(table, queryFindings(table, odd, query.filter), query);
      const checkedAt = page.items.length === 0 ? {} : await readCheckedAt(table, odd);
      return { ...page, items: page.items.map((finding) => seenAt(finding, checkedAt)), roundTrips: page.roundTrips + 1 };
    },
    countFindings: async () => ((await index.isWhole()) ? readCounts(table, odd) : countAll(queryFindings(table, odd, {}))),
    finding: (id) => readFinding(table, odd, id),
    saveException: (exceptions, changed) => applyAcceptance(table, odd, exceptions, changed),
    exceptions: () => collect(table, { partition: exceptionPartition }, (row) => odd.read(kinds.exception, row)),
    watchState: () => readWatch(table, odd),
    saveWatch: (state, notices) => writeWatch(table, odd, state, notices),
    grantState: () => readGrants(table, odd),
    saveGrants: (state) => writeGrants(table, state),
    incidents: (filter) => queryIncidents(table, odd, filter),
    incidentPage: (query) => incidentPage(table, odd, query),
    incident: (id) => readIncident(table, odd, id),
    async runs(limit, job) {
      if (job === undefined || (await index.isWhole())) return latestRuns(table, odd, limit, job);
      return (await latestRuns(table, odd, runsMax)).filter((run) => run.job === job).slice(0, limit);
    },
    trend: ({ from, to }) => readTrend(table, odd, from, to),
    settle: (findingId) => mend(table, odd, findingId),
    saveInventory: (seen) => saveInventory(table, odd, seen),
    inventory: (query) => inventoryPage(table, odd, query),
    identitySheets: (whoever) => identitySheets(table, odd, whoever),
    async prune(before) {
      await index.ensure();
      await forgetStrays(table);
      return prune(table, odd, before);
    },
    ...reviewRows(table, odd),
    ...openOutbox(table, odd),
    ...checkpointRows(table, clock),
    ...quotaRows(table, clock),
    ...keptNames(table, odd),
    notes: () => odd.notes(),
    calls: () => table.calls(),
    close: () => table.close(),
  };
}

/** Before the index is built, runs of one job are looked for among all. */
const runsMax = 20_000;

async function countAll(findings: AsyncIterable<StoredFinding>): Promise<readonly FindingCount[]> {
  const counts = new Map<string, FindingCount>();
  for await (const { rule, status, severity } of findings) {
    const key = `${rule} ${status} ${severity}`;
    counts.set(key, { rule, status, severity, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
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

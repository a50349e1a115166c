import { findingId, type StoredFinding } from '../../src/findings/index.ts';
import type { FindingFilter, FindingSort, RecordTable, Store } from '../../src/ports/index.ts';
import { severities } from '../../src/rules/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import { startAzurite } from '../../test/contracts/azurite.ts';
import { measurement, round, type Measurement } from './result.ts';

/** A tenant that nobody has: everything below is asked of so many stored findings. Azurite holds its tables in this process's memory, and gets fewer. */
const sqliteFindings = 200_000;
const azuriteFindings = 20_000;
const pageSize = 50;

const statuses = ['open', 'resolved', 'accepted', 'new', 'reopened'] as const;
const rulesCount = 25;
const subscriptions = 200;

/** The first page of findings, filtered, against the first page without a filter and against a raw page of the same size. */
export async function storeQueries(progress: (line: string) => void): Promise<readonly Measurement[]> {
  return [...(await onSqlite(progress)), ...(await onAzurite(progress))];
}

/** In memory: this is about calls and order, not about the disk of whoever runs it. */
async function onSqlite(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const table = openSqliteTable();
  const measured = await measuredOn(table, 'SQLite', sqliteFindings, progress);
  await table.close();
  return measured;
}

async function onAzurite(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const azurite = await startAzurite();
  try {
    return await measuredOn(await azurite.table('bench'), 'Azurite', azuriteFindings, progress);
  } finally {
    await azurite.stop();
  }
}

const questions: Readonly<Record<string, { readonly filter: FindingFilter; readonly sort?: FindingSort }>> = {
  'by last change': { filter: {}, sort: 'changed' },
  status: { filter: { status: ['accepted'] } },
  'all but resolved': { filter: { status: ['new', 'open', 'reopened', 'accepted'] } },
  severity: { filter: { severity: ['medium'] } },
  rule: { filter: { rule: ['rule-7'] } },
  principal: { filter: { principal: principalOf(4_321) } },
  'scope and below': { filter: { scope: `${subscriptionOf(17)}/resourceGroups/rg-3` } },
  subscription: { filter: { subscription: [subscriptionOf(17).slice('/subscriptions/'.length)] } },
  'resource group': { filter: { resourceGroup: ['rg-3'] } },
  tag: { filter: { tag: 'application=app-77' } },
  since: { filter: { since: '2026-11-01T00:00:00Z' } },
  'status and severity': { filter: { status: ['open'], severity: ['low'] } },
  'status and rule': { filter: { status: ['open'], rule: ['rule-7'] } },
  'status and subscription': { filter: { status: ['open'], subscription: [subscriptionOf(17).slice('/subscriptions/'.length)] } },
  'severity and rule': { filter: { severity: ['high'], rule: ['rule-7'] } },
};

async function measuredOn(
  table: RecordTable,
  where: string,
  count: number,
  progress: (line: string) => void,
): Promise<readonly Measurement[]> {
  const store = openStore(table, { nowMs: Date.now });
  progress(`${where}: writing ${count} findings`);
  const began = performance.now();
  const written = await fill(store, table, count);
  const writeSeconds = (performance.now() - began) / 1000;

  const plain = await asked(store, { filter: {} });
  const others = new Map<string, Asked>();
  for (const [name, question] of Object.entries(questions)) {
    progress(`${where}: ${name}`);
    others.set(name, await asked(store, question));
  }
  progress(`${where}: raw pages`);
  const rawMs = await p95(
    async () => void (await drained(table.list({ partitionFrom: 'known.finding.', partitionTo: 'known.finding.~', rowsMax: pageSize }))),
  );
  const [worstName, worst] = [...others].toSorted(([, a], [, b]) => b.roundTrips - a.roundTrips)[0]!;
  const [slowName, slow] = [...others].toSorted(([, a], [, b]) => b.ms - a.ms)[0]!;
  const counting = table.calls();
  const total = (await store.countFindings()).reduce((sum, each) => sum + each.count, 0);
  const detail = { findings: count, rowsWritten: written.rows, writeCalls: written.calls, writeSeconds: round(writeSeconds) };
  return [
    measurement(
      `${where}: storage calls of the first page, the worst filter (${worstName}) over no filter`,
      worst.roundTrips / plain.roundTrips,
      '×',
      { ...detail, plain: plain.roundTrips, ...Object.fromEntries([...others].map(([name, each]) => [name, each.roundTrips])) },
      3,
    ),
    measurement(
      `${where}: p95 of the first page without a filter over a raw page of the same size`,
      plain.ms / rawMs,
      '×',
      { pageMs: round(plain.ms), rawMs: round(rawMs) },
      where === 'Azurite' ? 3 : undefined,
    ),
    measurement(`${where}: p95 of the first page, the slowest filter (${slowName}) over a raw page`, slow.ms / rawMs, '×', {
      rawMs: round(rawMs),
      ...Object.fromEntries([...others].map(([name, each]) => [`${name} ms`, round(each.ms)])),
    }),
    measurement(`${where}: storage calls to count ${total} findings`, table.calls() - counting, 'calls', { counted: total }, 3),
  ];
}

interface Asked {
  readonly roundTrips: number;
  readonly ms: number;
}

async function asked(store: Store, question: { readonly filter: FindingFilter; readonly sort?: FindingSort }): Promise<Asked> {
  const page = await store.findingPage({ ...question, limit: pageSize });
  if (page.items.length === 0) throw new Error(`Nothing answers ${JSON.stringify(question)}: the bench asks in vain.`);
  return { roundTrips: page.roundTrips, ms: await p95(async () => void (await store.findingPage({ ...question, limit: pageSize }))) };
}

const timesAsked = 20;

async function p95(work: () => Promise<void>): Promise<number> {
  const times: number[] = [];
  for (let time = 0; time < timesAsked; time++) {
    const began = performance.now();
    await work();
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(timesAsked * 0.95) - 1]!;
}

async function drained(rows: AsyncIterable<{ readonly row: string }>): Promise<number> {
  let chars = 0;
  for await (const { row } of rows) chars += row.length;
  return chars;
}

const atOnce = 10_000;

async function fill(store: Store, table: RecordTable, count: number): Promise<{ readonly calls: number; readonly rows: number }> {
  const run = await store.beginRun('watch', '2026-11-20T08:00:00Z', 'bench');
  const before = table.calls();
  for (let from = 0; from < count; from += atOnce) {
    const findings = Array.from({ length: Math.min(atOnce, count - from) }, (_, at) => finding(from + at));
    await store.apply(run.id, { findings, history: [], exceptions: [] });
  }
  // All, by time, by status, rule, principal twice, three scopes, group, two lists of one tag, and the finding itself.
  return { calls: table.calls() - before, rows: count * 13 };
}

function finding(at: number): StoredFinding {
  const rule = `rule-${at % rulesCount}`;
  // Of 20 findings 12 are open and 5 resolved, wherever they are.
  const draw = ((at * 7_919) % 10_007) % 20;
  const status = statuses[draw < 12 ? 0 : draw < 17 ? 1 : draw - 15]!;
  const group = `${subscriptionOf(at % subscriptions)}/resourceGroups/rg-${Math.floor(at / subscriptions) % 10}`;
  const scope = `${group}/providers/Microsoft.KeyVault/vaults/kv-${at % 997}`;
  const changedAt = new Date(Date.parse('2026-11-20T08:00:00Z') - (at % 40_000) * 600_000).toISOString();
  return {
    id: findingId(rule, `/thing/${at}`),
    rule,
    severity: severities[at % 100 === 0 ? 0 : 1 + (at % 4)]!,
    confidence: 'certain',
    status,
    subject: `/thing/${at}`,
    principal: {
      id: principalOf(at % 20_000),
      kind: 'user-assigned',
      name: `id-${at % 20_000}`,
      resourceId: `/home/${at % 20_000}`,
      clientId: '',
    },
    proof: '',
    role: { id: 'b24988ac-6180-42a0-ab88-20f7382dd24c', name: 'Contributor' },
    scope,
    title: `id-${at % 20_000} may change everything in ${group}`,
    message: `It holds Contributor there, since ${changedAt}. ${'What that allows is said at some length here. '.repeat(8)}`,
    evidence: [{ label: 'grant', value: `${scope}/providers/Microsoft.Authorization/roleAssignments/${at}`, source: 'resource-graph' }],
    fix: [{ text: 'Delete the assignment.', cli: `az role assignment delete --ids '${scope}/${at}'` }],
    related: [scope],
    controls: ['CIS 6.0.0 5.3.4', 'MCSB PA-7'],
    firstSeenAt: changedAt,
    lastSeenAt: changedAt,
    firstSeenRunId: 'r',
    statusRunId: 'r',
    revision: 1,
    changedAt,
    tags: { application: `app-${at % 300}` },
    ...(status === 'resolved' ? { resolvedAt: changedAt, resolvedBy: 'fixed' as const } : {}),
  };
}

function principalOf(at: number): string {
  return `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
}

function subscriptionOf(at: number): string {
  return `/subscriptions/11111111-0000-4000-8000-${String(at).padStart(12, '0')}`;
}

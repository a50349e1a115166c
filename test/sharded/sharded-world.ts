import { readSettings } from '../../src/config/index.ts';
import { subscriptionOf, type Estate, type ResourceKey } from '../../src/estate/index.ts';
import { noCalls } from '../../src/findings/index.ts';
import { auditEstate } from '../../src/jobs/audit-estate.ts';
import { performPiece } from '../../src/jobs/sharded/perform-piece.ts';
import { planAudit } from '../../src/jobs/sharded/plan-audit.ts';
import type { ShardedRequest } from '../../src/jobs/sharded/sharded-request.ts';
import type { EstateRows, RecordTable, Row, RowsAbout, ShardedSource, ShardMessage } from '../../src/ports/index.ts';
import { rules } from '../../src/rules/index.ts';
import { openStore } from '../../src/store/index.ts';

/** A source that hands out a given estate, whole or in pieces. */
export function piecesOf(estate: Estate): ShardedSource & { collect(): Promise<{ estate: Estate; calls: typeof noCalls }> } {
  const idOf = (key: ResourceKey): string => subscriptionOf(key)?.slice('/subscriptions/'.length) ?? '';
  const rows = (wanted: (subscription: string, isPolicy: boolean) => boolean): EstateRows => {
    const of = <Item extends { readonly key: ResourceKey }>(items: readonly Item[], isPolicy: boolean): readonly Item[] =>
      items.filter(({ key }) => wanted(idOf(key), isPolicy));
    return {
      assignments: of(estate.assignments, false),
      identities: of(estate.identities, false),
      hosts: of(estate.hosts, false),
      policyAssignments: of(estate.policyAssignments, true),
      vaults: of(estate.vaults, false),
      clusters: of(estate.clusters, false),
      workspaces: of(estate.workspaces, false),
    };
  };
  const about: RowsAbout = { resourceGaps: [], policyGaps: [], assignmentGaps: [], roleDefinitionIds: [], calls: noCalls };
  return {
    collect: async () => ({ estate, calls: noCalls }),
    async count() {
      const counts = new Map<string, { assignments: number; resources: number }>();
      const add = (key: ResourceKey, what: 'assignments' | 'resources'): void => {
        const id = idOf(key);
        if (id === '') return;
        const known = counts.get(id) ?? { assignments: 0, resources: 0 };
        counts.set(id, { ...known, [what]: known[what] + 1 });
      };
      for (const { key } of estate.assignments) add(key, 'assignments');
      for (const { key } of [...estate.identities, ...estate.hosts, ...estate.vaults]) add(key, 'resources');
      return { whole: true, counts: [...counts].map(([subscription, count]) => ({ subscription, ...count })) };
    },
    collectIn: async (subscriptions) => ({ rows: rows((id, isPolicy) => !isPolicy && id !== '' && subscriptions.includes(id)), about }),
    collectAbove: async () => ({ rows: rows((id, isPolicy) => isPolicy || id === ''), about }),
    async collectFacts({ collected }) {
      // As the real one does, it reads all there is.
      for await (const _ of collected.assignments());
      for await (const _ of collected.resources());
      const none = { assignments: [], identities: [], hosts: [], policyAssignments: [], vaults: [], clusters: [], workspaces: [] };
      return { estate: { ...estate, ...none }, calls: noCalls };
    },
  };
}

/** Messages of an audit, to be taken in any order. Times are in milliseconds of a clock that the test moves. */
export function messageBox() {
  const waiting: ShardMessage[] = [];
  return {
    waiting,
    async send(messages: readonly ShardMessage[]) {
      waiting.push(...messages);
    },
  };
}

export interface Stage {
  readonly table: RecordTable;
  readonly source: ShardedSource;
  readonly queue: ReturnType<typeof messageBox>;
  readonly at: string;
  readonly clock: { ms: number };
  readonly shardRows?: number;
  readonly endsAfterMs?: number;
}

const read = readSettings({});
if (!('settings' in read)) throw new Error('the defaults are no settings');
const { settings } = read;

let names = 0;

export const shardedRequest = ({ table, source, queue, at, clock, shardRows = 3, endsAfterMs = 60_000 }: Stage): ShardedRequest => ({
  source,
  store: openStore(table, { nowMs: () => clock.ms }),
  queue,
  settings: { ...settings, shardRows },
  rules,
  now: () => at,
  nowMs: () => clock.ms,
  endsMs: clock.ms + endsAfterMs,
  holder: `test-${(names += 1)}`,
  newName: () => `n${(names += 1)}`,
  progress: () => {},
});

/** Plans an audit and takes its messages in order until none is left. */
export async function auditSharded(stage: Stage): Promise<void> {
  const way = await planAudit(shardedRequest(stage));
  if (way.kind !== 'shards') throw new Error('The audit was not cut into shards.');
  await takeAll(stage);
}

export async function takeAll(stage: Stage): Promise<void> {
  for (let taken = 0; stage.queue.waiting.length > 0; taken++) {
    if (taken > 500) throw new Error('The messages do not end.');
    await performPiece(shardedRequest(stage), stage.queue.waiting.shift());
  }
}

export async function auditWhole({ table, at, clock }: Pick<Stage, 'table' | 'at' | 'clock'>, estate: Estate): Promise<void> {
  await auditEstate({
    source: piecesOf(estate),
    store: openStore(table, { nowMs: () => clock.ms }),
    settings,
    rules,
    now: () => at,
    holder: `test-${(names += 1)}`,
    dryRun: false,
    progress: () => {},
  });
}

/** All rows but the lease, whose holder differs; calls of a run are its own. */
export async function stored(table: RecordTable): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for await (const { partition, row, values } of table.list({})) {
    if (partition === 'lease' || partition === 'quota') continue;
    rows.push({ partition, row, values: partition.startsWith('run') ? withoutCalls(values) : values });
  }
  return rows;
}

function withoutCalls(values: Row['values']): Row['values'] {
  const { body } = values;
  if (typeof body !== 'string') return values;
  const { calls: _calls, ...run } = JSON.parse(body) as { readonly calls?: unknown };
  return { ...values, body: JSON.stringify(run) };
}

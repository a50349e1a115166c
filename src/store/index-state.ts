import { z } from 'zod';
import type { RecordTable, Row } from '../ports/index.ts';
import { recount } from './finding-counts.ts';
import { indexed } from './finding-index.ts';
import { findingPartitions } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';
import { kinds } from './row-kinds.ts';
import { copyRuns } from './runs.ts';
import { putsOf } from './write-findings.ts';

/** Goes up when the lists of the index or their order change: then it is built anew. */
const indexVersion = 1;
const statePartition = 'ix.state';
const stateKind = rowKind({
  name: 'state of the index',
  version: 1,
  schema: z.object({
    index: z.number(),
    state: z.enum(['building', 'whole']),
    /** The last finding whose rows were written. */
    partition: z.string(),
    row: z.string(),
  }),
  migrations: {},
});

/** Whether pages may go by the index. Once whole, a store of this process is not asked again. */
export interface IndexState {
  isWhole(): Promise<boolean>;
  /** Builds it where an older version of the product wrote the store: a thousand findings at a time, going on where a dead one stopped. */
  ensure(): Promise<void>;
}

export function indexState(table: RecordTable, odd: OddRows): IndexState {
  let whole = false;
  const read = async () => {
    const row = await table.get(statePartition, 'index');
    const state = row && odd.read(stateKind, row);
    return state?.index === indexVersion ? state : undefined;
  };
  return {
    async isWhole() {
      return whole || (whole = (await read())?.state === 'whole');
    },
    async ensure() {
      if (whole) return;
      const state = await read();
      if (state?.state !== 'whole') await build(table, odd, state);
      whole = true;
    },
  };
}

const chunkRows = 1_000;

async function build(
  table: RecordTable,
  odd: OddRows,
  begun: { readonly partition: string; readonly row: string } | undefined,
): Promise<void> {
  const from = begun?.partition ? { partitionFrom: begun.partition, partitionTo: findingPartitions.partitionTo } : findingPartitions;
  let chunk: Row[] = [];
  const flush = async (): Promise<void> => {
    const last = chunk.at(-1);
    if (last === undefined) return;
    const findings = chunk.map((row) => odd.read(kinds.finding, row)).filter((finding) => finding !== undefined);
    await table.write(findings.flatMap((finding) => putsOf(indexed(finding))));
    await putState(table, 'building', last);
    chunk = [];
  };
  for await (const row of table.list(from)) {
    if (begun !== undefined && row.partition === begun.partition && row.row <= begun.row) continue;
    chunk.push(row);
    if (chunk.length === chunkRows) await flush();
  }
  await flush();
  await recount(table, await rulesIn(table, odd));
  await copyRuns(table, odd);
  await putState(table, 'whole', { partition: '', row: '' });
}

/** One row of each partition is enough: a partition is a rule. */
async function rulesIn(table: RecordTable, odd: OddRows): Promise<readonly string[]> {
  const rules: string[] = [];
  for (let from = findingPartitions.partitionFrom as string; ;) {
    const first = await firstOf(table.list({ partitionFrom: from, partitionTo: findingPartitions.partitionTo, rowsMax: 1 }));
    if (first === undefined) return rules;
    const rule = odd.read(kinds.finding, first)?.rule;
    if (rule !== undefined) rules.push(rule);
    // `-` follows the name directly: no other rule sorts in between.
    from = `${first.partition}-`;
  }
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | undefined> {
  for await (const item of items) return item;
  return undefined;
}

const putState = (table: RecordTable, state: 'building' | 'whole', { partition, row }: Pick<Row, 'partition' | 'row'>): Promise<void> =>
  table.write([
    {
      kind: 'put',
      row: { partition: statePartition, row: 'index', values: stateKind.encode({ index: indexVersion, state, partition, row }) },
    },
  ]);

import { z } from 'zod';
import type { Checkpoints, PieceDone, PieceStates, PieceWriter, RecordTable, Row, ShardPlan } from '../ports/index.ts';
import { keyText, shardPartition, shardPartitionOf, shardPagesOf } from './keys.ts';
import type { LeaseClock } from './lease.ts';
import { itemsOfPage, pageMaker } from './page-text.ts';
import { rowKind } from './row-kind.ts';

const count = z.number();
const planKind = rowKind<ShardPlan>({
  name: 'plan of a sharded audit',
  version: 1,
  schema: z.object({
    id: z.string(),
    runId: z.string(),
    at: z.string(),
    begunMs: count,
    shards: z.array(z.array(z.string())),
    parts: count,
    counted: z.boolean(),
  }),
  migrations: {},
});
const doneKind = rowKind({
  name: 'marker of a piece',
  version: 1,
  schema: z.object({ attempt: z.string(), pages: z.record(z.string(), count), result: z.unknown(), atMs: count }),
  migrations: {},
});
const begunKind = rowKind({ name: 'beginning of a piece', version: 1, schema: z.object({ atMs: count }), migrations: {} });

const planRow = 'plan';
const doneRow = (piece: string): string => `done.${keyText(piece)}`;
const begunRow = (piece: string, attempt: string): string => `begun.${keyText(piece)}~${keyText(attempt)}`;
const pageRow = (list: string, page: number): string => `${keyText(list)}.${String(page).padStart(6, '0')}`;

/**
 * The plan in one row; beginnings and markers of its pieces in a partition of its own; the pages of each attempt in another. A beginning is written before
 * the first page, so that whoever tidies up finds the pages of those who died.
 */
export function checkpointRows(table: RecordTable, { nowMs }: Pick<LeaseClock, 'nowMs'>): Checkpoints {
  return {
    async shardPlan() {
      const row = await table.get(shardPartition, planRow);
      return row && planKind.decode(row);
    },
    async putShardPlan(plan, before) {
      const stored = await table.get(shardPartition, planRow);
      if ((stored && planKind.decode(stored)?.id) !== before?.id) return false;
      return table.putIf({ partition: shardPartition, row: planRow, values: planKind.encode(plan) }, stored);
    },
    pieces: (planId) => readPieces(table, planId),
    async piece(planId, piece) {
      const row = await table.get(shardPartitionOf(planId), doneRow(piece));
      return row && doneOf(row, piece);
    },
    async beginPiece(planId, piece, attempt) {
      const values = begunKind.encode({ atMs: nowMs() });
      await table.write([{ kind: 'put', row: { partition: shardPartitionOf(planId), row: begunRow(piece, attempt), values } }]);
      return pieceWriter(table, { planId, piece, attempt, nowMs });
    },
    async *readPiece(planId, { piece, attempt, pages }, list) {
      const partition = shardPagesOf(planId, piece, attempt);
      for (let page = 1; page <= (pages[list] ?? 0); page++) {
        const body = (await table.get(partition, pageRow(list, page)))?.values['body'];
        // A marker speaks for pages that were written before it: one that is not there was taken away with the whole plan.
        if (typeof body !== 'string')
          throw new CheckpointGoneError(`Page ${page} of "${list}" of the piece ${piece} is not there any more.`);
        yield* itemsOfPage(body);
      }
    },
    forgetPlan: (planId) => forget(table, planId),
  };
}

/** What a late piece reads was forgotten: the audit it belongs to is over. */
export class CheckpointGoneError extends Error {
  override readonly name = 'CheckpointGoneError';
}

function doneOf(row: Row, piece: string): PieceDone | undefined {
  const done = doneKind.decode(row);
  return done && { piece, attempt: done.attempt, pages: done.pages, result: done.result };
}

function pieceWriter(
  table: RecordTable,
  {
    planId,
    piece,
    attempt,
    nowMs,
  }: { readonly planId: string; readonly piece: string; readonly attempt: string; readonly nowMs: () => number },
): PieceWriter {
  const partition = shardPagesOf(planId, piece, attempt);
  const makers = new Map<string, ReturnType<typeof pageMaker>>();
  const pages: Record<string, number> = {};
  const write = async (list: string, bodies: readonly string[]): Promise<void> => {
    for (const body of bodies) {
      const page = (pages[list] ?? 0) + 1;
      await table.write([{ kind: 'put', row: { partition, row: pageRow(list, page), values: { body } } }]);
      pages[list] = page;
    }
  };
  return {
    async put(list, item) {
      let maker = makers.get(list);
      if (maker === undefined) makers.set(list, (maker = pageMaker()));
      await write(list, maker.add(item));
    },
    async done(result) {
      for (const [list, maker] of makers) await write(list, maker.rest());
      const values = doneKind.encode({ attempt, pages, result, atMs: nowMs() });
      return table.putIf({ partition: shardPartitionOf(planId), row: doneRow(piece), values }, undefined);
    },
  };
}

async function readPieces(table: RecordTable, planId: string): Promise<PieceStates> {
  const done = new Map<string, PieceDone>();
  const begun = new Map<string, number>();
  let movedMs = 0;
  for await (const row of table.list({ partition: shardPartitionOf(planId) })) {
    const [kind = '', rest = ''] = split(row.row, '.');
    const piece = textOf(split(rest, '~')[0] ?? '');
    if (kind === 'done') {
      const marker = doneOf(row, piece);
      if (marker !== undefined) done.set(piece, marker);
      movedMs = Math.max(movedMs, doneKind.decode(row)?.atMs ?? 0);
    } else {
      begun.set(piece, (begun.get(piece) ?? 0) + 1);
      movedMs = Math.max(movedMs, begunKind.decode(row)?.atMs ?? 0);
    }
  }
  return { done, begun, movedMs };
}

const split = (text: string, at: string): readonly string[] => {
  const found = text.indexOf(at);
  return found < 0 ? [text] : [text.slice(0, found), text.slice(found + 1)];
};

/** Back from `keyText`. */
const textOf = (key: string): string => key.replace(/_([0-9a-f]{4})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));

/** A page is up to a megabyte: never a thousand of them at once. */
const rowsAtOnce = 20;

async function forget(table: RecordTable, planId: string): Promise<void> {
  const partition = shardPartitionOf(planId);
  const begun: { readonly piece: string; readonly attempt: string }[] = [];
  for await (const { row } of table.list({ partition, rowFrom: 'begun.', rowTo: 'begun.~' })) {
    const [piece = '', attempt = ''] = split(row.slice('begun.'.length), '~');
    begun.push({ piece: textOf(piece), attempt: textOf(attempt) });
  }
  for (const { piece, attempt } of begun) await empty(table, shardPagesOf(planId, piece, attempt));
  await empty(table, partition);
  const stored = await table.get(shardPartition, planRow);
  if (stored !== undefined && planKind.decode(stored)?.id === planId)
    await table.write([{ kind: 'delete', partition: shardPartition, row: planRow }]);
}

/** What pieces put there that ended after their audit: all partitions but those of the plan that is under way. */
export async function forgetStrays(table: RecordTable): Promise<void> {
  const stored = await table.get(shardPartition, planRow);
  const current = stored && planKind.decode(stored)?.id;
  for (let from = `${shardPartition}.`; ;) {
    const partition = await firstPartition(table, from);
    if (partition === undefined) return;
    const isCurrent =
      current !== undefined && (partition === shardPartitionOf(current) || partition.startsWith(`${shardPartitionOf(current)}~`));
    if (!isCurrent) await empty(table, partition);
    // `-` follows the name directly: nothing sorts in between.
    from = `${partition}-`;
  }
}

async function firstPartition(table: RecordTable, from: string): Promise<string | undefined> {
  for await (const { partition } of table.list({ partitionFrom: from, partitionTo: `${shardPartition}.~`, rowsMax: 1 })) return partition;
  return undefined;
}

async function empty(table: RecordTable, partition: string): Promise<void> {
  for (;;) {
    const rows: string[] = [];
    for await (const { row } of table.list({ partition, rowsMax: rowsAtOnce })) rows.push(row);
    if (rows.length === 0) return;
    await table.write(rows.map((row) => ({ kind: 'delete' as const, partition, row })));
  }
}

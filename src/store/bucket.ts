import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { RecordTable, Write } from '../ports/index.ts';
import type { OddRows } from './odd-rows.ts';
import type { RowKind } from './row-kind.ts';

/**
 * Small things remembered by the ten thousand (identities, credentials, missing principals) are packed into at most 256 rows: 20,000 of them
 * are one page to read and three batches to write, where rows of their own would take twenty pages and two hundred batches.
 */
export async function changeBuckets<Value>(
  table: RecordTable,
  partition: string,
  kind: RowKind<Record<string, Value>>,
  changes: ReadonlyMap<string, Value | undefined>,
): Promise<void> {
  if (changes.size === 0) return;
  const stored = new Map<string, { readonly before: string; readonly items: Map<string, Value> }>();
  for await (const row of table.list({ partition })) {
    stored.set(row.row, { before: String(row.values['body']), items: new Map(Object.entries(kind.decode(row) ?? {})) });
  }
  for (const [key, value] of changes) {
    const bucket = bucketOf(key);
    if (!stored.has(bucket)) stored.set(bucket, { before: '{}', items: new Map() });
    const { items } = stored.get(bucket)!;
    if (value === undefined) items.delete(key);
    else items.set(key, value);
  }
  const writes: Write[] = [];
  for (const [row, { before, items }] of stored) {
    const values = kind.encode(Object.fromEntries(fitting(items)));
    if (items.size === 0) writes.push({ kind: 'delete', partition, row });
    else if (values['body'] !== before) writes.push({ kind: 'put', row: { partition, row, values } });
  }
  await table.write(writes);
}

/** The same, where `all` is the whole truth: what it lacks is forgotten. */
export async function replaceBuckets<Value>(
  table: RecordTable,
  partition: string,
  kind: RowKind<Record<string, Value>>,
  all: ReadonlyMap<string, Value>,
): Promise<void> {
  const changes = new Map<string, Value | undefined>(all);
  for await (const row of table.list({ partition }))
    for (const key of Object.keys(kind.decode(row) ?? {})) if (!all.has(key)) changes.set(key, undefined);
  await changeBuckets(table, partition, kind, changes);
}

export async function readBuckets<Value>(
  table: RecordTable,
  odd: OddRows,
  partition: string,
  kind: RowKind<Record<string, Value>>,
): Promise<Map<string, Value>> {
  const all = new Map<string, Value>();
  for await (const row of table.list({ partition }))
    for (const [key, value] of Object.entries(odd.read(kind, row) ?? {})) all.set(key, value);
  return all;
}

/** A deletion of a row that is not there is no error, so an empty bucket may be deleted twice. */
const bucketOf = (key: string): string => bytesToHex(sha256(utf8ToBytes(key)).subarray(0, 1));

/** In UTF-16 half of what an Azure row takes. Reached beyond some 300,000 identities. */
const bucketCharsMax = 250_000;

/** Sorted, so that the same things make the same bytes. Memory is an aid: what does not fit is not remembered, and costs a look-up or a run. */
function* fitting<Value>(items: ReadonlyMap<string, Value>): Iterable<[string, Value]> {
  let chars = 2;
  for (const [key, value] of [...items].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    chars += key.length + JSON.stringify(value).length + 5;
    if (chars > bucketCharsMax) continue;
    yield [key, value];
  }
}

import { z } from 'zod';
import type { FindingCount, RecordTable, Row } from '../ports/index.ts';
import { severities } from '../rules/index.ts';
import { indexPartitions, statusOfLetter, valueHash } from './finding-index.ts';
import { keyText } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';

/** One row a rule: how many of its findings have which status and severity (`o1`: open, high). */
const countPartition = 'ix.count';
const kind = rowKind({
  name: 'counts of findings',
  version: 1,
  schema: z.object({ rule: z.string(), counts: z.record(z.string(), z.number()) }),
  migrations: {},
});

export type Counts = Readonly<Record<string, number>>;

/** Adds and takes away, by rule and the first two signs of the key. Another writer in between makes it read again. */
export async function addCounts(table: RecordTable, deltas: ReadonlyMap<string, ReadonlyMap<string, number>>): Promise<void> {
  for (const [rule, changes] of deltas) {
    if ([...changes.values()].every((by) => by === 0)) continue;
    for (let attempt = 1; !(await addOnce(table, rule, changes)); attempt++) {
      if (attempt === attemptsMax)
        throw new Error(`The counts of rule ${rule} could not be written: others kept writing them. The next run counts anew.`);
    }
  }
}

const attemptsMax = 20;

async function addOnce(table: RecordTable, rule: string, changes: ReadonlyMap<string, number>): Promise<boolean> {
  const stored = await table.get(countPartition, keyText(rule));
  const counts = new Map(Object.entries((stored && kind.decode(stored)?.counts) ?? {}));
  for (const [key, by] of changes) counts.set(key, (counts.get(key) ?? 0) + by);
  return table.putIf(rowOf(rule, counts), stored);
}

/** After a writer that died, and for a new index: the rows of the index are counted. */
export async function recount(table: RecordTable, rules: Iterable<string>): Promise<void> {
  for (const rule of rules) {
    const hash = valueHash(rule);
    const counts = new Map<string, number>();
    for await (const { row } of table.list({ partition: indexPartitions.rule, rowFrom: `${hash}.`, rowTo: `${hash}.~` })) {
      const key = row.slice(hash.length + 1, hash.length + 3);
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    await table.write([{ kind: 'put', row: rowOf(rule, counts) }]);
  }
}

function rowOf(rule: string, counts: ReadonlyMap<string, number>): Row {
  const left = [...counts].filter(([, count]) => count > 0).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { partition: countPartition, row: keyText(rule), values: kind.encode({ rule, counts: Object.fromEntries(left) }) };
}

export async function readCounts(table: RecordTable, odd: OddRows): Promise<readonly FindingCount[]> {
  const found: FindingCount[] = [];
  for await (const row of table.list({ partition: countPartition })) {
    const stored = odd.read(kind, row);
    for (const [key, count] of Object.entries(stored?.counts ?? {})) {
      const [status, severity] = [statusOfLetter.get(key[0] ?? ''), severities[Number(key[1])]];
      if (stored !== undefined && status !== undefined && severity !== undefined)
        found.push({ rule: stored.rule, status, severity, count });
    }
  }
  return found;
}

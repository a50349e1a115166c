import { z } from 'zod';
import { ruleOfFinding, type StoredFinding } from '../findings/index.ts';
import type { RecordTable, Write } from '../ports/index.ts';
import { addCounts, recount } from './finding-counts.ts';
import { indexed, indexRows, indexValues, type Indexed } from './finding-index.ts';
import { findingPartition, keyText } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';
import { kinds } from './row-kinds.ts';

const journalPartition = 'ix.journal';
const journalKind = rowKind({
  name: 'journal of the index',
  version: 1,
  schema: z.object({
    rules: z.array(z.string()),
    entries: z.array(z.object({ id: z.string(), keys: z.array(z.string()), lists: z.array(z.string()) })),
  }),
  migrations: {},
});

/** So many findings at a time: their journal is one row. */
const chunkSize = 300;

/**
 * Findings with their rows of the index and the counts, in an order that may end anywhere: what is about to be touched is written down (the journal), then come
 * the new rows of the index, the findings, the end of the old rows, the counts. Whoever writes next as the same `owner` mends what the journal still names.
 */
export async function writeFindings(table: RecordTable, odd: OddRows, owner: string, findings: readonly StoredFinding[]): Promise<void> {
  await mend(table, odd, owner);
  if (findings.length === 0) return;
  const before = await readBefore(table, odd, findings);
  const changes = findings.map((finding) => ({ finding, after: indexed(finding), before: before.get(finding.id) }));
  const moved = changes.some(isMoved);
  const rules = [...new Set(findings.map(({ rule }) => rule))];
  for (let from = 0; from < changes.length; from += chunkSize) {
    await writeChunk(table, owner, rules, changes.slice(from, from + chunkSize));
  }
  if (!moved) return;
  // An audit has read everything anyway: counting again is the same work, and makes good whatever went astray.
  await (owner === 'audit' ? recount(table, rules) : addCounts(table, deltasOf(changes)));
  await table.write([{ kind: 'delete', partition: journalPartition, row: keyText(owner) }]);
}

/** Removes findings and all that points at them. */
export async function removeFindings(table: RecordTable, odd: OddRows, owner: string, findings: readonly StoredFinding[]): Promise<void> {
  await mend(table, odd, owner);
  for (let from = 0; from < findings.length; from += chunkSize) {
    const chunk = findings.slice(from, from + chunkSize);
    const gone = chunk.map((finding) => ({ finding, before: indexed(finding) }));
    await putJournal(table, owner, [...new Set(chunk.map(({ rule }) => rule))], gone);
    await table.write(chunk.map(({ rule, id }) => ({ kind: 'delete', partition: findingPartition(rule), row: keyText(id) })));
    await table.write(gone.flatMap((each) => indexRows(each.before).map(deletion)));
    await addCounts(table, deltasOf(gone));
    await table.write([{ kind: 'delete', partition: journalPartition, row: keyText(owner) }]);
  }
}

interface Change {
  readonly finding: StoredFinding;
  readonly before?: Indexed | undefined;
  readonly after?: Indexed | undefined;
}

const isMoved = ({ before, after }: Change): boolean =>
  before === undefined || after === undefined || JSON.stringify(before) !== JSON.stringify(after);

async function writeChunk(table: RecordTable, owner: string, rules: readonly string[], chunk: readonly Change[]): Promise<void> {
  const moved = chunk.filter(isMoved);
  if (moved.length > 0) await putJournal(table, owner, rules, moved);
  await table.write(moved.flatMap(({ after }) => (after === undefined ? [] : putsOf(after))));
  await table.write(chunk.map(({ finding }) => putFinding(finding)));
  await table.write(moved.flatMap(({ before, after }) => leftOver(before, after)));
}

function leftOver(before: Indexed | undefined, after: Indexed | undefined): readonly Write[] {
  if (before === undefined) return [];
  const kept = new Set((after === undefined ? [] : indexRows(after)).map(nameOf));
  return indexRows(before).flatMap((row) => (kept.has(nameOf(row)) ? [] : [deletion(row)]));
}

const nameOf = ({ partition, row }: { readonly partition: string; readonly row: string }): string => `${partition} ${row}`;
const deletion = ({ partition, row }: { readonly partition: string; readonly row: string }): Write => ({ kind: 'delete', partition, row });

export function putsOf(entry: Indexed): readonly Write[] {
  const values = indexValues(entry);
  return indexRows(entry).map((row) => ({ kind: 'put', row: { ...row, values } }));
}

const putFinding = (finding: StoredFinding): Write => ({
  kind: 'put',
  row: { partition: findingPartition(finding.rule), row: keyText(finding.id), values: kinds.finding.encode(finding) },
});

function putJournal(table: RecordTable, owner: string, rules: readonly string[], changes: readonly Change[]): Promise<void> {
  const entries = changes.map(({ finding: { id }, before, after }) => {
    const both = [before, after].filter((each) => each !== undefined);
    return { id, keys: [...new Set(both.map(({ key }) => key))], lists: [...new Set(both.flatMap(({ lists }) => lists))] };
  });
  return table.write([
    { kind: 'put', row: { partition: journalPartition, row: keyText(owner), values: journalKind.encode({ rules: [...rules], entries }) } },
  ]);
}

/** What any dead writer left, but the watch's, which may be writing now and mends its own. */
export async function mendAll(table: RecordTable, odd: OddRows): Promise<void> {
  const left: string[] = [];
  for await (const { row } of table.list({ partition: journalPartition })) if (row !== 'watch') left.push(row);
  for (const owner of left) await mend(table, odd, owner);
}

/** The rows that a dead writer may have left half-done are made to say what the findings say. */
export async function mend(table: RecordTable, odd: OddRows, owner: string): Promise<void> {
  const stored = await table.get(journalPartition, keyText(owner));
  if (stored === undefined) return;
  const { entries, rules } = odd.read(journalKind, stored) ?? { entries: [], rules: [] };
  const found = await table.getMany(entries.map(({ id }) => ({ partition: findingPartition(ruleOfFinding(id) ?? ''), row: keyText(id) })));
  const right = found.map((row) => row && odd.read(kinds.finding, row)).map((finding) => finding && indexed(finding));
  const kept = new Set(right.flatMap((each) => (each === undefined ? [] : indexRows(each))).map(nameOf));
  const touched = entries.flatMap(({ id, keys, lists }) => keys.flatMap((key) => indexRows({ id, key, lists })));
  const unique = new Map(touched.filter((row) => !kept.has(nameOf(row))).map((row) => [nameOf(row), row]));
  await table.write(right.flatMap((each) => (each === undefined ? [] : putsOf(each))));
  await table.write([...unique.values()].map(deletion));
  await recount(table, rules);
  await table.write([{ kind: 'delete', partition: journalPartition, row: keyText(owner) }]);
}

/** Where many of a rule change, its partition is read from the first to the last of them; otherwise each by its key. */
async function readBefore(table: RecordTable, odd: OddRows, findings: readonly StoredFinding[]): Promise<ReadonlyMap<string, Indexed>> {
  const before = new Map<string, Indexed>();
  const take = (row: Parameters<OddRows['read']>[1]): void => {
    const finding = odd.read(kinds.finding, row);
    if (finding !== undefined) before.set(finding.id, indexed(finding));
  };
  for (const [rule, changed] of Map.groupBy(findings, (finding) => finding.rule)) {
    if (changed.length >= manyOfOneRule) {
      const wanted = changed.map(({ id }) => keyText(id)).toSorted();
      const isWanted = new Set(wanted);
      // Of a sharded audit these are a stretch of the partition: ids that begin alike.
      const range = { partition: findingPartition(rule), rowFrom: wanted[0]!, rowTo: `${wanted.at(-1)!}~` };
      for await (const row of table.list(range)) if (isWanted.has(row.row)) take(row);
    } else {
      for (const row of await table.getMany(changed.map(({ id }) => ({ partition: findingPartition(rule), row: keyText(id) }))))
        if (row !== undefined) take(row);
    }
  }
  return before;
}

const manyOfOneRule = 50;

function deltasOf(changes: readonly Change[]): ReadonlyMap<string, ReadonlyMap<string, number>> {
  const deltas = new Map<string, Map<string, number>>();
  const add = (rule: string, key: string, by: number): void => {
    const ofRule = deltas.get(rule) ?? new Map<string, number>();
    deltas.set(rule, ofRule);
    ofRule.set(key.slice(0, 2), (ofRule.get(key.slice(0, 2)) ?? 0) + by);
  };
  for (const { finding, before, after } of changes) {
    if (before !== undefined) add(finding.rule, before.key, -1);
    if (after !== undefined) add(finding.rule, after.key, 1);
  }
  return deltas;
}

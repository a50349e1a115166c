import type { StoredFinding } from '../findings/index.ts';
import type { PruneBefore, Pruned, RecordTable, Write } from '../ports/index.ts';
import { countingDown, hintOf, indexPartitions, statusLetters } from './finding-index.ts';
import {
  exceptionPartition,
  findingPartition,
  historyPartition,
  historyRows,
  jobRunPartition,
  keyText,
  runPartition,
  runRow,
  runRows,
} from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { kinds } from './row-kinds.ts';
import { mendAll, removeFindings } from './write-findings.ts';
import { ruleOfFinding, type Run } from '../findings/index.ts';

/** History goes before the finding it is of: whoever comes after a death in between finds the finding, and goes on. */
export async function prune(table: RecordTable, odd: OddRows, { audits, watches, findings }: PruneBefore): Promise<Pruned> {
  await mendAll(table, odd);
  const passes = (await pruneRuns(table, 'watch', watches)) + (await pruneRuns(table, 'watch-grants', watches));
  const runs = passes + (await pruneRuns(table, 'audit', audits));
  const removed = { findings: 0, history: 0 };
  for await (const chunk of resolvedBefore(table, odd, findings)) {
    removed.history += await pruneAround(table, odd, chunk);
    await removeFindings(table, odd, 'prune', chunk);
    removed.findings += chunk.length;
  }
  return { runs, ...removed };
}

/** Newest first: everything from a run of that instant on is older. */
async function pruneRuns(table: RecordTable, job: Run['job'], before: string): Promise<number> {
  const rows: string[] = [];
  const rowFrom = `${runRow(compact(before)).replace(/-\d+$/, '')}~`;
  for await (const { row } of table.list({ partition: jobRunPartition(job), rowFrom, rowTo: runRows.rowTo })) rows.push(row);
  // Where all lie comes first: what is left alone in the list of its job is found again.
  await table.write(rows.map((row): Write => ({ kind: 'delete', partition: runPartition, row })));
  await table.write(rows.map((row): Write => ({ kind: 'delete', partition: jobRunPartition(job), row })));
  return rows.length;
}

const compact = (instant: string): string => new Date(Date.parse(instant)).toISOString().replace(/\.\d+|[:-]/g, '');

const chunkSize = 200;

/** By the index: within a severity the resolved ones lie in order of their last change. */
async function* resolvedBefore(table: RecordTable, odd: OddRows, before: string): AsyncGenerator<readonly StoredFinding[], undefined> {
  for (const severity of ['0', '1', '2', '3', '4']) {
    const head = `${statusLetters.resolved}${severity}`;
    let ids: string[] = [];
    const old: string[][] = [];
    for await (const row of table.list({
      partition: indexPartitions.status,
      rowFrom: `${head}${countingDown(before)}`,
      rowTo: `${head}~`,
    })) {
      const id = hintOf(row)?.id;
      if (id !== undefined) ids.push(id);
      if (ids.length < chunkSize) continue;
      old.push(ids);
      ids = [];
    }
    for (const chunk of [...old, ids]) {
      const rows = await table.getMany(chunk.map((id) => ({ partition: findingPartition(ruleOfFinding(id) ?? ''), row: keyText(id) })));
      const findings = rows.map((row) => row && odd.read(kinds.finding, row)).filter((finding) => finding !== undefined);
      const gone = findings.filter(
        ({ status, resolvedAt }) => status === 'resolved' && resolvedAt !== undefined && Date.parse(resolvedAt) < Date.parse(before),
      );
      if (gone.length > 0) yield gone;
    }
  }
}

async function pruneAround(table: RecordTable, odd: OddRows, findings: readonly StoredFinding[]): Promise<number> {
  const ids = new Set(findings.map(({ id }) => id));
  const writes: Write[] = [];
  for (const { rule, id } of findings) {
    const partition = historyPartition(rule);
    for await (const { row } of table.list({ partition, ...historyRows(id) })) writes.push({ kind: 'delete', partition, row });
  }
  const history = writes.length;
  for await (const row of table.list({ partition: exceptionPartition })) {
    const exception = odd.read(kinds.exception, row);
    if (exception !== undefined && ids.has(exception.findingId))
      writes.push({ kind: 'delete', partition: exceptionPartition, row: row.row });
  }
  await table.write(writes);
  return history;
}

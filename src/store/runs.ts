import type { Coverage } from '../estate/index.ts';
import { emptySummary, noCalls, type Run } from '../findings/index.ts';
import type { RecordTable, Write } from '../ports/index.ts';
import { jobRunPartition, openRunRow, runPartition, runRow, runRows } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { kinds } from './row-kinds.ts';
import { recordAudit } from './trend.ts';

/**
 * Starts a run, or continues the one that died. A pointer per job names the latest run; it is written before the run, so that dying between
 * the two leaves no run behind that nobody continues.
 */
export async function beginRun(table: RecordTable, odd: OddRows, job: Run['job'], now: string, tenantId: string): Promise<Run> {
  const dead = await deadRun(table, odd, job);
  if (dead !== undefined) {
    const run: Run = { ...dead, state: 'started', finishedAt: '' };
    if (dead.state !== 'started') await putRun(table, run);
    return run;
  }
  const fresh: Omit<Run, 'id'> = {
    job,
    state: 'started',
    startedAt: now,
    finishedAt: '',
    tenantId,
    complete: false,
    calls: noCalls,
    coverage: [],
    rules: [],
    summary: emptySummary,
  };
  return claimed(table, odd, now, fresh);
}

/** Two jobs may begin in the same second, on machines of their own: who is slower takes the next id. */
async function claimed(table: RecordTable, odd: OddRows, now: string, fresh: Omit<Run, 'id'>): Promise<Run> {
  for (;;) {
    const run: Run = { ...fresh, id: await freeRunId(table, now) };
    await pointAt(table, run, false);
    const values = kinds.run.encode(fitting(run));
    if (!(await table.putIf({ partition: runPartition, row: runRow(run.id), values }, undefined))) {
      const taken = await readRun(table, odd, run.id);
      if (taken?.job === run.job) return taken;
      continue;
    }
    await table.write([{ kind: 'put', row: { partition: jobRunPartition(run.job), row: runRow(run.id), values } }]);
    return run;
  }
}

async function deadRun(table: RecordTable, odd: OddRows, job: Run['job']): Promise<Run | undefined> {
  const row = await table.get(runPartition, openRunRow(job));
  const pointer = row && odd.read(kinds.openRun, row);
  if (pointer === undefined) return undefined;
  const run = await readRun(table, odd, pointer.runId);
  // The pointer is written first: it may name an id that another job was faster to take.
  if (run?.job !== job) return undefined;
  // One that failed before it wrote anything is over; one that failed in the middle left statuses under its id and must be finished.
  return run.state === 'started' || (run.state === 'failed' && pointer.touched) ? run : undefined;
}

/** `20261120T080000Z`, and `-2`, `-3` … when that one is taken. Never decides what is new: only the id does, not the instant. */
async function freeRunId(table: RecordTable, now: string): Promise<string> {
  const start = new Date(Date.parse(now)).toISOString().replace(/\.\d+|[:-]/g, '');
  for (let sequence = 1; ; sequence++) {
    const id = sequence === 1 ? start : `${start}-${sequence}`;
    if ((await table.get(runPartition, runRow(id))) === undefined) return id;
  }
}

/** Says that a run is about to write, or to begin. */
export const pointAt = (table: RecordTable, { id, job }: Pick<Run, 'id' | 'job'>, touched: boolean): Promise<void> =>
  table.write([
    { kind: 'put', row: { partition: runPartition, row: openRunRow(job), values: kinds.openRun.encode({ runId: id, touched }) } },
  ]);

/** Each run stands twice: among all of them, and among those of its job, so that the audits need not be picked out of 288 watches a day. */
export async function putRun(table: RecordTable, run: Run): Promise<void> {
  const values = kinds.run.encode(fitting(run));
  await table.write([{ kind: 'put', row: { partition: jobRunPartition(run.job), row: runRow(run.id), values } }]);
  await table.write([{ kind: 'put', row: { partition: runPartition, row: runRow(run.id), values } }]);
}

/** For a store of a version that kept them once, and no trend. */
export async function copyRuns(table: RecordTable, odd: OddRows): Promise<void> {
  const copies: Write[] = [];
  for await (const { partition, row, values } of table.list({ partition: runPartition, ...runRows })) {
    const run = odd.read(kinds.run, { partition, row, values });
    if (run === undefined) continue;
    copies.push({ kind: 'put', row: { partition: jobRunPartition(run.job), row, values } });
    await recordAudit(table, run);
  }
  await table.write(copies);
}

export async function readRun(table: RecordTable, odd: OddRows, id: string): Promise<Run | undefined> {
  const row = await table.get(runPartition, runRow(id));
  return row && odd.read(kinds.run, row);
}

export async function latestRuns(table: RecordTable, odd: OddRows, limit: number, job?: Run['job']): Promise<readonly Run[]> {
  const runs: Run[] = [];
  const partition = job === undefined ? runPartition : jobRunPartition(job);
  for await (const row of table.list({ partition, ...runRows, rowsMax: limit })) {
    const run = odd.read(kinds.run, row);
    if (run !== undefined) runs.push(run);
  }
  return runs;
}

const coverageMax = 500;
const sentenceCharsMax = 400;

/** A tenant may refuse thousands of subscriptions one by one; the row of a run has an end. What is left out is counted in place. */
function fitting(run: Run): Run {
  const lines = run.coverage.map((line): Coverage => ({
    ...line,
    scope: cut(line.scope),
    why: cut(line.why),
    permission: cut(line.permission),
  }));
  const kept = lines.length <= coverageMax ? lines : lines.slice(0, coverageMax - 1);
  const more = lines.slice(kept.length);
  const rest: readonly Coverage[] =
    more.length === 0
      ? []
      : [
          {
            slice: more[0]!.slice,
            scope: '/',
            state: 'partial',
            why: `and ${more.length} more lines of coverage, too many to keep`,
            permission: '',
          },
        ];
  return {
    ...run,
    coverage: [...kept, ...rest],
    rules: run.rules.map(({ id, verdict, because }) => ({ id, verdict, because: cut(because) })),
  };
}

const cut = (text: string): string => (text.length <= sentenceCharsMax ? text : `${text.slice(0, sentenceCharsMax - 1).toWellFormed()}…`);

import { z } from 'zod';
import type { Run } from '../findings/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { FindingCount, RecordTable, TrendPoint } from '../ports/index.ts';
import { severities, type Severity } from '../rules/index.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';

/** One row a day. Audits stand in it under their id and incidents under theirs: whatever is recorded twice counts once. */
const trendPartition = 'trend';

const count = z.number();
const auditOfDay = z.object({
  id: z.string(),
  finishedAt: z.string(),
  open: z.record(z.string(), count),
  new: count,
  resolved: count,
  reopened: count,
  accepted: count,
  complete: z.boolean(),
});
const dayKind = rowKind({
  name: 'day of the trend',
  version: 1,
  schema: z.object({
    audits: z.array(auditOfDay),
    /** Audits beyond those kept one by one, oldest first. */
    folded: z.object({ audits: count, new: count, resolved: count, reopened: count }),
    opened: z.array(z.string()),
    resolved: z.array(z.string()),
    /** What stood after a pass of the watch since the last of the audits: it finds some itself, and people accept others. */
    standing: z.object({ open: z.record(z.string(), count), accepted: count }).exactOptional(),
  }),
  migrations: {},
});
type Day = NonNullable<ReturnType<typeof dayKind.decode>>;

const empty: Day = { audits: [], folded: { audits: 0, new: 0, resolved: 0, reopened: 0 }, opened: [], resolved: [] };
/** A run that is continued is among the latest ones: so many are kept apart. */
const auditsMax = 48;
const incidentsMax = 5_000;

/** By the day on which it began, which stays the same when a dead run is continued. */
export async function recordAudit(table: RecordTable, run: Run): Promise<void> {
  if (run.job !== 'audit' || run.state !== 'finished') return;
  const { bySeverity, new: opened, resolved, reopened, accepted } = run.summary;
  const { id, finishedAt, complete } = run;
  const audit = { id, finishedAt, open: { ...bySeverity }, new: opened, resolved, reopened, accepted, complete };
  await change(table, dayOf(run.startedAt), ({ standing: _standing, ...day }) =>
    folded({ ...day, audits: [...day.audits.filter((other) => other.id !== id), audit].toSorted((a, b) => (a.id < b.id ? -1 : 1)) }),
  );
}

/** Counted anew each time, so that a pass that is done twice says the same. A day without an audit stays without numbers. */
export async function recordStanding(table: RecordTable, run: Run, counted: () => Promise<readonly FindingCount[]>): Promise<void> {
  if (run.job === 'audit' || run.state !== 'finished') return;
  await change(table, dayOf(run.startedAt), async (day) =>
    day.audits.length === 0 ? day : { ...day, standing: standingOf(await counted()) },
  );
}

function standingOf(counts: readonly FindingCount[]): NonNullable<Day['standing']> {
  const open: Record<string, number> = {};
  let accepted = 0;
  for (const { status, severity, count: many } of counts) {
    if (status === 'accepted') accepted += many;
    else if (status !== 'resolved') open[severity] = (open[severity] ?? 0) + many;
  }
  return { open, accepted };
}

/** Days on which incidents began and ended. */
export async function recordIncidents(table: RecordTable, incidents: readonly StoredIncident[]): Promise<void> {
  const opened = Map.groupBy(incidents, ({ openedAt }) => dayOf(openedAt));
  const ended = Map.groupBy(
    incidents.filter(({ status, resolvedAt }) => status === 'resolved' && resolvedAt !== undefined),
    ({ resolvedAt = '' }) => dayOf(resolvedAt),
  );
  for (const day of new Set([...opened.keys(), ...ended.keys()].toSorted())) {
    await change(table, day, (before) => ({
      ...before,
      opened: joined(before.opened, opened.get(day)),
      resolved: joined(before.resolved, ended.get(day)),
    }));
  }
}

export async function readTrend(table: RecordTable, odd: OddRows, from: string, to: string): Promise<readonly TrendPoint[]> {
  const points: TrendPoint[] = [];
  for await (const row of table.list({ partition: trendPartition, rowFrom: dayOf(from), rowTo: `${dayOf(to)}~` })) {
    const day = odd.read(dayKind, row);
    if (day !== undefined) points.push(pointOf(row.row, day));
  }
  return points;
}

function pointOf(day: string, { audits, folded: before, opened, resolved, standing }: Day): TrendPoint {
  const last = audits.at(-1);
  const stood = standing ?? last;
  const sum = (what: 'new' | 'resolved' | 'reopened'): number => audits.reduce((total, audit) => total + audit[what], before[what]);
  return {
    day,
    open: Object.fromEntries(severities.map((severity) => [severity, stood?.open[severity] ?? 0])) as Record<Severity, number>,
    new: sum('new'),
    resolved: sum('resolved'),
    reopened: sum('reopened'),
    accepted: stood?.accepted ?? 0,
    incidentsOpened: opened.length,
    incidentsResolved: resolved.length,
    audits: audits.length + before.audits,
    complete: last?.complete ?? false,
  };
}

const dayOf = (instant: string): string => new Date(Date.parse(instant)).toISOString().slice(0, 10);

function folded(day: Day): Day {
  const [first, ...rest] = day.audits;
  if (first === undefined || rest.length < auditsMax) return day;
  const { audits, new: opened, resolved, reopened } = day.folded;
  return folded({
    ...day,
    audits: rest,
    folded: { audits: audits + 1, new: opened + first.new, resolved: resolved + first.resolved, reopened: reopened + first.reopened },
  });
}

const joined = (ids: readonly string[], incidents: readonly StoredIncident[] = []): string[] =>
  [...new Set([...ids, ...incidents.map(({ id }) => id)])].toSorted().slice(0, incidentsMax);

const attemptsMax = 20;

/** An audit and a watch may write the same day at the same time: who was slower reads again. */
async function change(table: RecordTable, day: string, to: (before: Day) => Day | Promise<Day>): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const stored = await table.get(trendPartition, day);
    const before = (stored && dayKind.decode(stored)) ?? empty;
    const after = await to(before);
    if (after === before) return;
    const values = dayKind.encode(after);
    if (stored?.values['body'] === values['body'] || (await table.putIf({ partition: trendPartition, row: day, values }, stored))) return;
  }
  throw new Error(`The trend of ${day} could not be written: others kept writing it. The next run writes it.`);
}

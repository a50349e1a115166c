import { absorb, absorbTokens, binMinutes, type Denial, type Ledger, type TokenUses } from '../denials/index.ts';
import type { LogGap, Places, WatchState } from '../ports/index.ts';
import { byPort, listPlaces, type Listed } from './list-places.ts';
import { held, hoursBefore, steps } from './time-span.ts';
import { afterReading, earlierStarts } from './unread-places.ts';
import type { WatchRequest } from './watch-request.ts';

/** A baseline of token acquisitions wants two weeks; logs are kept for a month by default. */
const signInsHours = 30 * 24;

/** What the logs brought since the cursor, with the ledger it was absorbed into. */
export interface Reading {
  /** Where the next pass goes on: here again when something failed that may work then. */
  readonly cursor: string;
  readonly places: Places;
  readonly ledger: Ledger;
  readonly tokens: TokenUses;
  readonly gaps: readonly LogGap[];
  readonly listed: Listed;
  readonly rows: number;
  readonly count: number;
}

/** Reads refused calls and token acquisitions from the cursor to now, in steps. */
export async function readLogs(request: WatchRequest, before: WatchState, from: string, now: string): Promise<Reading> {
  const listed = await listPlaces(request);
  const starts = earlierStarts(before.places, listed.places, from, now);
  const isFirst = before.cursor === undefined;
  const since = hoursBefore(now, signInsHours);
  let ledger: Ledger = isFirst ? { ...before.ledger, watchedSince: binFloor(from) } : before.ledger;
  let { tokens } = before;
  const gaps: LogGap[] = [...listed.gaps];
  let rows = 0;
  let count = 0;
  for (const step of steps(from, now)) {
    const own = byPort(step.from === from ? starts : new Map());
    const signInsSince = isFirst && step.from === from ? since : undefined;
    const logs = await request.log.read(
      {
        ...step,
        signInsSince,
        earlier: new Map(
          [...own.workspaces].map(([name, start]) => [
            name,
            { from: start, signInsSince: before.places.get(name)?.since === undefined ? since : undefined },
          ]),
        ),
      },
      listed.workspaces,
      listed.targets,
    );
    const uncovered = listed.subscriptions.filter((id) => !logs.activitySubscriptions.includes(id));
    const activity = await request.activity.read({ scopes: ['/', ...uncovered], ...step, earlier: own.scopes });
    const absorbed = absorb(ledger, [...logs.denials, ...activity.denials], [...logs.touched, ...activity.touched]);
    ({ ledger } = absorbed);
    tokens = absorbTokens(tokens, logs.signIns);
    if (absorbed.dropped > 0) gaps.push(overflow(absorbed.dropped));
    gaps.push(...logs.coverage, ...activity.coverage);
    rows += logs.rows + activity.rows;
    count += sum([...logs.denials, ...activity.denials]);
  }
  const watchedSince = new Date(ledger.watchedSince).toISOString();
  const after = afterReading({ before: before.places, asked: listed.places, starts, from, now, since: watchedSince, gaps });
  return {
    cursor: gaps.some(({ passes }) => passes === true) ? held(from, now) : now,
    places: after.places,
    ledger: { ...ledger, since: sinceOf(after.places) },
    tokens,
    gaps: after.gaps,
    listed,
    rows,
    count,
  };
}

const sinceOf = (places: Places): ReadonlyMap<string, number> =>
  new Map([...places].flatMap(([name, { since }]) => (since === undefined ? [] : [[name, binFloor(since)]])));

const overflow = (dropped: number): LogGap => ({
  slice: 'logs',
  scope: '/',
  state: 'partial',
  why: `${dropped} of the oldest series of refused calls were dropped: more than 20,000 at once.`,
  permission: '',
  command: '',
  failed: true,
});

export const sum = (denials: readonly Denial[]): number =>
  denials.reduce((all, denial) => all + denial.bins.reduce((count, bin) => count + bin.count, 0), 0);
const binFloor = (instant: string): number => Date.parse(instant) - (Date.parse(instant) % (binMinutes * 60_000));

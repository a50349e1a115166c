import { absorb, absorbTokens, binMinutes, type Denial, type Ledger, type TokenUses } from '../denials/index.ts';
import { resourceKey, type Workspace } from '../estate/index.ts';
import type { Change } from '../incidents/index.ts';
import type { LogGap, WatchState } from '../ports/index.ts';
import { earlier, hoursAfter, hoursBefore } from './time-span.ts';
import type { WatchRequest } from './watch-request.ts';

export /** First look back, and the longest stretch that one reading covers: a watch that was down for a week catches up in steps. */
const stepHours = 48;
/** A baseline of token acquisitions wants two weeks; logs are kept for a month by default. */
const signInsHours = 30 * 24;

/** What the logs brought since the cursor, with the ledger it was absorbed into. */
export interface Reading {
  readonly from: string;
  /** Where the next pass goes on: here again when something failed that may work then. */
  readonly cursor: string;
  readonly ledger: Ledger;
  readonly tokens: TokenUses;
  readonly changes: readonly Change[];
  readonly gaps: readonly LogGap[];
  readonly activitySubscriptions: ReadonlySet<string>;
  readonly subscriptions: readonly string[];
  readonly rows: number;
  readonly count: number;
}

/** Reads from the cursor to now, in steps. */
export async function readLogs(request: WatchRequest, before: WatchState, from: string, now: string): Promise<Reading> {
  const listed = await request.workspaces.list(request.settings.scope);
  const workspaces = chosen(listed.workspaces, request.settings.workspaces);
  let ledger: Ledger = before.cursor === undefined ? { ...before.ledger, watchedSince: binFloor(from) } : before.ledger;
  let { tokens } = before;
  const changes: Change[] = [];
  const gaps: LogGap[] = [...listed.coverage];
  const logged = new Set<string>();
  let rows = 0;
  let count = 0;
  for (let at = from; at < now;) {
    const until = earlier(now, hoursAfter(at, stepHours));
    const signInsSince = before.cursor === undefined && at === from ? hoursBefore(now, signInsHours) : undefined;
    const logs = await request.log.read({ from: at, until, signInsSince }, workspaces, listed.targets);
    const uncovered = listed.subscriptions.filter((id) => !logs.activitySubscriptions.includes(id));
    const activity = await request.activity.read({ scopes: ['/', ...uncovered], from: at, until });
    for (const id of logs.activitySubscriptions) logged.add(id);
    const absorbed = absorb(ledger, [...logs.denials, ...activity.denials], [...logs.touched, ...activity.touched]);
    ({ ledger } = absorbed);
    tokens = absorbTokens(tokens, logs.signIns);
    if (absorbed.dropped > 0) gaps.push(overflow(absorbed.dropped));
    changes.push(...logs.changes, ...activity.changes);
    gaps.push(...logs.coverage, ...activity.coverage);
    rows += logs.rows + activity.rows;
    count += sum([...logs.denials, ...activity.denials]);
    at = until;
  }
  return {
    from,
    cursor: gaps.some(({ passes }) => passes === true) ? held(from, now) : now,
    ledger,
    tokens,
    changes,
    gaps,
    activitySubscriptions: logged,
    subscriptions: listed.subscriptions,
    rows,
    count,
  };
}

/** A workspace that settings name is watched even where Resource Graph does not show it. */
function chosen(found: readonly Workspace[], wanted: readonly string[]): readonly Workspace[] {
  if (wanted.length === 0) return found;
  return wanted.map((customerId) => {
    const known = found.find((one) => one.customerId.toLowerCase() === customerId.toLowerCase());
    return known ?? { id: customerId, key: resourceKey(customerId), name: customerId, customerId };
  });
}

/** Reading a window twice changes nothing (bins are set), but a window must not grow for ever. */
const held = (from: string, now: string): string =>
  Date.parse(from) < Date.parse(hoursBefore(now, stepHours)) ? hoursBefore(now, stepHours) : from;

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

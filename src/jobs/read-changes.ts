import type { Change } from '../incidents/index.ts';
import type { GrantState, LogGap, Places } from '../ports/index.ts';
import { byPort, listPlaces } from './list-places.ts';
import { held, steps } from './time-span.ts';
import { afterReading, earlierStarts } from './unread-places.ts';
import type { WatchRequest } from './watch-request.ts';

/** What the logs say was changed since the cursor. */
export interface ChangesRead {
  readonly changes: readonly Change[];
  /** Where the next pass goes on: here again when something failed that may work then. */
  readonly cursor: string;
  readonly places: Places;
  readonly gaps: readonly LogGap[];
}

/** Reads changes from the cursor to now, in steps: one call per workspace, and the Activity Logs that no workspace holds. */
export async function readChanges(request: WatchRequest, before: GrantState, from: string, now: string): Promise<ChangesRead> {
  const listed = await listPlaces(request);
  const starts = earlierStarts(before.places, listed.places, from, now);
  const changes: Change[] = [];
  const gaps: LogGap[] = [...listed.gaps];
  for (const step of steps(from, now)) {
    const own = byPort(step.from === from ? starts : new Map());
    const earlier = new Map([...own.workspaces].map(([name, start]) => [name, { from: start }]));
    const logs = await request.log.changes({ ...step, earlier }, listed.workspaces);
    const uncovered = listed.subscriptions.filter((id) => !logs.subscriptions.includes(id));
    const activity = await request.activity.read({ scopes: ['/', ...uncovered], ...step, earlier: own.scopes });
    changes.push(...logs.changes, ...activity.changes);
    gaps.push(...logs.coverage, ...activity.coverage);
  }
  const after = afterReading({ before: before.places, asked: listed.places, starts, from, now, since: from, gaps });
  return { changes, cursor: gaps.some(({ passes }) => passes === true) ? held(from, now) : now, places: after.places, gaps: after.gaps };
}

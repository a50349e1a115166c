import type { Estate } from '../estate/index.ts';
import type { Calls, Finding } from '../findings/index.ts';
import type { GrantState, LogGap } from '../ports/index.ts';
import { followGrants } from './follow-grants.ts';
import { gradeGrants, type Graded } from './grade-grants.ts';
import { inRun } from './in-run.ts';
import { readAbove } from './read-above.ts';
import { readChanges } from './read-changes.ts';
import { startOf } from './time-span.ts';
import { underLease } from './under-lease.ts';
import { isComplete, logGapsOf } from './watch-coverage.ts';
import type { WatchRequest } from './watch-request.ts';
import { tellingGrants } from './watch-telling.ts';

/** What one pass over grants saw. */
export interface GrantPass {
  readonly runId: string;
  readonly gaps: readonly LogGap[];
  readonly calls: Calls;
  /** Grants that stand, and those whose end was seen in this pass. */
  readonly findings: readonly Finding[];
}

export const grantLease = 'watch-grants';

/** One pass over grants, under its lease: it waits for no other, and goes on where the logs of refused calls cannot be read. */
export const watchGrants = (request: WatchRequest): Promise<GrantPass> =>
  tellingGrants(() =>
    underLease({ store: request.store, name: grantLease, holder: request.holder }, (stillOurs) => passOverGrants(request, stillOurs)),
  );

/**
 * Reads what was changed since the cursor, follows the grants that were made, judges them where something became of one, stores. `estate`: where another
 * pass has read it just now.
 */
export async function passOverGrants(request: WatchRequest, stillOurs: () => Promise<void>, estate?: Estate): Promise<GrantPass> {
  const { store } = request;
  const { pass } = await inRun(request, 'watch-grants', stillOurs, {
    decide: (runId) => decide(request, runId, estate),
    async save(runId, { state, graded }) {
      if (graded.changes !== undefined) await store.apply(runId, graded.changes, graded.notices);
      await store.saveGrants(state);
    },
    result: ({ pass: { gaps, calls }, graded }) => ({
      tenantId: graded.tenantId,
      complete: isComplete(gaps),
      calls,
      logGaps: logGapsOf(gaps),
    }),
  });
  return pass;
}

interface Decision {
  readonly pass: GrantPass;
  readonly state: GrantState;
  readonly graded: Graded;
}

async function decide(request: WatchRequest, runId: string, estate: Estate | undefined): Promise<Decision> {
  const { store, settings, progress } = request;
  const now = request.now();
  const before = await store.grantState();
  const from = startOf(before.cursor, now);
  progress(`reading what was changed since ${from}`);
  const read = await readChanges(request, before, from, now);
  const above = await readAbove(request, before.memory.readAboveUntil, now);
  const followed = followGrants(before.memory, [...read.changes, ...above.changes], now, settings.rules);
  // An estate that was read before these changes were known lacks the federated credentials they are about.
  const usable = followed.identities.size === 0 ? estate : undefined;
  const graded = await gradeGrants({ ...request, followed, estate: usable, now, runId });
  return {
    pass: {
      runId,
      gaps: [...read.gaps, ...above.gaps, ...graded.gaps],
      calls: { ...request.calls(), tables: store.calls() },
      findings: graded.findings,
    },
    state: { cursor: read.cursor, places: read.places, memory: { ...graded.memory, readAboveUntil: above.until } },
    graded,
  };
}

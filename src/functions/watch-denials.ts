import type { InvocationContext } from '@azure/functions';
import { ring } from '../jobs/ring.ts';
import { watchDenials } from '../jobs/watch-denials.ts';
import { inHouse } from './in-house.ts';

/** One pass over refused calls and grants per tick. */
export function watchTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async ({ house, settings, store, progress, warn }) => {
    const { run, incidents, grants, denials } = await watchDenials({
      ...house.logs(),
      source: house.source(),
      store,
      settings,
      now: house.now,
      holder: house.holder,
      dryRun: false,
      calls: () => house.calls(),
      progress,
    });
    await ring(house.doorbell(), warn);
    const alive = incidents.filter(({ status }) => status !== 'resolved').length;
    context.info(
      `Watch ${run.id}: ${denials.count} refused calls, ${alive} incidents alive, ${incidents.length - alive} resolved, ${grants.length} grants to look at; ${run.complete ? 'complete' : 'incomplete, see its coverage'}.`,
    );
  });
}

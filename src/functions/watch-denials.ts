import type { InvocationContext } from '@azure/functions';
import { ring } from '../jobs/ring.ts';
import { isComplete } from '../jobs/watch-coverage.ts';
import { watchDenials } from '../jobs/watch-denials.ts';
import { inHouse } from './in-house.ts';
import { watchRequest } from './watch-request.ts';

/** One pass over refused calls per tick. */
export function denialsTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async (inside) => {
    const { runId, gaps, denials, incidents } = await watchDenials(watchRequest(inside));
    await ring(inside.house.doorbell(), inside.warn);
    const alive = incidents.filter(({ status }) => status !== 'resolved').length;
    context.info(
      `Watch ${runId}: ${denials.count} refused calls, ${alive} incidents alive, ${incidents.length - alive} resolved; ${isComplete(gaps) ? 'complete' : 'incomplete, see its coverage'}.`,
    );
  });
}

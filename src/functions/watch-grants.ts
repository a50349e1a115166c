import type { InvocationContext } from '@azure/functions';
import { ring } from '../jobs/ring.ts';
import { isComplete } from '../jobs/watch-coverage.ts';
import { watchGrants } from '../jobs/watch-grants.ts';
import { inHouse } from './in-house.ts';
import { watchRequest } from './watch-request.ts';

/** One pass over grants per tick. */
export function grantsTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async (inside) => {
    const { runId, gaps, findings } = await watchGrants(watchRequest(inside));
    await ring(inside.house.doorbell(), inside.warn);
    const standing = findings.filter(({ status }) => status !== 'resolved').length;
    context.info(
      `Grants ${runId}: ${standing} to look at, ${findings.length - standing} resolved; ${isComplete(gaps) ? 'complete' : 'incomplete, see its coverage'}.`,
    );
  });
}

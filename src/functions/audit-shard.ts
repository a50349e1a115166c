import type { InvocationContext } from '@azure/functions';
import { ring } from '../jobs/ring.ts';
import { lookAfterPlan } from '../jobs/sharded/look-after-plan.ts';
import { performPiece } from '../jobs/sharded/perform-piece.ts';
import { inHouse } from './in-house.ts';
import { shardedRequest } from './sharded-request.ts';

/** One piece of an audit in shards. */
export function shardTaken(message: unknown, context: InvocationContext): Promise<void> {
  return inHouse(context, async (inside) => {
    const request = shardedRequest(inside);
    if (request === undefined) return inside.warn('No queue is set: there is no audit in shards.');
    inside.house.growHeapSlowly();
    const { said, audit, failed } = await performPiece(request, message);
    if (failed === true) context.error(said);
    else context.info(said);
    if (audit !== undefined) await ring(inside.house.doorbell(), inside.warn);
  });
}

/** Messages are lost, and whoever has one may die: what stands still is sent again. */
export function sweepShards(context: InvocationContext): Promise<void> {
  return inHouse(context, async (inside) => {
    const request = shardedRequest(inside);
    const said = request === undefined ? undefined : await lookAfterPlan(request);
    if (said !== undefined) context.info(said);
  });
}

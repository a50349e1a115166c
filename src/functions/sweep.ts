import type { InvocationContext } from '@azure/functions';
import { sweepShards } from './audit-shard.ts';
import { tell } from './notify.ts';

/** What queues lost: messages to people, and pieces of an audit in shards. Trouble with one keeps nobody from the other. */
export async function sweepTick(context: InvocationContext): Promise<void> {
  const swept = await Promise.allSettled([tell(context), sweepShards(context)]);
  const failed = swept.filter((each) => each.status === 'rejected').map(({ reason }): unknown => reason);
  if (failed.length > 1) throw new AggregateError(failed, 'Neither messages nor shards could be looked after.');
  if (failed.length === 1) throw failed[0];
}

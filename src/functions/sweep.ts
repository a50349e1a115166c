import type { InvocationContext } from '@azure/functions';
import { AlreadyRunning } from '../jobs/under-lease.ts';
import { sweepShards } from './audit-shard.ts';
import { tell } from './notify.ts';

/** What queues lost: messages to people, and pieces of an audit in shards. Trouble with one keeps nobody from the other. */
export async function sweepTick(context: InvocationContext): Promise<void> {
  const swept = await Promise.allSettled([tell(context), sweepShards(context)]);
  const failed = swept.filter((each) => each.status === 'rejected').map(({ reason }): unknown => reason);
  // That another instance is at one of them is no trouble, and must not hide the other's.
  const trouble = failed.filter((error) => !(error instanceof AlreadyRunning));
  if (trouble.length > 1) throw new AggregateError(trouble, 'Neither messages nor shards could be looked after.');
  if (failed.length > 0) throw trouble[0] ?? failed[0];
}

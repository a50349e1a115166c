import { partsFor, planShards } from '../../shards/index.ts';
import type { ShardPlan, SubscriptionRows } from '../../ports/index.ts';
import { underLease } from '../under-lease.ts';
import { duePieces, messagesFor } from './pieces.ts';
import type { ShardedRequest } from './sharded-request.ts';
import { lookAfterPlan } from './look-after-plan.ts';

export type Way =
  /** Small enough, or not to be counted: audited in one go. */
  | { readonly kind: 'whole' }
  /** Under way in shards; what has been done about it. */
  | { readonly kind: 'shards'; readonly said: string };

/**
 * Decides how an audit goes. Two queries count the rows of each subscription; past the setting the audit is cut into shards and handed to the queue. One that is
 * under way already is looked after instead. Throws when another audit holds the lease.
 */
export async function planAudit(request: ShardedRequest): Promise<Way> {
  const { store, settings, progress } = request;
  const standing = await lookAfterPlan(request);
  if (standing !== undefined) return { kind: 'shards', said: standing };
  const counted = await request.source.count(settings.scope);
  if (counted === undefined) {
    progress('Resource Graph did not count the rows: the audit goes in one piece');
    return { kind: 'whole' };
  }
  const rows = counted.counts.reduce((sum, { assignments, resources }) => sum + assignments + resources, 0);
  if (rows <= settings.shardRows) return { kind: 'whole' };
  return underLease({ store, name: 'audit', holder: request.holder }, async () => {
    const plan = await begin(request, counted);
    if (plan === undefined) return { kind: 'shards', said: 'Another invocation has just begun the audit in shards.' };
    return {
      kind: 'shards',
      said: `Audit ${plan.runId}: ${rows} rows are more than ${settings.shardRows}; it goes in ${plan.shards.length} shards and ${plan.parts} parts.`,
    };
  });
}

async function begin(
  { store, queue, settings: { shardRows }, now, nowMs, newName }: ShardedRequest,
  { counts, whole }: { readonly counts: readonly SubscriptionRows[]; readonly whole: boolean },
): Promise<ShardPlan | undefined> {
  const at = now();
  const run = await store.beginRun('audit', at, '');
  const plan: ShardPlan = {
    id: newName(),
    runId: run.id,
    at,
    begunMs: nowMs(),
    shards: planShards(counts, shardRows).map(({ subscriptions }) => subscriptions),
    parts: Math.max(partsFor(counts), Math.min(partsMax, Math.ceil(sumOf(counts) / shardRows))),
    counted: whole,
  };
  if (!(await store.putShardPlan(plan, undefined))) return undefined;
  await queue.send(messagesFor(plan, duePieces(plan, { done: new Map() })));
  return plan;
}

/** Each part reads all rows: more parts than these are no quicker. A tenant that needs more than this gets what `partsFor` says. */
const partsMax = 16;

const sumOf = (counts: readonly SubscriptionRows[]): number => counts.reduce((sum, { assignments }) => sum + assignments, 0);

import type { InvocationContext } from '@azure/functions';
import { auditEstate } from '../jobs/audit-estate.ts';
import { ring } from '../jobs/ring.ts';
import { rules } from '../rules/index.ts';
import { planAudit } from '../jobs/sharded/plan-audit.ts';
import { inHouse } from './in-house.ts';
import { shardedRequest } from './sharded-request.ts';

/** One audit per tick: in one go, or handed to the queue of shards where it is more than one invocation has room for. */
export function auditTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async (inside) => {
    const { house, settings, store, progress, warn } = inside;
    const sharded = shardedRequest(inside);
    const way = sharded === undefined ? { kind: 'whole' as const } : await planAudit(sharded);
    if (way.kind === 'shards') return context.info(way.said);
    const { run, summary } = await auditEstate({
      source: house.source(),
      store,
      settings,
      rules,
      now: house.now,
      holder: house.holder,
      dryRun: false,
      progress,
    });
    await ring(house.doorbell(), warn);
    context.info(
      `Audit ${run.id}: ${summary.new} new, ${summary.resolved} resolved, ${summary.reopened} reopened; ${run.complete ? 'complete' : 'incomplete, see its coverage'}.`,
    );
  });
}

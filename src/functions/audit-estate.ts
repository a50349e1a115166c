import type { InvocationContext } from '@azure/functions';
import { auditEstate } from '../jobs/audit-estate.ts';
import { ring } from '../jobs/ring.ts';
import { rules } from '../rules/index.ts';
import { inHouse } from './in-house.ts';

/** One audit per tick. */
export function auditTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async ({ house, settings, store, progress, warn }) => {
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

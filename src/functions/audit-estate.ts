import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse } from '../compose.ts';
import { auditEstate } from '../jobs/audit-estate.ts';
import { rules } from '../rules/index.ts';
import { deployedSettings } from './deployed-settings.ts';

/** One audit per tick. Returns nothing: what a timer returns is serialised, and its failure would fail the invocation. */
export async function auditOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  const settings = deployedSettings(process.env);
  const house = openHouse(settings, (line) => context.info(line));
  try {
    const store = await house.keptStore();
    const { run, summary } = await auditEstate({ source: house.source(), store, settings, rules, now: house.now, holder: house.holder, dryRun: false, progress: (line) => context.debug(line) });
    context.info(`Audit ${run.id}: ${summary.new} new, ${summary.resolved} resolved, ${summary.reopened} reopened; ${run.complete ? 'complete' : 'incomplete, see its coverage'}.`);
  } finally {
    await house.close();
  }
}

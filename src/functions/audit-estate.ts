import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse } from '../compose.ts';
import { auditEstate } from '../jobs/audit-estate.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { ring } from '../jobs/ring.ts';
import { rules } from '../rules/index.ts';
import { deployedSettings } from './deployed-settings.ts';

/** One audit per tick. Returns nothing: what a timer returns is serialised, and a value that cannot be would fail the invocation. */
export async function auditOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  try {
    const outcome = await audit(process.env, context);
    context.info(outcome);
  } catch (error) {
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(sentence(error));
    throw error;
  }
}

async function audit(environment: Readonly<Record<string, string | undefined>>, context: InvocationContext): Promise<string> {
  const settings = deployedSettings(environment);
  const house = openHouse(settings, (line) => context.info(line));
  try {
    const store = await house.keptStore();
    const progress = (line: string): void => context.debug(line);
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
    await ring(house.doorbell(), (line) => context.warn(line));
    return `Audit ${run.id}: ${summary.new} new, ${summary.resolved} resolved, ${summary.reopened} reopened; ${run.complete ? 'complete' : 'incomplete, see its coverage'}.`;
  } finally {
    await house.close();
  }
}

import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse } from '../compose.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { ring } from '../jobs/ring.ts';
import { watchDenials } from '../jobs/watch-denials.ts';
import { deployedSettings } from './deployed-settings.ts';

/** One pass over refused calls and grants per tick. Returns nothing, as the audit's timer. */
export async function watchOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  try {
    const outcome = await watch(process.env, context);
    context.info(outcome);
  } catch (error) {
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(sentence(error));
    throw error;
  }
}

async function watch(environment: Readonly<Record<string, string | undefined>>, context: InvocationContext): Promise<string> {
  const settings = deployedSettings(environment);
  const house = openHouse(settings, (line) => context.info(line));
  try {
    const store = await house.keptStore();
    const progress = (line: string): void => context.debug(line);
    const { run, incidents, grants, denials } = await watchDenials({
      ...house.logs(),
      source: house.source(),
      store,
      settings,
      now: house.now,
      holder: house.holder,
      dryRun: false,
      calls: () => house.calls(),
      progress,
    });
    await ring(house.doorbell(), (line) => context.warn(line));
    const alive = incidents.filter(({ status }) => status !== 'resolved').length;
    return `Watch ${run.id}: ${denials.count} refused calls, ${alive} incidents alive, ${incidents.length - alive} resolved, ${grants.length} grants to look at; ${run.complete ? 'complete' : 'incomplete, see its coverage'}.`;
  } finally {
    await house.close();
  }
}

import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse } from '../compose.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { pruneHistory } from '../jobs/prune-history.ts';
import { deployedSettings } from './deployed-settings.ts';

/** Forgets what is older than RETENTION_DAYS, once a tick. */
export async function pruneOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  try {
    const settings = deployedSettings(process.env);
    const house = openHouse(settings, (line) => context.info(line));
    try {
      const { retentionDays } = settings;
      const { runs, findings, history } = await pruneHistory({
        store: await house.keptStore(),
        retentionDays,
        now: house.now,
        holder: house.holder,
      });
      context.info(
        `Pruned what is older than ${retentionDays} days: ${runs} runs, ${findings} resolved findings, ${history} lines of history.`,
      );
    } finally {
      await house.close();
    }
  } catch (error) {
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(sentence(error));
    throw error;
  }
}

import type { InvocationContext } from '@azure/functions';
import { pruneHistory } from '../jobs/prune-history.ts';
import { inHouse } from './in-house.ts';

/** Forgets what is older than RETENTION_DAYS, once a tick. */
export function pruneTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async ({ house, settings: { retentionDays }, store }) => {
    const { runs, findings, history } = await pruneHistory({ store, retentionDays, now: house.now, holder: house.holder });
    context.info(
      `Pruned what is older than ${retentionDays} days: ${runs} runs, ${findings} resolved findings, ${history} lines of history.`,
    );
  });
}

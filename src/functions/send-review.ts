import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse } from '../compose.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { isWaiting, sendReview, summaryOfReview } from '../jobs/send-review.ts';
import { rules } from '../rules/index.ts';
import { deployedSettings } from './deployed-settings.ts';

/** The review of the month that ended last. Fails while a receiver is down, so that the host tries again; what was delivered is not sent twice. */
export async function reviewOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  try {
    const settings = deployedSettings(process.env);
    const house = openHouse(settings, (line) => context.info(line));
    try {
      const { monthBefore } = await import('../messages/review/index.ts');
      const { renderReviewMail } = await import('../messages/index.ts');
      const now = house.now();
      const sent = await sendReview({
        store: await house.keptStore(),
        month: monthBefore(now),
        now,
        clock: house.now,
        rules,
        subscriptions: {},
        channels: settings.channels,
        messenger: (channel) => house.messenger(channel),
        renderReviewMail,
        siteUrl: settings.siteUrl,
        portalUrl: house.portalUrl,
        holder: house.holder,
        progress: (line) => context.debug(line),
      });
      if (isWaiting(sent)) throw new Error(summaryOfReview(sent));
      context.info(summaryOfReview(sent));
    } finally {
      await house.close();
    }
  } catch (error) {
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(sentence(error));
    throw error;
  }
}

import type { InvocationContext } from '@azure/functions';
import { isWaiting, sendReview, summaryOfReview } from '../jobs/send-review.ts';
import { monthBefore } from '../messages/review/index.ts';
import { renderReviewMail } from '../messages/index.ts';
import { rules } from '../rules/index.ts';
import { inHouse } from './in-house.ts';

/** The review of the month that ended last. Fails while a receiver is down, so that the host tries again; what was delivered is not sent twice. */
export function reviewTick(context: InvocationContext): Promise<void> {
  return inHouse(context, async ({ house, settings, store, progress }) => {
    const now = house.now();
    const sent = await sendReview({
      store,
      month: monthBefore(now),
      now,
      clock: house.now,
      rules,
      channels: settings.channels,
      messenger: (channel) => house.messenger(channel),
      renderReviewMail,
      siteUrl: settings.siteUrl,
      portalUrl: house.portalUrl,
      holder: house.holder,
      progress,
    });
    if (isWaiting(sent)) throw new Error(summaryOfReview(sent));
    context.info(summaryOfReview(sent));
  });
}

import type { InvocationContext } from '@azure/functions';
import { notify } from '../jobs/notify.ts';
import { summaryOf, type NotifyReport } from '../jobs/notify-report.ts';
import { ring } from '../jobs/ring.ts';
import { AlreadyRunning } from '../jobs/under-lease.ts';
import { renderCard, renderMail } from '../messages/index.ts';
import { deployedSettings } from './deployed-settings.ts';
import { inHouse, type Inside } from './in-house.ts';

/** Looked at again so soon when another notifier is at work: it may have planned before the change that rang. */
const againSeconds = 30;
const soonestSeconds = 15;

/** Somebody rang, or the sweep looks for what the queue lost and what has become due. What is to be told stands in the store. */
export async function tell(context: InvocationContext): Promise<void> {
  if (deployedSettings(process.env).channels.length === 0) return context.debug('Nobody is to be told: no channel is set.');
  await inHouse(context, async (inside) => {
    const { house, warn } = inside;
    try {
      const report = await deliver(inside);
      for (const { channel, undeliverable } of report.channels)
        if (undeliverable.length > 0) warn(`${channel}: ${undeliverable.length} messages could not be delivered: ${undeliverable[0]?.why}`);
      context.info(summaryOf(report));
      const waitMs = report.nextDueAt === '' ? undefined : Date.parse(report.nextDueAt) - Date.parse(house.now());
      if (waitMs !== undefined) await ring(house.doorbell(), warn, Math.max(waitMs / 1_000, soonestSeconds));
    } catch (error) {
      if (error instanceof AlreadyRunning) await ring(house.doorbell(), warn, againSeconds);
      throw error;
    }
  });
}

const deliver = ({ house, settings, store, progress }: Inside): Promise<NotifyReport> =>
  notify({
    store,
    channels: settings.channels,
    messenger: (channel) => house.messenger(channel),
    render: { renderCard, renderMail },
    siteUrl: settings.siteUrl,
    portalUrl: house.portalUrl,
    now: house.now,
    holder: house.holder,
    dryRun: false,
    progress,
  });

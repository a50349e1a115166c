import type { InvocationContext, Timer } from '@azure/functions';
import { openHouse, type House } from '../compose.ts';
import { sentence } from '../jobs/error-sentence.ts';
import { notify } from '../jobs/notify.ts';
import { summaryOf, type NotifyReport } from '../jobs/notify-report.ts';
import { ring } from '../jobs/ring.ts';
import { AlreadyRunning } from '../jobs/under-lease.ts';
import { deployedSettings } from './deployed-settings.ts';

/** Somebody rang. What the message says does not matter: what is to be told stands in the store. */
export async function notifyOnRing(_message: unknown, context: InvocationContext): Promise<void> {
  await tell(context);
}

/** What the queue lost, and what has become due since. */
export async function sweepOnTimer(_timer: Timer, context: InvocationContext): Promise<void> {
  await tell(context);
}

/** Looked at again so soon when another notifier is at work: it may have planned before the change that rang. */
const againSeconds = 30;
const soonestSeconds = 15;

async function tell(context: InvocationContext): Promise<void> {
  try {
    const settings = deployedSettings(process.env);
    if (settings.channels.length === 0) return context.debug('Nobody is to be told: no channel is set.');
    const house = openHouse(settings, (line) => context.info(line));
    const warn = (line: string): void => context.warn(line);
    try {
      const report = await deliver(house, settings, context);
      for (const { channel, undeliverable } of report.channels)
        if (undeliverable.length > 0) warn(`${channel}: ${undeliverable.length} messages could not be delivered: ${undeliverable[0]?.why}`);
      context.info(summaryOf(report));
      const waitMs = report.nextDueAt === '' ? undefined : Date.parse(report.nextDueAt) - Date.parse(house.now());
      if (waitMs !== undefined) await ring(house.doorbell(), warn, Math.max(waitMs / 1_000, soonestSeconds));
    } catch (error) {
      if (!(error instanceof AlreadyRunning)) throw error;
      context.info(error.message);
      await ring(house.doorbell(), warn, againSeconds);
    } finally {
      await house.close();
    }
  } catch (error) {
    // The host passes on an error's message and stack only: the cause, where the reason stands, would be lost.
    context.error(sentence(error));
    throw error;
  }
}

async function deliver(house: House, settings: ReturnType<typeof deployedSettings>, context: InvocationContext): Promise<NotifyReport> {
  const { renderCard, renderMail } = await import('../messages/index.ts');
  return notify({
    store: await house.keptStore(),
    channels: settings.channels,
    messenger: (channel) => house.messenger(channel),
    render: { renderCard, renderMail },
    siteUrl: settings.siteUrl,
    portalUrl: house.portalUrl,
    now: house.now,
    holder: house.holder,
    dryRun: false,
    progress: (line) => context.debug(line),
  });
}

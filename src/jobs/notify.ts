import type { Channel, Notice, StoredDelivery } from '../outbox/index.ts';
import { interrupted, isOpen, plan, revived, worstFirst } from '../outbox/index.ts';
import type { Messenger, Outbox, Store, WatchStore } from '../ports/index.ts';
import type { Surroundings } from './message-context.ts';
import { notifyReport } from './report-deliveries.ts';
import type { NotifyReport } from './notify-report.ts';
import { sendDelivery, type Renderers, type Sending } from './send-delivery.ts';
import { telling } from './telling.ts';
import { underLease } from './under-lease.ts';

export interface NotifyRequest {
  readonly store: Store & WatchStore & Outbox;
  readonly channels: readonly Channel[];
  readonly messenger: (channel: Channel) => Messenger;
  readonly render: Renderers;
  readonly siteUrl?: string | undefined;
  readonly portalUrl: string;
  readonly now: () => string;
  readonly holder: string;
  /** Decide and render everything, write and send nothing. */
  readonly dryRun: boolean;
  /** Try once more what was given up. */
  readonly again?: boolean | undefined;
  readonly progress: (line: string) => void;
}

const runsMax = 50;
const toldDays = 90;
/** A run that says nothing for so long is over, however it ended. */
const runHoursMax = 1;

/**
 * Tells people what changed: plans, then sends what is due. Everything is told from stored state, so that a crash delays a message and loses none; one
 * whose answer is not known is sent again under the same reference and says that it may be a repeat. Throws `AlreadyRunning` when somebody else is at it.
 */
export function notify(request: NotifyRequest): Promise<NotifyReport> {
  if (request.dryRun) return rehearse(request);
  const { store, holder } = request;
  return telling('notify', () => underLease({ store, name: 'notify', holder }, (stillOurs) => perform(request, stillOurs)));
}

async function rehearse(request: NotifyRequest): Promise<NotifyReport> {
  const now = request.now();
  const { notices, deliveries, surroundings } = await read(request, now);
  const planned = plan({ notices, channels: request.channels, deliveries, now });
  const after = applied(deliveries, planned);
  const due = dueOf(after, request.channels, now);
  return notifyReport({ ...request, surroundings, notices, unrouted: planned.unrouted, sent: due, after, now });
}

async function perform(request: NotifyRequest, stillOurs: () => Promise<void>): Promise<NotifyReport> {
  const { store, channels, progress } = request;
  const now = request.now();
  const { notices, deliveries, surroundings } = await read(request, now);
  const recovered = await recover(request, deliveries, now, stillOurs);
  const planned = plan({ notices, channels, deliveries: recovered, now });
  await stillOurs();
  await store.savePlan(planned);
  const ready = applied(recovered, planned);
  const due = dueOf(ready, channels, now);
  progress(`sending ${due.length} messages`);
  const sending: Sending = { store, render: request.render, surroundings, now: request.now, stillOurs };
  const tried = await sendOnAll(request, due, sending);
  const after = replaced(ready, tried);
  await forgetOld(store, after, now);
  return notifyReport({
    ...request,
    surroundings,
    notices,
    unrouted: planned.unrouted,
    sent: tried.filter(({ state }) => state === 'sent'),
    after,
    now,
  });
}

async function forgetOld(store: Outbox, deliveries: readonly StoredDelivery[], now: string): Promise<void> {
  const before = Date.parse(now) - toldDays * 86_400_000;
  if (deliveries.some(({ sentAt, plannedAt }) => Date.parse(sentAt ?? plannedAt) < before))
    await store.forgetToldBefore(new Date(before).toISOString());
}

interface Read {
  readonly notices: readonly Notice[];
  readonly deliveries: readonly StoredDelivery[];
  readonly surroundings: Surroundings;
}

async function read({ store, siteUrl, portalUrl }: NotifyRequest, now: string): Promise<Read> {
  // Before the notices: a run that ended by then has written all of its own.
  const runs = await store.runs(runsMax);
  const busy: string[] = [];
  for (const job of ['audit', 'watch', 'watch-grants']) if ((await store.leaseHolder(job)) !== undefined) busy.push(job);
  const over = new Set(runs.filter(({ state, job }) => state !== 'started' || !busy.includes(job)).map(({ id }) => id));
  const isOver = ({ runId, at }: Notice): boolean => over.has(runId) || Date.parse(at) < Date.parse(now) - runHoursMax * 3_600_000;
  // Of a run that still writes, a digest would hold half.
  const notices = (await store.notices()).filter(isOver);
  const deliveries = await store.deliveries();
  return { notices, deliveries, surroundings: { now, runs, subscriptions: await store.subscriptionNames(), siteUrl, portalUrl } };
}

/** What was being sent when its sender ended, and what somebody wants to be tried again. */
async function recover(
  { store, again = false }: NotifyRequest,
  deliveries: readonly StoredDelivery[],
  now: string,
  stillOurs: () => Promise<void>,
): Promise<readonly StoredDelivery[]> {
  const changed = deliveries.flatMap((delivery): readonly StoredDelivery[] => {
    if (delivery.state === 'sending') return [interrupted(delivery, now)];
    return again && delivery.state === 'undeliverable' ? [revived(delivery, now)] : [];
  });
  await stillOurs();
  for (const delivery of changed) await store.saveDelivery(delivery);
  return replaced(deliveries, changed);
}

/** One channel after the other would let one that is down hold up the others. All of them end before the lease does. */
async function sendOnAll(request: NotifyRequest, due: readonly StoredDelivery[], sending: Sending): Promise<readonly StoredDelivery[]> {
  const rounds = await Promise.allSettled(request.channels.map((channel) => sendOn(request, channel, due, sending)));
  const failed = rounds.find((round) => round.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return rounds.flatMap((round) => (round.status === 'fulfilled' ? round.value : []));
}

async function sendOn(
  { messenger }: NotifyRequest,
  channel: Channel,
  due: readonly StoredDelivery[],
  sending: Sending,
): Promise<readonly StoredDelivery[]> {
  const tried: StoredDelivery[] = [];
  const opened = messenger(channel);
  let misses = 0;
  for (const delivery of due.filter((one) => one.channel === channel.name)) {
    const after = await sendDelivery(delivery, channel, opened, sending);
    tried.push(after);
    misses = after.state === 'planned' ? misses + 1 : 0;
    // It asked for silence, or two in a row did not get through: the others keep their turn for the next round.
    if (after.pausedUntil !== undefined || misses >= 2) break;
  }
  return tried;
}

/** The oldest first, so that what opened is told before what it came to; nothing on a channel that has asked for silence. */
function dueOf(deliveries: readonly StoredDelivery[], channels: readonly Channel[], now: string): readonly StoredDelivery[] {
  const isPast = (instant: string | undefined): boolean => instant === undefined || Date.parse(instant) <= Date.parse(now);
  const paused = new Set(deliveries.filter((one) => isOpen(one) && !isPast(one.pausedUntil)).map(({ channel }) => channel));
  const known = new Set(channels.map(({ name }) => name));
  return deliveries
    .filter(({ state, channel, dueAt }) => state === 'planned' && known.has(channel) && !paused.has(channel) && isPast(dueAt))
    .toSorted((a, b) => (a.plannedAt === b.plannedAt ? worstLine(a, b) : a.plannedAt < b.plannedAt ? -1 : 1));
}

/** Of those that were planned together, alerts before digests, the worst first. */
const worstLine = (a: StoredDelivery, b: StoredDelivery): number =>
  Number(a.because !== 'alert') - Number(b.because !== 'alert') || (a.lines[0] && b.lines[0] ? worstFirst(a.lines[0], b.lines[0]) : 0);

const keyOf = ({ channel, id }: Pick<StoredDelivery, 'channel' | 'id'>): string => `${channel} ${id}`;

function applied(
  deliveries: readonly StoredDelivery[],
  { puts, removed }: Pick<ReturnType<typeof plan>, 'puts' | 'removed'>,
): readonly StoredDelivery[] {
  const gone = new Set(removed.map(keyOf));
  return replaced(deliveries, puts).filter((delivery) => !gone.has(keyOf(delivery)));
}

function replaced(deliveries: readonly StoredDelivery[], changed: readonly StoredDelivery[]): readonly StoredDelivery[] {
  const byKey = new Map([...deliveries, ...changed].map((delivery) => [keyOf(delivery), delivery]));
  return [...byKey.values()];
}

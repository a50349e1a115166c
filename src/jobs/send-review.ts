import type { Mail, MessageContext, MessageGap } from '../messages/index.ts';
import type { Review } from '../messages/review/index.ts';
import type { Channel } from '../outbox/index.ts';
import type { Delivery, KeptReview, Messenger, ReviewDelivery } from '../ports/index.ts';
import { inDelivery, type Attempted } from '../telemetry/index.ts';
import { keepReview, reviewOfMonth, type BuildReviewRequest } from './build-review.ts';
import { telling } from './telling.ts';
import { underLease } from './under-lease.ts';

export interface SendReviewRequest extends BuildReviewRequest {
  readonly channels: readonly Channel[];
  readonly messenger: (channel: Channel) => Messenger;
  readonly renderReviewMail: (review: Review, context: MessageContext) => Promise<Mail>;
  readonly siteUrl?: string | undefined;
  readonly portalUrl: string;
  readonly clock: () => string;
  readonly holder: string;
}

export interface SentReview {
  readonly month: string;
  readonly channels: readonly { readonly channel: string; readonly delivery: ReviewDelivery; readonly news: boolean }[];
}

/**
 * The review of a month that is over, by mail to each channel that wants it, once. Before a mail leaves the house the store says that it is being sent:
 * what is found in that state later is sent again under the same reference, and says that it may be a repeat. Throws `AlreadyRunning`.
 */
export function sendReview(request: SendReviewRequest): Promise<SentReview> {
  return telling('review', () => sendUnderLease(request));
}

function sendUnderLease(request: SendReviewRequest): Promise<SentReview> {
  const { store, holder } = request;
  return underLease({ store, name: 'review', holder }, async (stillOurs) => {
    const channels = request.channels.filter(({ kind, purposes }) => kind === 'email' && purposes.includes('review'));
    const review = await reviewOfMonth(request);
    await stillOurs();
    let kept = await keepReview(store, review);
    const outcomes: SentReview['channels'][number][] = [];
    for (const channel of channels) {
      const before = kept.sent[channel.name];
      if (before?.state === 'delivered' || before?.state === 'refused') {
        outcomes.push({ channel: channel.name, delivery: before, news: false });
        continue;
      }
      const attempts = (before?.attempts ?? 0) + 1;
      kept = await note(request, kept, channel, { state: 'sending', at: request.clock(), attempts, why: '' }, stillOurs);
      const send = async (): Promise<ReviewDelivery> =>
        settled(await deliver(request, review, channel, attempts), attempts, request.clock());
      const delivery = await inDelivery(channel, attempted, send);
      kept = await note(request, kept, channel, delivery, stillOurs);
      outcomes.push({ channel: channel.name, delivery, news: true });
    }
    return { month: review.month, channels: outcomes };
  });
}

async function note(
  { store }: SendReviewRequest,
  kept: KeptReview,
  { name }: Channel,
  delivery: ReviewDelivery,
  stillOurs: () => Promise<void>,
): Promise<KeptReview> {
  await stillOurs();
  const changed = { ...kept, sent: { ...kept.sent, [name]: delivery } };
  await store.saveReview(changed);
  return changed;
}

async function deliver(request: SendReviewRequest, review: Review, channel: Channel, attempt: number): Promise<Delivery> {
  const { messenger, renderReviewMail } = request;
  try {
    const mail = await renderReviewMail(review, contextOf(request, review, channel, attempt));
    return await messenger(channel).sendMail(mail, channel.recipients, referenceOf(review, channel));
  } catch (error) {
    // Its words are not repeated: they may hold the address, which is a secret.
    return { kind: 'unknown', why: `the messenger failed (${error instanceof Error ? error.name : 'unknown error'})` };
  }
}

/** The same for every attempt of one month to one channel. */
const referenceOf = ({ month, tenant }: Review, { name }: Channel): string => `review.${tenant.id}.${month}.${name}`;

function contextOf({ now, siteUrl, portalUrl }: SendReviewRequest, review: Review, channel: Channel, attempt: number): MessageContext {
  const gaps = [...review.coverage.gaps, ...review.coverage.watchGaps].filter(({ stands }) => stands);
  return {
    now,
    tenantId: review.tenant.id,
    subscriptions: review.subscriptions,
    gaps: gaps.map(({ slice, scope, state, why, permission }): MessageGap => ({ slice, scope, state, why, permission })),
    ...(siteUrl !== undefined && { siteUrl }),
    portalUrl,
    reference: referenceOf(review, channel),
    attempt,
  };
}

function attempted({ state, why }: ReviewDelivery): Attempted {
  if (state === 'delivered') return { outcome: 'sent', why };
  return { outcome: state === 'refused' ? 'given_up' : 'failed', why };
}

function settled(outcome: Delivery, attempts: number, at: string): ReviewDelivery {
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'delivered', at, attempts, why: '' };
    case 'refused':
      return { state: 'refused', at, attempts, why: outcome.why };
    case 'later':
      // Nothing has arrived: the next one is no repeat.
      return { state: 'waiting', at, attempts: attempts - 1, why: outcome.why };
    case 'unknown':
      return { state: 'waiting', at, attempts, why: outcome.why };
  }
}

/** One sentence for a log; throws where somebody has to try again. */
export function summaryOfReview({ month, channels }: SentReview): string {
  if (channels.length === 0) return `Review of ${month}: made; no mail channel asks for it (purpose review).`;
  const words = channels.map(({ channel, delivery, news }) => {
    switch (delivery.state) {
      case 'delivered':
        return `${channel} ${news ? 'has it' : `had it since ${delivery.at}`}`;
      case 'refused':
        return `${channel} refused it: ${delivery.why}`;
      case 'sending':
      case 'waiting':
        return `${channel} waits: ${delivery.why}`;
    }
  });
  return `Review of ${month}: ${words.join('; ')}.`;
}

export const isWaiting = ({ channels }: SentReview): boolean => channels.some(({ delivery }) => delivery.state === 'waiting');

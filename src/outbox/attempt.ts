import type { StoredDelivery } from './stored-delivery.ts';

/** What became of an attempt; the shape of the messenger's answer. */
export type Outcome =
  | { readonly kind: 'delivered'; readonly note?: string }
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterSeconds?: number }
  | { readonly kind: 'unknown'; readonly why: string }
  | { readonly kind: 'refused'; readonly why: string };

const firstWaitSeconds = 60;
const waitSecondsMax = 3_600;
/** A weekend and a bit: somebody has to notice that a flow is switched off. */
const laterHoursMax = 96;
/** Each of them may have put one more copy on somebody's screen. */
const unansweredMax = 5;
const retryAfterSecondsMax = 24 * 3_600;
const whyCharsMax = 300;

/** Written before anything leaves the house. */
export const begun = (delivery: StoredDelivery, now: string): StoredDelivery => ({
  ...delivery,
  state: 'sending',
  attempts: delivery.attempts + 1,
  triedAt: now,
});

/** Found in `sending` by the next one who looks. */
export const interrupted = (delivery: StoredDelivery, now: string): StoredDelivery =>
  settled(delivery, { kind: 'unknown', why: 'the sender ended before an answer came' }, now);

export function settled(delivery: StoredDelivery, outcome: Outcome, now: string): StoredDelivery {
  const { pausedUntil: _paused, lastWhy: _why, ...rest } = delivery;
  switch (outcome.kind) {
    case 'delivered':
      return { ...rest, state: 'sent', sentAt: now, ...(outcome.note !== undefined && { lastWhy: clipped(outcome.note) }) };
    case 'refused':
      return { ...rest, state: 'undeliverable', lastWhy: clipped(outcome.why) };
    case 'unknown': {
      const tried = { ...rest, unanswered: rest.unanswered + 1, lastWhy: clipped(outcome.why) };
      return tried.unanswered >= unansweredMax ? { ...tried, state: 'undeliverable' } : postponed(tried, now, 0);
    }
    case 'later': {
      const tried = { ...rest, lastWhy: clipped(outcome.why) };
      if (Date.parse(now) - Date.parse(rest.plannedAt) > laterHoursMax * 3_600_000) return { ...tried, state: 'undeliverable' };
      return postponed(tried, now, Math.min(Math.max(outcome.retryAfterSeconds ?? 0, 0), retryAfterSecondsMax));
    }
  }
}

/** Sent once more because somebody asked for it. */
export const revived = ({ pausedUntil: _paused, ...delivery }: StoredDelivery, now: string): StoredDelivery => ({
  ...delivery,
  state: 'planned',
  plannedAt: now,
  dueAt: now,
  unanswered: Math.min(delivery.unanswered, 1),
});

function postponed(delivery: StoredDelivery, now: string, askedSeconds: number): StoredDelivery {
  const waitSeconds = Math.max(backOffSeconds(delivery), askedSeconds);
  return {
    ...delivery,
    state: 'planned',
    dueAt: after(now, waitSeconds),
    ...(askedSeconds > 0 && { pausedUntil: after(now, askedSeconds) }),
  };
}

/** Doubles up to an hour; spread by a fifth, by the message's own name, so that many do not come back at once. */
function backOffSeconds({ id, attempts }: StoredDelivery): number {
  const wait = Math.min(firstWaitSeconds * 2 ** Math.min(attempts - 1, 20), waitSecondsMax);
  let spread = attempts;
  for (const char of id) spread = (spread * 31 + char.charCodeAt(0)) % 1_000;
  return Math.round(wait * (0.8 + (spread / 1_000) * 0.4));
}

const after = (instant: string, seconds: number): string => new Date(Date.parse(instant) + seconds * 1_000).toISOString();
const clipped = (why: string): string => why.slice(0, whyCharsMax).toWellFormed();

import type { Mail } from '../messages/index.ts';

/** What became of one attempt to deliver. */
export type Delivery =
  /** `note`: what an admin should know all the same, such as a recipient that the mail server did not take. */
  | { readonly kind: 'delivered'; readonly note?: string }
  /** Not taken now: throttled, or the receiver is down. Nothing has arrived. */
  | { readonly kind: 'later'; readonly why: string; readonly retryAfterSeconds?: number }
  /** No answer came: it may have arrived. */
  | { readonly kind: 'unknown'; readonly why: string }
  /** It will never be taken like this. */
  | { readonly kind: 'refused'; readonly why: string };

/** Sends to one channel. `why` never holds the channel's secret. Never throws for what a receiver does. */
export interface Messenger {
  sendCard(payload: string, reference: string): Promise<Delivery>;
  sendMail(mail: Mail, recipients: readonly string[], reference: string): Promise<Delivery>;
}

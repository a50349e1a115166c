import type { Severity } from '../rules/index.ts';

export const purposes = ['alerts', 'digest', 'review'] as const;
/** `alerts`: at once, one message each. `digest`: all changes of a run in one message. `review`: the monthly review. */
export type Purpose = (typeof purposes)[number];

/** Where people are told. Its secret (webhook URL, SMTP password) is not in here: settings hold it, and only the adapter that sends sees it. */
export interface Channel {
  /** Lower-case letters, digits and hyphens; part of storage keys. */
  readonly name: string;
  readonly kind: 'teams' | 'email';
  /** E-mail only. */
  readonly recipients: readonly string[];
  readonly purposes: readonly Purpose[];
  readonly filter: ChannelFilter;
  readonly quietHours?: QuietHours;
  /** More messages than this within an hour become one digest that says how many it holds. */
  readonly messagesPerHourMax: number;
}

/** Absent or empty: no restriction. All that are given must match. */
export interface ChannelFilter {
  /** This severe or worse. */
  readonly severity?: Severity;
  /** Ids of rules and causes. */
  readonly topics?: readonly string[];
  /** Subscription ids. */
  readonly subscriptions?: readonly string[];
  /** `name` or `subscription-id/name`. */
  readonly resourceGroups?: readonly string[];
  /** `name` or `name=value`; one of them suffices. */
  readonly tags?: readonly string[];
}

/** Local times of day; what comes within them waits for their end, unless it is this severe. */
export interface QuietHours {
  /** `22:00` */
  readonly from: string;
  readonly to: string;
  /** IANA name, such as Europe/Berlin. */
  readonly timeZone: string;
  /** Sent all the same when this severe or worse. */
  readonly exceptSeverity: Severity;
}

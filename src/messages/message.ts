import type { Finding } from '../findings/index.ts';
import type { Incident } from '../incidents/index.ts';
import type { NoticeEvent } from '../outbox/index.ts';
import type { Severity } from '../rules/index.ts';

/** What a channel is told, before it is rendered as a card or a mail. */
export type Message = IncidentMessage | FindingMessage | DigestMessage;

export interface IncidentMessage {
  readonly kind: 'incident';
  readonly event: NoticeEvent;
  readonly incident: Incident & { readonly resolvedAt?: string; readonly resolvedBy?: string };
}

export interface FindingMessage {
  readonly kind: 'finding';
  readonly event: NoticeEvent;
  readonly finding: Finding;
  /** The latest line of its history, such as the reason of an acceptance that expired. */
  readonly note: string;
}

/** Many changes in one message. */
export interface DigestMessage {
  readonly kind: 'digest';
  /** Why they come together. */
  readonly because: 'digest' | 'quiet-hours' | 'rate-cap';
  /** Most severe first; at most as many as are worth naming. */
  readonly entries: readonly DigestEntry[];
  /** How many changes it stands for, by event and by severity; `total` may be more than `entries`. */
  readonly total: number;
  readonly byEvent: Readonly<Partial<Record<NoticeEvent, number>>>;
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  readonly from: string;
  readonly to: string;
}

export interface DigestEntry {
  readonly about: 'finding' | 'incident';
  readonly id: string;
  readonly event: NoticeEvent;
  readonly severity: Severity;
  readonly topic: string;
  readonly title: string;
  readonly scope: string;
}

/** What stands around every message. */
export interface MessageContext {
  readonly now: string;
  readonly tenantId: string;
  /** Names of subscriptions, by lower-case id. */
  readonly subscriptions: Readonly<Record<string, string>>;
  /** What could not be seen in the run that the message comes from; empty when it saw everything. */
  readonly gaps: readonly MessageGap[];
  /** Address of the page, without a slash at the end; absent where none is set: then there are no links to it. */
  readonly siteUrl?: string;
  /** Azure portal of the cloud, without a slash at the end. */
  readonly portalUrl: string;
  /** Names this delivery: the same message sent twice carries the same. */
  readonly reference: string;
  /** More than 1 when an earlier attempt ended without an answer: the reader may have it already. */
  readonly attempt: number;
}

export interface MessageGap {
  readonly slice: string;
  readonly scope: string;
  readonly state: 'partial' | 'missing';
  readonly why: string;
  readonly permission: string;
}

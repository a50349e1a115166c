import type { Severity } from '../rules/index.ts';
import type { NoticeEvent } from './notice.ts';

/**
 * One message to one channel, from the decision to send it until it is there. `planned` → `sending` → `sent`, or `undeliverable`, which stays
 * to be seen. `sending` is written before each attempt: found later, the sender died in between and nobody knows.
 */
export interface StoredDelivery {
  /** Unique within its channel; the same message sent twice has the same. */
  readonly id: string;
  readonly channel: string;
  readonly state: 'planned' | 'sending' | 'sent' | 'undeliverable';
  /** `alert`: a message of its own. Otherwise why several come together. */
  readonly because: 'alert' | 'digest' | 'quiet-hours' | 'rate-cap';
  /** What it tells, one line for each subject: the latest. */
  readonly lines: readonly Line[];
  /** Instants of the first and the last change in it. */
  readonly from: string;
  readonly to: string;
  /** Runs that made the changes, the latest of them. */
  readonly runIds: readonly string[];
  readonly plannedAt: string;
  /** Not before this instant. */
  readonly dueAt: string;
  readonly attempts: number;
  /** Attempts that ended without an answer: so often the reader may have it already. */
  readonly unanswered: number;
  readonly triedAt?: string;
  readonly lastWhy?: string;
  /** The receiver asked for silence until this instant. */
  readonly pausedUntil?: string;
  readonly sentAt?: string;
}

export interface Line {
  readonly about: 'finding' | 'incident';
  readonly subjectId: string;
  readonly revision: number;
  readonly event: NoticeEvent;
  readonly severity: Severity;
  readonly topic: string;
}

/** Nothing of it can have reached anybody: its content may still change. */
export const isWaiting = ({ state, unanswered }: StoredDelivery): boolean => state === 'planned' && unanswered === 0;

/** Still to be sent. */
export const isOpen = ({ state }: StoredDelivery): boolean => state === 'planned' || state === 'sending';

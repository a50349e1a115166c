import type { HistoryEntry, Run } from '../findings/index.ts';

/** What the monthly review reads that nobody else does, and what is kept of it. */
export interface ReviewStore {
  /** Runs that started within (from, until), newest first, one by one: a month of watches is nine thousand. */
  runsWithin(from: string, until: string): AsyncIterable<Run>;
  /** Of all findings, also of those long resolved; the entries of one finding together, oldest first. */
  history(): AsyncIterable<HistoryEntry>;
  keptReview(month: string): Promise<KeptReview | undefined>;
  /** Of the months before that one, the latest. */
  reviewBefore(month: string): Promise<KeptReview | undefined>;
  saveReview(review: KeptReview): Promise<void>;
}

export interface KeptReview {
  /** `2026-10` */
  readonly month: string;
  readonly generatedAt: string;
  readonly tenantId: string;
  /** Key figures by name. */
  readonly values: Readonly<Record<string, number>>;
  /** By channel: what became of sending it. `sending` is written first, so that a crash is seen. */
  readonly sent: Readonly<Record<string, ReviewDelivery>>;
}

export interface ReviewDelivery {
  readonly state: 'sending' | 'delivered' | 'waiting' | 'refused';
  readonly at: string;
  /** Those after which it may have arrived. */
  readonly attempts: number;
  readonly why: string;
}

import type { Notice, StoredDelivery } from '../outbox/index.ts';

/**
 * What is to be told, and what became of it. Notices come in with the changes they are about (`Store.apply`, `WatchStore.saveWatch`) and before them;
 * those whose change did not come about are not shown here.
 */
export interface Outbox {
  notices(): Promise<readonly Notice[]>;
  /** All of them, of channels that the settings no longer name too. */
  deliveries(): Promise<readonly StoredDelivery[]>;
  /** Deliveries, then the removals, then the notices: a crash in between leaves something twice, and nothing nowhere. */
  savePlan(plan: {
    readonly puts: readonly StoredDelivery[];
    readonly removed: readonly Pick<StoredDelivery, 'channel' | 'id'>[];
    readonly done: readonly Pick<Notice, 'subjectId' | 'revision'>[];
  }): Promise<void>;
  saveDelivery(delivery: StoredDelivery): Promise<void>;
  /** Forgets what was sent before that instant, what was planned before it and did not get there, and notices of then whose change never came about. */
  forgetToldBefore(instant: string): Promise<void>;
}

/** Messages that a function of the app could not handle five times, and that the host laid aside. */
export interface PoisonQueues {
  /** Queues that hold some, and queues that could not be looked into. Nothing is taken out. */
  look(): Promise<readonly PoisonQueue[]>;
}

export interface PoisonQueue {
  /** Such as `notify-poison`. */
  readonly queue: string;
  /** As the storage counts them, which is about right. */
  readonly messages: number;
  /** When the first of them was laid aside; empty: not known. */
  readonly oldestAt: string;
  /** Why it could not be looked into; empty: it could. */
  readonly trouble: string;
}

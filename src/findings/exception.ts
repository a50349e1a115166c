/** A risk someone accepted, with a reason and an end. */
export interface Exception {
  readonly id: string;
  /** The finding it accepts. */
  readonly findingId: string;
  readonly rule: string;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: string;
  /** Instant at which the acceptance ends. */
  readonly until: string;
  readonly endedAt?: string;
}

/** A risk someone accepted, with a reason and an end. */
export interface Exception {
  /** Derived from the finding and the instant of acceptance. */
  readonly id: string;
  /** The finding it accepts. */
  readonly findingId: string;
  readonly rule: string;
  readonly reason: string;
  readonly author: string;
  readonly createdAt: string;
  /** Instant at which the acceptance ends. */
  readonly until: string;
  /** Set when somebody ended it early, or a later acceptance took its place. */
  readonly endedAt?: string;
}

export const exceptionId = (findingId: string, createdAt: string): string => `${findingId}.${createdAt.replace(/[^0-9TZ]/g, '')}`;

/** Expiry is never written down: it follows from the end date, so that no run has to happen for it. */
export const isActive = (exception: Exception, now: string): boolean =>
  exception.endedAt === undefined && Date.parse(exception.until) > Date.parse(now);

/** The acceptance that counts for each finding: active ones first, then the one made last. */
export function latestByFinding(exceptions: readonly Exception[], now: string): ReadonlyMap<string, Exception> {
  const latest = new Map<string, Exception>();
  for (const exception of exceptions) {
    const other = latest.get(exception.findingId);
    if (other === undefined || rank(exception, now) > rank(other, now)) latest.set(exception.findingId, exception);
  }
  return latest;
}

const rank = (exception: Exception, now: string): string => `${isActive(exception, now) ? 1 : 0} ${exception.createdAt} ${exception.id}`;

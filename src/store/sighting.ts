import type { StoredFinding } from '../findings/index.ts';

/**
 * A finding that a run saw again, unchanged, is not written again: 20,000 writes a day would say nothing but "still there". Its `lastSeenAt`
 * follows from the one row that says when its rule was last checked. This holds because whatever such a run did *not* see was resolved, or marked
 * `unjudged` with its `lastSeenAt` standing still, before that row was written.
 */
export function seenAt(finding: StoredFinding, checkedAt: Readonly<Record<string, string>>): StoredFinding {
  if (finding.status === 'resolved' || finding.unjudged !== undefined) return finding;
  const lastSeenAt = later(finding.lastSeenAt, checkedAt[finding.rule] ?? '');
  return lastSeenAt === finding.lastSeenAt ? finding : { ...finding, lastSeenAt };
}

/** The later of two instants; the empty string is none. */
export function later(a: string, b: string): string {
  return a === b || b === '' || Date.parse(a) >= Date.parse(b) ? a : b;
}

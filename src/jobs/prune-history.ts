import type { Pruned, Store } from '../ports/index.ts';
import { telling } from './telling.ts';
import { underLease } from './under-lease.ts';

export interface PruneRequest {
  readonly store: Store;
  /** Findings resolved longer ago are forgotten with their history; runs of audits too. */
  readonly retentionDays: number;
  readonly now: () => string;
  readonly holder: string;
}

/** A watch runs 288 times a day, and what it left undone a month ago concerns nobody. */
const watchRunsDays = 30;
const dayMs = 86_400_000;

/** Under the lease of audits: none may reopen a finding while it is being forgotten. What still stands is never forgotten, nor is its history. */
export function pruneHistory({ store, retentionDays, now, holder }: PruneRequest): Promise<Pruned> {
  const daysAgo = (days: number): string => new Date(Date.parse(now()) - days * dayMs).toISOString();
  return telling('prune', () =>
    underLease({ store, name: 'audit', holder }, async (stillOurs) => {
      await stillOurs();
      return store.prune({
        audits: daysAgo(retentionDays),
        watches: daysAgo(Math.min(watchRunsDays, retentionDays)),
        findings: daysAgo(retentionDays),
      });
    }),
  );
}

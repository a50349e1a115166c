import type { BenignCount } from '../denials/index.ts';
import type { Calls, Finding } from '../findings/index.ts';
import type { Incident } from '../incidents/index.ts';

/** What one pass of the watch saw: the published contract `mi-audit/watch/v1`. Fields are added, never renamed or removed. */
export interface WatchReport {
  readonly schema: 'mi-audit/watch/v1';
  readonly run: {
    readonly id: string;
    /** Ingestion window that was read. */
    readonly from: string;
    readonly to: string;
    /** False when something could not be read. What is not logged at all is in `coverage` and does not count here. */
    readonly complete: boolean;
    readonly calls: Calls;
    readonly dryRun: boolean;
  };
  readonly coverage: readonly WatchCoverage[];
  /** Rows behind the aggregates of this pass, refused calls in them, and those that are normal life. */
  readonly denials: { readonly rows: number; readonly count: number; readonly benign: readonly BenignCount[]; readonly ofPeople: number };
  readonly incidents: readonly Incident[];
  readonly grants: readonly Finding[];
}

export interface WatchCoverage {
  readonly slice: string;
  readonly scope: string;
  readonly state: 'whole' | 'partial' | 'missing';
  readonly why: string;
  readonly permission: string;
  /** The command that would close it, where logging has to be switched on. */
  readonly command: string;
}

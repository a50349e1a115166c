import type {
  Changes,
  Exception,
  Finding,
  FindingStatus,
  HistoryEntry,
  MemoryChanges,
  Remembered,
  Run,
  StoredFinding,
} from '../findings/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { Memory, Severity } from '../rules/index.ts';
import type { CollectMemory } from './estate-source.ts';
import type { Queries, Upkeep } from './queries.ts';

/** Everything a run needs to know, read in one pass. `remembered` is what `remember` takes; `memory` and `collect` are its parts by reader. */
export interface Known {
  readonly findings: ReadonlyMap<string, StoredFinding>;
  readonly exceptions: readonly Exception[];
  readonly memory: Memory;
  readonly collect: CollectMemory;
  readonly remembered: Remembered;
}

export interface FindingFilter {
  readonly status?: readonly FindingStatus[];
  readonly severity?: readonly Severity[];
  readonly rule?: readonly string[];
  /** Object id, or the ARM id of the identity. */
  readonly principal?: string;
  /** The scope and everything below it. */
  readonly scope?: string;
  /** Last changed at or after this instant. */
  readonly since?: string;
  /** Subscription ids: one of them holds the scope. */
  readonly subscription?: readonly string[];
  /** `name` or `subscription-id/name`: one of them holds the scope. */
  readonly resourceGroup?: readonly string[];
  /** `name` or `name=value`, in force on the scope, the principal's resource or what they lie in. Names without case, values with it. */
  readonly tag?: string;
}

/** Held while a run writes; a second run waits or gives up instead of corrupting. */
export interface Lease {
  /** Throws when it is lost: somebody else may be writing. */
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface LeaseHolder {
  readonly holder: string;
  readonly until: string;
}

export interface Store extends Queries, Upkeep {
  /** Undefined when another run holds it (`leaseHolder` says who). Ends by itself after `seconds`. */
  lease(name: string, holder: string, seconds: number): Promise<Lease | undefined>;
  leaseHolder(name: string): Promise<LeaseHolder | undefined>;
  /** Starts a run, or continues the one that died: same id, same start. */
  beginRun(job: Run['job'], now: string, tenantId: string): Promise<Run>;
  /** What earlier runs left. What `runId` itself wrote before it died counts, except as an earlier sighting of a missing principal. */
  known(runId: string): Promise<Known>;
  /** Safe to repeat and to cut off anywhere: upserts under derived keys. What is to be told of the changes is written before them. */
  apply(runId: string, changes: Changes, notices?: readonly Notice[]): Promise<void>;
  finishRun(run: Run): Promise<void>;
  /** Display names by lower-case GUID. */
  saveSubscriptionNames(names: Readonly<Record<string, string>>): Promise<void>;
  subscriptionNames(): Promise<Readonly<Record<string, string>>>;
  findings(filter: FindingFilter): AsyncIterable<StoredFinding>;
  finding(id: string): Promise<{ readonly finding: StoredFinding; readonly history: readonly HistoryEntry[] } | undefined>;
  saveException(
    exceptions: readonly Exception[],
    changed: { readonly finding: StoredFinding; readonly history: readonly HistoryEntry[] },
  ): Promise<void>;
  exceptions(): Promise<readonly Exception[]>;
  /** Newest first; of one job where one is named. */
  runs(limit: number, job?: Run['job']): Promise<readonly Run[]>;
  /** Rows that could not be read and were left out, one sentence each kind of trouble. */
  notes(): readonly string[];
  /** Storage calls made so far. */
  calls(): number;
  close(): Promise<void>;
}

export type { Changes, Finding, MemoryChanges };

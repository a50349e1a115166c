import type { Exception, Finding, FindingStatus, HistoryEntry, Run, StoredFinding } from '../findings/index.ts';
import type { Memory, Severity } from '../rules/index.ts';
import type { CollectMemory } from './estate-source.ts';

/** Everything reconcile needs to know, read in one pass. */
export interface Known {
  readonly findings: ReadonlyMap<string, StoredFinding>;
  readonly exceptions: readonly Exception[];
  readonly memory: Memory;
  readonly collect: CollectMemory;
}

/** The complete list of writes of one run, decided before the first of them. */
export interface Changes {
  readonly findings: readonly StoredFinding[];
  readonly history: readonly HistoryEntry[];
  readonly exceptions: readonly Exception[];
  readonly memory: MemoryChanges;
}

export interface MemoryChanges {
  readonly missing: readonly { readonly principalId: string; readonly since: string; readonly runId: string }[];
  /** Principals that are no longer missing (restored, or their last assignment is gone). */
  readonly noLongerMissing: readonly string[];
  readonly identities: readonly { readonly principalId: string; readonly kind: 'system-assigned' | 'user-assigned'; readonly resourceId: string; readonly name: string; readonly lastSeenAt: string }[];
  readonly federatedCredentials: CollectMemory['federatedCredentials'];
  readonly subscriptions: readonly string[];
}

export interface FindingFilter {
  readonly status?: readonly FindingStatus[];
  readonly severity?: readonly Severity[];
  readonly rule?: readonly string[];
  readonly principal?: string;
  /** The scope and everything below it. */
  readonly scope?: string;
  /** Last changed at or after this instant. */
  readonly since?: string;
}

/** Held while a run writes; a second run waits or gives up instead of corrupting. */
export interface Lease {
  renew(): Promise<void>;
  release(): Promise<void>;
}

export interface Store {
  /** Undefined when another run holds it. Ends by itself after `seconds`. */
  lease(name: string, holder: string, seconds: number): Promise<Lease | undefined>;
  /** Starts a run, or continues the one that died: same id, same start. */
  beginRun(job: Run['job'], now: string, tenantId: string): Promise<Run>;
  known(): Promise<Known>;
  /** Safe to repeat and to cut off anywhere: upserts under derived keys. */
  apply(runId: string, changes: Changes): Promise<void>;
  finishRun(run: Run): Promise<void>;
  findings(filter: FindingFilter): AsyncIterable<StoredFinding>;
  finding(id: string): Promise<{ readonly finding: StoredFinding; readonly history: readonly HistoryEntry[] } | undefined>;
  saveException(exception: Exception, changed: { readonly finding: StoredFinding; readonly history: readonly HistoryEntry[] }): Promise<void>;
  exceptions(): Promise<readonly Exception[]>;
  runs(limit: number): Promise<readonly Run[]>;
  /** Storage calls made so far. */
  calls(): number;
  close(): Promise<void>;
}

export type { Finding };

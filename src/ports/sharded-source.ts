import type { Assignment, Estate, Gap } from '../estate/index.ts';
import type { Calls } from '../findings/index.ts';
import type { CollectRequest, CollectScope } from './estate-source.ts';

/** How many rows lie in a subscription (lower-case GUID). */
export interface SubscriptionRows {
  readonly subscription: string;
  readonly assignments: number;
  readonly resources: number;
}

/** What is collected by subscription: lists of an estate. */
export type EstateRows = Pick<Estate, 'assignments' | 'identities' | 'hosts' | 'policyAssignments' | 'vaults' | 'clusters' | 'workspaces'>;

/** One reading of rows. All but the rows is small and JSON. */
export interface RowsRead {
  readonly rows: EstateRows;
  readonly about: RowsAbout;
}

export interface RowsAbout {
  readonly resourceGaps: readonly Gap[];
  readonly policyGaps: readonly Gap[];
  readonly assignmentGaps: readonly Gap[];
  /** Role → one definition id as an assignment spells it. */
  readonly roleDefinitionIds: readonly (readonly [string, string])[];
  readonly calls: Calls;
}

/** The tenant in pieces: the same questions as `EstateSource.collect` asks, so that the pieces put together are the same estate. */
export interface ShardedSource {
  /** Rows by subscription. Not whole where Azure cut the count: subscriptions may be missing from it. Undefined where it did not answer. */
  count(scope: CollectScope): Promise<{ readonly counts: readonly SubscriptionRows[]; readonly whole: boolean } | undefined>;
  /** What lies in these subscriptions (lower-case GUIDs). */
  collectIn(subscriptions: readonly string[], progress: CollectRequest['progress']): Promise<RowsRead>;
  /** What lies above subscriptions, and all policy assignments. */
  collectAbove(request: Pick<CollectRequest, 'scope' | 'progress'>): Promise<RowsRead>;
  /** Everything that is known once for the tenant, given all rows; the lists of rows are empty in the answer. */
  collectFacts(
    request: CollectRequest & { readonly collected: CollectedRows },
  ): Promise<{ readonly estate: Estate; readonly calls: Calls }>;
}

/** All rows, in pieces that can be read again. */
export interface CollectedRows {
  readonly about: readonly RowsAbout[];
  /** Subscriptions that were collected; undefined: all there are. */
  readonly subscriptions: ReadonlySet<string> | undefined;
  assignments(): AsyncIterable<Assignment>;
  /** Everything else, batch by batch. */
  resources(): AsyncIterable<Omit<EstateRows, 'assignments'>>;
}

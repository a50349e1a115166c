import type { FindingStatus, StoredFinding } from '../findings/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { IdentitySheet } from '../inventory/index.ts';
import type { Severity } from '../rules/index.ts';
import type { FindingFilter } from './store.ts';
import type { IncidentFilter } from './watch-store.ts';

/**
 * `severity`: worst first, of equal ones the latest changed first. `changed`: the latest changed first. Ties end with the id, so that an order is whole.
 */
export type FindingSort = 'severity' | 'changed';

export interface PageRequest {
  /** Items wanted, 1–1000. A page may hold fewer and still have a cursor: the store stops looking after a bounded number of rows. */
  readonly limit: number;
  /** From the page before, opaque. It names the last item, so that what changes meanwhile neither shifts nor doubles the rest. */
  readonly cursor?: string | undefined;
}

export interface FindingQuery extends PageRequest {
  readonly filter: FindingFilter;
  readonly sort?: FindingSort | undefined;
}

export interface IncidentQuery extends PageRequest {
  readonly filter: IncidentFilter;
  /** `changed` goes by the last denial. */
  readonly sort?: FindingSort | undefined;
}

export interface IdentityFilter {
  /** Beginning of the name, or of any part of it, of an id, or of the resource's name. */
  readonly search?: string | undefined;
  /** ARM id of the identity's resource: this one and what lies below it. */
  readonly scope?: string | undefined;
  /** Identities whose worst grant is this severe or worse. */
  readonly severity?: Severity | undefined;
}

export interface IdentityQuery extends PageRequest {
  readonly filter: IdentityFilter;
  /** `name` unless told; `severity`: the worst grant first. */
  readonly sort?: 'name' | 'severity' | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Absent: there is no more. */
  readonly cursor?: string;
  /** Storage calls that this page took. */
  readonly roundTrips: number;
}

export interface FindingCount {
  readonly rule: string;
  readonly status: FindingStatus;
  readonly severity: Severity;
  readonly count: number;
}

/** One day of the trend. */
export interface TrendPoint {
  /** `2026-11-20`, UTC. */
  readonly day: string;
  /** Findings that asked for something at the day's end: new, open and reopened ones, after its last audit or a later pass of the watch. */
  readonly open: Readonly<Record<Severity, number>>;
  /** What the day's audits saw come, go and come back; what the watch found is in `open` only. */
  readonly new: number;
  readonly resolved: number;
  readonly reopened: number;
  /** Accepted at the same instant as `open`. */
  readonly accepted: number;
  readonly incidentsOpened: number;
  readonly incidentsResolved: number;
  /** Audits that finished. 0: none did, and the numbers of findings say nothing about this day. */
  readonly audits: number;
  /** False when the day's last audit could not see everything: fewer findings may be fewer seen. */
  readonly complete: boolean;
}

/** What is left out of the store by age. */
export interface Pruned {
  readonly runs: number;
  readonly findings: number;
  readonly history: number;
}

/** Questions to the stored state that touch as many rows as they answer, not as many as there are. */
export interface Queries {
  /** These throw an error named UnknownCursorError for a cursor that this store did not give, or gave for another question. */
  findingPage(query: FindingQuery): Promise<Page<StoredFinding>>;
  incidentPage(query: IncidentQuery): Promise<Page<StoredIncident>>;
  /** From maintained counts: nothing is scanned. */
  countFindings(): Promise<readonly FindingCount[]>;
  /** Oldest first, days without any run left out. */
  trend(days: { readonly from: string; readonly to: string }): Promise<readonly TrendPoint[]>;
  inventory(query: IdentityQuery): Promise<Page<IdentitySheet>>;
  /** By object id, client id, ARM id or exact name; more than one where a name is not unique. */
  identitySheets(whoever: string): Promise<readonly IdentitySheet[]>;
}

export interface InventorySighting {
  readonly at: string;
  readonly sheets: Iterable<IdentitySheet> | AsyncIterable<IdentitySheet>;
  readonly hidden: (identity: { readonly principalId: string; readonly resourceId: string }) => boolean;
}

/** Instants. */
export interface PruneBefore {
  readonly audits: string;
  readonly watches: string;
  /** Resolved before this. */
  readonly findings: string;
}

/** What keeps the stored state fit to be asked. */
export interface Upkeep {
  /** Makes good what a decision about one finding left half done when its process died. */
  settle(findingId: string): Promise<void>;
  /**
   * What an audit saw of the identities. Only what changed is written. Identities that it did not see are removed, unless it could not have seen them
   * (`hidden`): those stay as they were, with the instant at which they were last seen.
   */
  saveInventory(seen: InventorySighting): Promise<void>;
  /** Forgets what is older than told: runs, findings resolved long ago with their history. Safe to repeat and to cut off anywhere. */
  prune(before: PruneBefore): Promise<Pruned>;
}

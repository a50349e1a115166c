import type { Ledger, TokenUses } from '../denials/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { GrantMemory } from '../rules/index.ts';

/** What the watch over refused calls remembers between passes. */
export interface WatchState {
  /** Ingestion time up to which the logs were read; undefined before the first pass. */
  readonly cursor: string | undefined;
  readonly places: Places;
  readonly ledger: Ledger;
  readonly incidents: ReadonlyMap<string, StoredIncident>;
  /** Object ids that the directory knows as people's: their refusals are counted, and ask for no answer again. */
  readonly people: ReadonlySet<string>;
  /** Token acquisitions per identity and audience, and the unusual ones that a change of their host explained. */
  readonly tokens: TokenUses;
  readonly explained: ReadonlySet<string>;
}

/** What the watch over grants remembers: a cursor of its own, since the two read on their own. */
export interface GrantState {
  readonly cursor: string | undefined;
  readonly places: Places;
  /** Grants that were seen being made, until they are narrowed or gone. */
  readonly memory: GrantMemory;
}

/** Where logs lie: workspaces by customer id, Activity Logs as `activity:<subscription>`. */
export type Places = ReadonlyMap<string, Place>;

export interface Place {
  /** First instant that was read there; absent: nothing was. */
  readonly since?: string;
  /** From here on nobody could read it, or it was not in sight. Where nothing was read yet: when it was first asked for. */
  readonly unreadSince?: string;
}

export interface IncidentFilter {
  readonly status?: readonly string[];
  readonly severity?: readonly string[];
  readonly cause?: readonly string[];
  readonly principal?: string;
  /** Last denial at or after this instant. */
  readonly since?: string;
}

export interface WatchStore {
  watchState(): Promise<WatchState>;
  /** What is to be told first, then incidents, the ledger, the cursor last: a pass that dies is read again, and a reading sets its bins. */
  saveWatch(state: WatchState, notices?: readonly Notice[]): Promise<void>;
  grantState(): Promise<GrantState>;
  /** Rows of its own, so that both watches may write at once. What is to be told of grants is written with their findings, before this. */
  saveGrants(state: GrantState): Promise<void>;
  incidents(filter: IncidentFilter): AsyncIterable<StoredIncident>;
  incident(id: string): Promise<StoredIncident | undefined>;
}

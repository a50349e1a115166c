import type { Ledger, TokenUses } from '../denials/index.ts';
import type { StoredIncident } from '../incidents/index.ts';
import type { Notice } from '../outbox/index.ts';
import type { GrantMemory } from '../rules/index.ts';

/** What the watch remembers between passes. */
export interface WatchState {
  /** Ingestion time up to which the logs were read; undefined before the first pass. */
  readonly cursor: string | undefined;
  readonly ledger: Ledger;
  readonly incidents: ReadonlyMap<string, StoredIncident>;
  /** Object ids that the directory knows as people's: their refusals are counted, and ask for no answer again. */
  readonly people: ReadonlySet<string>;
  /** Token acquisitions per identity and audience, and the unusual ones that a change of their host explained. */
  readonly tokens: TokenUses;
  readonly explained: ReadonlySet<string>;
  /** Grants that were seen being made, until they are narrowed or gone. */
  readonly grants: GrantMemory;
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
  incidents(filter: IncidentFilter): AsyncIterable<StoredIncident>;
  incident(id: string): Promise<StoredIncident | undefined>;
}

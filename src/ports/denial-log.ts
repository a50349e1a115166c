import type { Denial, Touched } from '../denials/index.ts';
import type { ClientId, PrincipalId, Workspace } from '../estate/index.ts';
import type { Change } from '../incidents/index.ts';

/**
 * What Log Analytics workspaces hold: refused calls, aggregated where they lie, and changes. The two are read apart, since one watches calls and another
 * watches grants. A pass names the ingestion window; the answer holds the *complete* counts of every bin that received rows in that window, so the
 * caller replaces those bins.
 */
export interface DenialLog {
  /** `targets`: what there is to watch; without it coverage cannot tell a service that nobody uses from one that nobody watches. */
  read(window: LogWindow, workspaces: readonly Workspace[], targets?: readonly LogTarget[]): Promise<LogReading>;
  changes(window: LogWindow, workspaces: readonly Workspace[]): Promise<ChangeReading>;
  /** Who got these tokens (`Caller.tokenId`), by the sign-ins of the window. */
  callersOf(tokens: readonly string[], window: LogWindow, workspaces: readonly Workspace[]): Promise<TokenCallers>;
}

/** By ingestion time: `from` < ingested ≤ `until`. */
export interface LogWindow {
  readonly from: string;
  readonly until: string;
  /** On a first pass: how far back token acquisitions are counted for a baseline. Otherwise only hours that received rows are counted again. */
  readonly signInsSince?: string | undefined;
  /** Workspaces that are to be read from further back, by customer id: nobody could read them until now. */
  readonly earlier?: ReadonlyMap<string, { readonly from: string; readonly signInsSince?: string | undefined }>;
}

/** Resources of one type whose refused calls can be logged. */
export interface LogTarget {
  /** Lower case: `microsoft.keyvault/vaults`. */
  readonly type: string;
  readonly count: number;
  /** ARM id of one of them. */
  readonly example: string;
}

export interface LogReading {
  readonly denials: readonly Denial[];
  /** Bins that were re-read in full, per workspace and table: what is not in `denials` for them is zero now. */
  readonly touched: readonly Touched[];
  readonly signIns: readonly SignInSeries[];
  /** Subscriptions that send a workspace their Activity Log: the refused ARM calls of these are among `denials`. */
  readonly activitySubscriptions: readonly string[];
  /** Rows behind the aggregates, and answers received. */
  readonly rows: number;
  readonly coverage: readonly LogGap[];
}

export interface ChangeReading {
  /** What the workspaces' AzureActivity tables recorded in the window. */
  readonly changes: readonly Change[];
  /** Subscriptions that send their Activity Log there. */
  readonly subscriptions: readonly string[];
  readonly coverage: readonly LogGap[];
}

export interface TokenCallers {
  readonly callers: ReadonlyMap<string, { readonly objectId: PrincipalId; readonly clientId?: ClientId | undefined }>;
  readonly coverage: readonly LogGap[];
}

/** Token acquisitions of one identity for one audience, per hour (ms since the epoch → count). */
export interface SignInSeries {
  readonly principalId: string;
  readonly clientId: string;
  readonly audience: string;
  readonly hours: readonly { readonly start: number; readonly count: number }[];
}

/** What the logs cannot show. `service` is not watched when nothing is logged; `command` changes that. */
export interface LogGap {
  readonly slice: string;
  readonly scope: string;
  /** `whole`: what could not be read before, and was read now. */
  readonly state: 'partial' | 'missing' | 'whole';
  readonly why: string;
  readonly permission: string;
  readonly command: string;
  /** True: could not be read (the pass is incomplete). False: nothing is logged there. */
  readonly failed: boolean;
  /** The service was busy or did not answer: what is missing may be read by the next pass, and is asked for again. */
  readonly passes?: true;
}

import type { JWTVerifyGetKey } from 'jose';
import type { EstateSource, Queries, ReviewStore, Store, WatchStore } from '../ports/index.ts';
import type { AuditRequests } from '../ports/audit-requests.ts';
import type { Limiter } from './http/limiter.ts';
import type { PageFiles } from './pages.ts';

/** Everything the API reaches for. Nothing in this room opens a connection or reads a clock itself. */
export interface Dependencies {
  readonly settings: ApiSettings;
  /** Keys of the sign-in authority, by the `kid` of a token. */
  readonly keys: JWTVerifyGetKey;
  readonly store: () => Promise<ApiStore>;
  /** The auditor's clock: acceptances and ages go by it. */
  readonly now: () => string;
  /** The machine's clock, epoch milliseconds: tokens expire by it. */
  readonly nowMs: () => number;
  readonly limiter: Limiter;
  /** For questions that need a fresh look. Throws where nobody can sign in to Azure. */
  readonly source: () => EstateSource;
  /** Absent: there is no queue, and audits run on their schedule only. */
  readonly audits?: AuditRequests;
  /** Absent: the page was not built. */
  readonly pages?: PageFiles;
  /** Hears what went wrong, for the log. */
  readonly log: (line: string) => void;
  /** Names one event in answer and log. */
  readonly reference: () => string;
}

export type ApiStore = Store & WatchStore & ReviewStore & Queries;

export interface ApiSettings {
  readonly version: string;
  readonly tenantId: string | undefined;
  /** What `aud` of a token may be. */
  readonly audiences: readonly string[];
  /** Application that the page signs in as. */
  readonly clientId: string | undefined;
  /** Sign-in authority without tenant and slash, such as https://login.microsoftonline.com. */
  readonly authority: string;
  /** What `iss` of a token may be. */
  readonly issuers: readonly string[];
  readonly allowedOrigins: readonly string[];
  /** Group id, app role or object id → subscriptions (lower case), or `*`. Absent: whoever may read sees all. */
  readonly subscriptionsByGroup?: Readonly<Record<string, readonly string[]>>;
  /** What an audit may look at. */
  readonly scope: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
}

import type { Config } from '../../api/contract/index.ts';

/** Where the page is shown, and how it gets its tokens. */
export interface Session {
  readonly host: 'teams' | 'browser';
  /** An access token for the API, renewed when it is about to expire. May leave the page to sign in. */
  token(): Promise<string>;
  /** Absent in Teams, where the person is whoever uses Teams. */
  readonly signOut?: () => Promise<void>;
  /** Where a link into the page wanted to go. */
  readonly startAt: string | undefined;
}

/**
 * `/api/config`. An authority whose own address a browser does not trust (the sandbox's, with its self-signed certificate) comes with its discovery
 * document, in which the addresses are this server's (tools/serve.ts). Entra ID needs none.
 */
export type PageConfig = Config & { readonly authorityMetadata?: string };

export type Theme = 'light' | 'dark' | 'contrast';

/** What stands in the way of a session, for a person to read. */
export class SignInTrouble extends Error {
  override readonly name = 'SignInTrouble';
}

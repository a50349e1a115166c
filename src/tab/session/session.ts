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

export type Theme = 'light' | 'dark' | 'contrast';

/** What stands in the way of a session, for a person to read. */
export class SignInTrouble extends Error {
  override readonly name = 'SignInTrouble';
}

import { InteractionRequiredAuthError, ProtocolMode, PublicClientApplication, type Configuration } from '@azure/msal-browser';
import type { Config } from '../../api/contract/index.ts';
import { SignInTrouble, type Session } from './session.ts';

/** Signed in by redirect: authorization code with PKCE, by Microsoft's own library, also against the sandbox's authority (docs/decisions/0007-page-sign-in.md). */
export async function openBrowser(config: Config): Promise<Session> {
  const scopes = [...config.scopes];
  const client = new PublicClientApplication(configurationOf(config));
  await client.initialize();
  const answer = await client.handleRedirectPromise({ navigateToLoginRequestUrl: false }).catch((cause: unknown) => {
    throw new SignInTrouble(`Sign-in did not succeed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  const account = answer?.account ?? client.getActiveAccount() ?? client.getAllAccounts()[0] ?? null;
  const leave = async (): Promise<never> => {
    await client.loginRedirect({ scopes, state: here() });
    // The browser is on its way to the authority: nothing that waits for a token goes on.
    return new Promise<never>(() => undefined);
  };
  if (account === null) return leave();
  client.setActiveAccount(account);
  return {
    host: 'browser',
    startAt: answer?.state === undefined || answer.state === '' ? undefined : answer.state,
    async token() {
      try {
        return (await client.acquireTokenSilent({ scopes, account })).accessToken;
      } catch (cause) {
        if (cause instanceof InteractionRequiredAuthError) return leave();
        throw cause;
      }
    },
    signOut: async () => {
      // No visit to the authority's sign-out: whoever closes the audit stays signed in elsewhere.
      await client.clearCache({ account });
      window.location.assign('/');
    },
  };
}

function configurationOf({ clientId, authority }: Config): Configuration {
  const auth = { clientId, redirectUri: `${window.location.origin}/` };
  // Gone with the browser tab: a token of an auditor is worth stealing.
  const cache = { cacheLocation: 'sessionStorage' } as const;
  if (!isLoopback(authority)) return { auth: { ...auth, authority }, cache };
  const named = authority.replace(/^http:/, 'https:');
  return {
    auth: { ...auth, authority: named, knownAuthorities: [new URL(named).host], authorityMetadata: metadataOf(authority, named) },
    cache,
    system: { protocolMode: ProtocolMode.OIDC },
  };
}

/** The sandbox's. What it signs is verified by the API like any other token; only the way there needs no TLS, since it does not leave the machine. */
const isLoopback = (authority: string): boolean => /^http:\/\/(localhost|127\.0\.0\.1)(:\d+)?\//.test(authority);

/** MSAL takes no authority on plain http, but takes the addresses it would have read there. */
const metadataOf = (authority: string, named: string): string =>
  JSON.stringify({
    issuer: `${named}/v2.0`,
    authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
    token_endpoint: `${authority}/oauth2/v2.0/token`,
    end_session_endpoint: `${authority}/oauth2/v2.0/logout`,
    jwks_uri: `${authority}/discovery/v2.0/keys`,
  });

/** The link that was opened, to go on there after signing in. */
const here = (): string => `${window.location.pathname}${window.location.search}`;

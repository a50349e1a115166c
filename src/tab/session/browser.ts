import { InteractionRequiredAuthError, ProtocolMode, PublicClientApplication, type Configuration } from '@azure/msal-browser';
import { SignInTrouble, type PageConfig, type Session } from './session.ts';

/** Signed in by redirect: authorization code with PKCE, by Microsoft's own library, also against the sandbox's authority (docs/decisions/0005-page-sign-in.md). */
export async function openBrowser(config: PageConfig): Promise<Session> {
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

function configurationOf({ clientId, authority, authorityMetadata }: PageConfig): Configuration {
  const auth = { clientId, authority, redirectUri: `${window.location.origin}/` };
  if (authorityMetadata === undefined) return { auth, cache: { cacheLocation: 'sessionStorage' } };
  return {
    auth: { ...auth, knownAuthorities: [new URL(authority).host], authorityMetadata },
    cache: { cacheLocation: 'sessionStorage' },
    system: { protocolMode: ProtocolMode.OIDC },
  };
}

/** The link that was opened, to go on there after signing in. */
const here = (): string => `${window.location.pathname}${window.location.search}`;

import { createHash, randomBytes } from 'node:crypto';
import { Failure } from './failure.ts';
import type { Call, Reply } from './http.ts';
import type { SignInKeys } from './sign-in-keys.ts';
import { signInPage } from './sign-in-page.ts';
import { applicationToken, idToken, tokenSeconds, userAccessToken, type TokenContext } from './sign-in-tokens.ts';
import { apiClientId, apiUri, applicationsOf, tabClientId, usersOf, type SandboxUser } from './users.ts';
import type { World } from './world.ts';

/** Sign-in of people and applications to the auditor's API: authorization code with PKCE, refresh tokens, client credentials. */
export interface SignInService {
  authorize(call: Call): Reply;
  token(call: Call): Promise<Reply>;
  signOut(call: Call): Reply;
}

interface Granted {
  readonly user: SandboxUser;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly nonce: string | undefined;
  readonly expiresMs: number;
}

const codeMs = 120_000;
const heldMax = 1_000;
const delegated = 'access_as_user';
const cookie = 'mi-audit-sandbox-user';

export function signIn(
  world: World,
  keys: SignInKeys,
  options: { readonly applicationSecret: string; readonly nowMs: () => number },
): SignInService {
  const codes = new Map<string, Granted>();
  const refreshTokens = new Map<string, Granted>();
  const { nowMs, applicationSecret } = options;
  const context = (call: Call): TokenContext => ({
    issuer: `${call.origin}/${world.tenantId}/v2.0`,
    tenantId: world.tenantId,
    now: Math.floor(nowMs() / 1000),
  });

  return {
    authorize(call) {
      const form = call.method === 'POST' ? new URLSearchParams(call.body) : undefined;
      const asked = form ?? call.query;
      const request = authorizeRequest(asked);
      const chosen = form?.get('user') ?? (asked.get('prompt') === 'select_account' ? undefined : cookieOf(call));
      const user = usersOf(world).find(({ objectId }) => objectId === chosen);
      if (user === undefined && asked.get('prompt') === 'none')
        return redirect(request, { error: 'login_required', error_description: 'AADSTS50058: nobody is signed in to the sandbox.' });
      if (user === undefined) return signInPage(usersOf(world), asked, call.path);
      const code = keep(codes, { user, ...request, expiresMs: nowMs() + codeMs });
      return redirect(
        request,
        {
          code,
          session_state: randomBytes(16).toString('hex'),
          ...(asked.get('client_info') === '1' && { client_info: clientInfo(user) }),
        },
        { 'set-cookie': `${cookie}=${user.objectId}; Path=/; HttpOnly; SameSite=Lax` },
      );
    },

    async token(call) {
      const form = new URLSearchParams(call.body);
      const cors = corsOf(call);
      switch (form.get('grant_type')) {
        case 'authorization_code':
          return { ...(await tokensFor(takeCode(form), call)), headers: cors };
        case 'refresh_token':
          return { ...(await tokensFor(takeRefreshToken(form), call)), headers: cors };
        case 'client_credentials':
          return {
            status: 200,
            headers: cors,
            body: { token_type: 'Bearer', expires_in: tokenSeconds, access_token: await applicationTokenFor(form, call) },
          };
        case null:
        default:
          throw new Failure(
            400,
            'unsupported_grant_type',
            'AADSTS70003: the sandbox knows authorization_code, refresh_token and client_credentials.',
          );
      }
    },

    signOut(call) {
      const to = call.query.get('post_logout_redirect_uri');
      const headers = { 'set-cookie': `${cookie}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0` };
      return to !== null && isLoopback(to)
        ? { status: 302, headers: { ...headers, location: to } }
        : { status: 200, headers, text: 'Signed out.' };
    },
  };

  function takeCode(form: URLSearchParams): Granted {
    const code = form.get('code') ?? '';
    const granted = codes.get(code);
    codes.delete(code);
    if (granted === undefined || granted.expiresMs < nowMs()) throw invalidGrant('AADSTS70008: the code is unknown, used or expired.');
    if (granted.redirectUri !== form.get('redirect_uri') || granted.clientId !== form.get('client_id'))
      throw invalidGrant('AADSTS50011: the code was made for another address or application.');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (challenge !== granted.challenge) throw invalidGrant('AADSTS501481: the code verifier does not fit the challenge.');
    return granted;
  }

  function takeRefreshToken(form: URLSearchParams): Granted {
    const token = form.get('refresh_token') ?? '';
    const granted = refreshTokens.get(token);
    refreshTokens.delete(token);
    if (granted === undefined || granted.clientId !== form.get('client_id'))
      throw invalidGrant('AADSTS70000: the refresh token is unknown or used.');
    return granted;
  }

  async function tokensFor(granted: Granted, call: Call): Promise<Reply> {
    const { user, clientId, nonce } = granted;
    return {
      status: 200,
      body: {
        token_type: 'Bearer',
        scope: `${apiUri}/${delegated} openid profile offline_access`,
        expires_in: tokenSeconds,
        ext_expires_in: tokenSeconds,
        access_token: await keys.sign(userAccessToken(user, clientId, delegated, context(call))),
        refresh_token: keep(refreshTokens, granted),
        id_token: await keys.sign(idToken(user, clientId, nonce, context(call))),
        client_info: clientInfo(user),
      },
    };
  }

  function applicationTokenFor(form: URLSearchParams, call: Call): Promise<string> {
    const application = applicationsOf(world).find(({ clientId }) => clientId === form.get('client_id'));
    if (application === undefined) throw new Failure(401, 'unauthorized_client', 'AADSTS700016: no such application.');
    if (form.get('client_secret') !== applicationSecret)
      throw new Failure(401, 'invalid_client', 'AADSTS7000215: the client secret is wrong.');
    if (![`${apiUri}/.default`, `${apiClientId}/.default`].includes(form.get('scope') ?? ''))
      throw new Failure(400, 'invalid_scope', `AADSTS70011: ask for ${apiUri}/.default.`);
    return keys.sign(applicationToken(application, context(call)));
  }

  function clientInfo(user: SandboxUser): string {
    return Buffer.from(JSON.stringify({ uid: user.objectId, utid: world.tenantId })).toString('base64url');
  }
}

/** What is wrong with it is told on a page: an address that cannot be trusted is not redirected to. */
function authorizeRequest(
  asked: URLSearchParams,
): Omit<Granted, 'user' | 'expiresMs'> & { readonly state: string | null; readonly mode: string } {
  const [clientId, redirectUri, challenge] = [
    asked.get('client_id') ?? '',
    asked.get('redirect_uri') ?? '',
    asked.get('code_challenge') ?? '',
  ];
  if (clientId !== tabClientId)
    throw new Failure(400, 'unauthorized_client', `AADSTS700016: no application has the client id ${clientId.slice(0, 40)}.`);
  if (!isLoopback(redirectUri))
    throw new Failure(400, 'invalid_request', 'AADSTS50011: the sandbox sends people back to this machine only.');
  if (asked.get('response_type') !== 'code' || asked.get('code_challenge_method') !== 'S256' || challenge === '')
    throw new Failure(400, 'invalid_request', 'AADSTS900144: the sandbox takes response_type code with an S256 code_challenge.');
  const mode = asked.get('response_mode') ?? 'query';
  return { clientId, redirectUri, challenge, nonce: asked.get('nonce') ?? undefined, state: asked.get('state'), mode };
}

function redirect(
  { redirectUri, state, mode }: ReturnType<typeof authorizeRequest>,
  answer: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const parameters = new URLSearchParams({ ...answer, ...(state !== null && { state }) });
  return {
    status: 302,
    headers: {
      ...headers,
      location: `${redirectUri}${mode === 'fragment' ? '#' : redirectUri.includes('?') ? '&' : '?'}${parameters.toString()}`,
    },
  };
}

function keep<Value>(held: Map<string, Value>, value: Value): string {
  const name = randomBytes(24).toString('base64url');
  if (held.size >= heldMax) held.delete(held.keys().next().value!);
  held.set(name, value);
  return name;
}

const invalidGrant = (text: string): Failure => new Failure(400, 'invalid_grant', text);
const isLoopback = (address: string): boolean =>
  URL.canParse(address) && /^https?:$/.test(new URL(address).protocol) && ['localhost', '127.0.0.1'].includes(new URL(address).hostname);
const cookieOf = ({ headers }: Call): string | undefined => new RegExp(`(?:^|; )${cookie}=([^;]+)`).exec(headers.cookie ?? '')?.[1];

/** Single-page applications ask from their own origin. */
export function corsOf({ headers }: Call): Readonly<Record<string, string>> {
  const { origin } = headers;
  return typeof origin === 'string' && isLoopback(origin) ? { 'access-control-allow-origin': origin, vary: 'Origin' } : {};
}

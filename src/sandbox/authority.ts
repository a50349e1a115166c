import { Failure, notInSandbox } from './failure.ts';
import type { Call, Reply, Service } from './http.ts';
import { corsOf, type SignInService } from './sign-in.ts';
import type { SignInKeys } from './sign-in-keys.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world.ts';

/**
 * The sign-in endpoint: discovery, the keys that sign tokens, and sign-in to the auditor's own API. Managed identities get their tokens from
 * IDENTITY_ENDPOINT, signed with a key that is published here too.
 */
export function authority(world: World, tokens: Tokens, people: { readonly signIn: SignInService; readonly keys: SignInKeys }): Service {
  async function handle(call: Call): Promise<Reply> {
    const path = call.path.toLowerCase();
    const v2 = /^\/[^/]+\/oauth2\/v2\.0\/(authorize|token|logout)$/.exec(path)?.[1];
    if (v2 === 'authorize' && (call.method === 'GET' || call.method === 'POST')) return people.signIn.authorize(call);
    if (v2 === 'token' && call.method === 'POST') return people.signIn.token(call);
    if (v2 === 'logout' && call.method === 'GET') return people.signIn.signOut(call);
    if (call.method !== 'GET') throw notInSandbox(`${call.method} ${call.path} at the sign-in endpoint`);
    if (path.endsWith('/v2.0/.well-known/openid-configuration'))
      return { status: 200, headers: corsOf(call), body: configurationV2(world, call) };
    if (path.endsWith('/.well-known/openid-configuration')) return { status: 200, headers: corsOf(call), body: configuration(world, call) };
    if (path.endsWith('/discovery/keys') || path.endsWith('/discovery/v2.0/keys'))
      return { status: 200, headers: corsOf(call), body: await allKeys() };
    if (path === '/common/discovery/instance') return { status: 200, headers: corsOf(call), body: instances(world, call) };
    throw new Failure(404, 'not_found', `AADSTS90002: nothing is served at ${call.path}.`);
  }

  async function allKeys(): Promise<unknown> {
    const { keys } = await tokens.keys();
    return { keys: [...(await people.keys.published()), ...keys] };
  }

  return {
    name: 'authority',
    handle,
    refuse: (failure) => ({
      status: failure.status,
      headers: failure.headers,
      body: { error: failure.code, error_description: failure.message },
    }),
  };
}

/** As https://login.microsoftonline.com/TENANT/v2.0/.well-known/openid-configuration says it. */
function configurationV2(world: World, call: Call): unknown {
  const base = `${call.origin}/${world.tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'at_hash',
      'c_hash',
      'email',
    ],
    code_challenge_methods_supported: ['S256'],
  };
}

function configuration(world: World, call: Call): unknown {
  const base = `${call.origin}/${world.tenantId}`;
  return {
    token_endpoint: `${base}/oauth2/token`,
    authorization_endpoint: `${base}/oauth2/authorize`,
    jwks_uri: `${base}/discovery/keys`,
    issuer: `https://sts.windows.net/${world.tenantId}/`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['token'],
    subject_types_supported: ['pairwise'],
  };
}

function instances(world: World, call: Call): unknown {
  return {
    tenant_discovery_endpoint: `${call.origin}/${world.tenantId}/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [
      { preferred_network: new URL(call.origin).host, preferred_cache: new URL(call.origin).host, aliases: [new URL(call.origin).host] },
    ],
  };
}

import { Failure, notInSandbox } from './failure.ts';
import type { Call, Reply, Service } from './http.ts';
import type { Tokens } from './tokens.ts';
import type { World } from './world.ts';

/** The sign-in endpoint, as far as a managed identity's tokens need one: discovery and the keys that sign them. */
export function authority(world: World, tokens: Tokens): Service {
  async function handle(call: Call): Promise<Reply> {
    const path = call.path.toLowerCase();
    if (call.method !== 'GET')
      throw notInSandbox(
        `${call.method} ${call.path} at the sign-in endpoint: only managed identities sign in here, through IDENTITY_ENDPOINT`,
      );
    if (path.endsWith('/.well-known/openid-configuration')) return { status: 200, body: configuration(world, call) };
    if (path.endsWith('/discovery/keys') || path.endsWith('/discovery/v2.0/keys')) return { status: 200, body: await tokens.keys() };
    if (path === '/common/discovery/instance') return { status: 200, body: instances(world, call) };
    throw new Failure(404, 'not_found', `AADSTS90002: nothing is served at ${call.path}.`);
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

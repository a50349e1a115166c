import { Refusal } from '../http/problem.ts';
import type { Route } from '../http/route.ts';
import type { ApiSettings, Dependencies } from '../dependencies.ts';
import { callerOf, holds, type Caller } from './caller.ts';
import { everything, sightOf, type Sight } from './sight.ts';
import { verifyToken } from './verify-token.ts';

export interface Admitted {
  readonly caller: Caller | undefined;
  readonly sight: Sight;
}

/**
 * Who asks, and whether they may ask this. Only the bearer token counts: headers that a platform in front may set (`X-MS-CLIENT-PRINCIPAL` and the like)
 * can be set by anybody where it is not, so they are never read. Without settings nobody is let in.
 */
export async function admit(request: Request, needs: Route['needs'], api: Dependencies): Promise<Admitted> {
  if (needs === 'anybody') return { caller: undefined, sight: everything };
  const caller = await callerFrom(request, api);
  if (needs !== 'caller' && !needs.some((role) => holds(caller, role))) throw lacks(caller, needs);
  const sight = sightOf(caller, api.settings);
  if (needs !== 'caller' && sight.kind === 'subscriptions' && sight.ids.length === 0) throw blind(caller);
  return { caller, sight };
}

/** For addresses that tell more to those who are signed in, and something to everybody. */
export async function admitIfSignedIn(request: Request, api: Dependencies): Promise<Caller | undefined> {
  if (!request.headers.has('authorization')) return undefined;
  return callerFrom(request, api);
}

async function callerFrom(request: Request, api: Dependencies): Promise<Caller> {
  const { tenantId } = configured(api.settings);
  const token = bearerOf(request.headers.get('authorization'));
  const { issuers, audiences } = api.settings;
  const verified = await verifyToken(token, { keys: api.keys, tenantId, issuers, audiences, nowMs: api.nowMs() });
  switch (verified.kind) {
    case 'refused':
      throw notSignedIn(verified.because, 'invalid_token');
    case 'undecided':
      throw new Refusal(
        'unavailable',
        'The keys of the sign-in authority cannot be read, so no token can be checked. Try again in a minute.',
        {
          cause: verified.cause,
          headers: { 'retry-after': '30' },
        },
      );
    case 'verified': {
      const found = callerOf(verified.claims);
      if ('because' in found) throw notAllowed(found.because);
      return found.caller;
    }
  }
}

/** Fails closed, and says which settings are missing. */
function configured({ tenantId, audiences }: ApiSettings): { readonly tenantId: string } {
  const missing = [...(tenantId === undefined ? ['API_TENANT_ID'] : []), ...(audiences.length === 0 ? ['API_AUDIENCE'] : [])];
  if (tenantId !== undefined && missing.length === 0) return { tenantId };
  throw new Refusal(
    'not-configured',
    `Nobody can be let in: ${missing.length === 1 ? 'the app setting' : 'the app settings'} ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
  );
}

function bearerOf(header: string | null): string {
  if (header === null || header === '') throw notSignedIn('Send an access token of Microsoft Entra ID as "Authorization: Bearer …".');
  const token = /^Bearer +(\S+)$/i.exec(header.length > headerCharsMax ? '' : header)?.[1];
  if (token === undefined) throw notSignedIn('The Authorization header holds no bearer token.', 'invalid_request');
  return token;
}

const headerCharsMax = 32 * 1024;

/** https://www.rfc-editor.org/rfc/rfc6750#section-3 */
const notSignedIn = (because: string, error?: string): Refusal =>
  new Refusal('not-signed-in', because, {
    headers: {
      'www-authenticate':
        error === undefined ? 'Bearer' : `Bearer error="${error}", error_description="${because.replaceAll('"', "'").replace('…', '...')}"`,
    },
  });

const notAllowed = (because: string): Refusal =>
  new Refusal('not-allowed', because, { headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' } });

function lacks({ name, roles }: Caller, needs: readonly string[]): Refusal {
  const has = roles.length === 0 ? 'no app role' : `only ${roles.join(' and ')}`;
  return notAllowed(
    `${name} has ${has} here, and this needs ${needs.join(' or ')}. An administrator assigns it under Enterprise applications, Users and groups.`,
  );
}

function blind({ name, groupsOmitted }: Caller): Refusal {
  return notAllowed(
    groupsOmitted
      ? `${name} is in more groups than a token lists, so nobody can tell which subscriptions they may see. Assign an app role that API_SUBSCRIPTIONS_BY_GROUP names, or emit only groups assigned to the application.`
      : `API_SUBSCRIPTIONS_BY_GROUP names no group, app role or object id of ${name}: there is no subscription that they may see.`,
  );
}

import { createHash } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { apiClientId, type SandboxApplication, type SandboxUser } from './users.ts';

/** Claims as Entra ID puts them into tokens of version 2.0 (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
export interface TokenContext {
  /** `https://localhost:1234/TENANT/v2.0` */
  readonly issuer: string;
  readonly tenantId: string;
  /** The machine's clock, in seconds: browsers go by it. */
  readonly now: number;
}

export const tokenSeconds = 3_900;

export const userAccessToken = (user: SandboxUser, clientId: string, scope: string, context: TokenContext): JWTPayload => ({
  aud: apiClientId,
  ...times(context),
  azp: clientId,
  azpacr: '0',
  ...person(user, apiClientId, context),
  scp: scope,
  ver: '2.0',
});

export const idToken = (user: SandboxUser, clientId: string, nonce: string | undefined, context: TokenContext): JWTPayload => ({
  aud: clientId,
  ...times(context),
  ...person(user, clientId, context),
  ...(nonce !== undefined && { nonce }),
  ver: '2.0',
});

export const applicationToken = (application: SandboxApplication, context: TokenContext): JWTPayload => ({
  aud: apiClientId,
  ...times(context),
  azp: application.clientId,
  azpacr: '1',
  idtyp: 'app',
  oid: application.objectId,
  ...(application.roles.length > 0 && { roles: [...application.roles] }),
  sub: application.objectId,
  tid: context.tenantId,
  uti: digest(`${application.objectId} ${context.now}`),
  ver: '2.0',
});

const times = ({ issuer, now }: TokenContext): JWTPayload => ({ iss: issuer, iat: now, nbf: now, exp: now + tokenSeconds });

/** A person's subject differs from application to application; the object id does not. */
const person = (user: SandboxUser, audience: string, { tenantId, now }: TokenContext): JWTPayload => ({
  name: user.name,
  oid: user.objectId,
  preferred_username: user.userName,
  ...(user.roles.length > 0 && { roles: [...user.roles] }),
  ...(user.groups.length > 0 && { groups: [...user.groups] }),
  sub: digest(`${user.objectId} ${audience}`),
  tid: tenantId,
  uti: digest(`${user.objectId} ${audience} ${now}`),
});

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 43);

import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, jwtVerify, SignJWT, type JWK, type JWTPayload } from 'jose';
import type { World } from './world.ts';

export interface Tokens {
  issue(identity: TokenIdentity, audience: string): Promise<string>;
  /** @throws jose's errors: expired by the world's clock, wrong signature, not a token */
  verify(token: string): Promise<JWTPayload>;
  keys(): Promise<{ readonly keys: readonly JWK[] }>;
}

export interface TokenIdentity {
  readonly principalId: string;
  readonly clientId: string;
  readonly resourceId: string | undefined;
}

/** Tokens of managed identities are valid for a day. */
export const tokenSeconds = 24 * 3600;
const verifiedMax = 64;

/**
 * Access tokens as Entra ID makes them for managed identities, by the world's clock, signed with a key of this sandbox.
 * Storage is the exception: Azurite compares with the machine's clock.
 */
export function tokensOf(world: World): Tokens {
  const pair = promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  // Awaited with the first token; an early failure must not end the process before.
  pair.catch(() => undefined);
  const keyId = pair.then(({ publicKey }) =>
    createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url')
      .slice(0, 27),
  );
  keyId.catch(() => undefined);
  const verified = new Map<string, JWTPayload>();

  return {
    async issue(identity, audience) {
      const now = Math.floor((isStorage(audience) ? Date.now() : Date.parse(world.now)) / 1000);
      return new SignJWT(claimsOf(identity, audience, world.tenantId, now))
        .setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: await keyId })
        .sign((await pair).privateKey);
    },
    async verify(token) {
      const known = verified.get(token);
      if (known !== undefined) return known;
      const { payload } = await jwtVerify(token, (await pair).publicKey, { algorithms: ['RS256'], currentDate: new Date(world.now) });
      if (verified.size >= verifiedMax) verified.clear();
      verified.set(token, payload);
      return payload;
    },
    async keys() {
      return { keys: [await jwkOf((await pair).publicKey, await keyId)] };
    },
  };
}

const isStorage = (audience: string): boolean => /^https:\/\/storage\.azure\.com\/?$/i.test(audience);

/** Claims and their order as seen in Azure's own tokens (version 1.0); `xms_mirid` names the identity's resource. */
function claimsOf(identity: TokenIdentity, audience: string, tenantId: string, now: number): JWTPayload {
  return {
    aud: audience,
    iss: `https://sts.windows.net/${tenantId}/`,
    iat: now,
    nbf: now - 300,
    exp: now + tokenSeconds,
    aio: createHash('sha256').update(`${audience} ${now}`).digest('base64url').slice(0, 24),
    appid: identity.clientId,
    appidacr: '2',
    idp: `https://sts.windows.net/${tenantId}/`,
    idtyp: 'app',
    oid: identity.principalId,
    sub: identity.principalId,
    tid: tenantId,
    uti: createHash('sha256').update(`${identity.principalId} ${audience} ${now}`).digest('base64url').slice(0, 22),
    ver: '1.0',
    ...(identity.resourceId === undefined ? {} : { xms_mirid: identity.resourceId }),
  };
}

async function jwkOf(key: KeyObject, kid: string): Promise<JWK> {
  return { ...(await exportJWK(key)), use: 'sig', kid, alg: 'RS256' };
}

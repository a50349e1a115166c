import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { exportJWK, SignJWT, type JWK, type JWTPayload } from 'jose';

/** The keys with which the authority signs tokens for people and applications. */
export interface SignInKeys {
  sign(payload: JWTPayload): Promise<string>;
  /** What is published: the present key, and those before it, whose tokens are still about. */
  published(): Promise<readonly JWK[]>;
  /** Signs with a new key from now on. The old ones stay published until they are withdrawn. */
  roll(): Promise<void>;
  withdrawOld(): void;
}

interface Key {
  readonly id: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function signInKeys(): SignInKeys {
  // Newest first. Made when first asked for: most sandboxes never sign anybody in.
  let ring: Promise<Key>[] = [];
  const current = (): Promise<Key> => {
    if (ring.length === 0) ring = [makeKey()];
    return ring[0]!;
  };
  return {
    async sign(payload) {
      const { id, privateKey } = await current();
      return new SignJWT(payload).setProtectedHeader({ typ: 'JWT', alg: 'RS256', kid: id }).sign(privateKey);
    },
    async published() {
      await current();
      return Promise.all(ring.map(async (making) => jwkOf(await making)));
    },
    async roll() {
      await current();
      ring = [makeKey(), ...ring];
      await ring[0];
    },
    withdrawOld: () => void (ring = ring.slice(0, 1)),
  };
}

async function makeKey(): Promise<Key> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const id = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url')
    .slice(0, 27);
  return { id, publicKey, privateKey };
}

const jwkOf = async ({ id, publicKey }: Key): Promise<JWK> => ({ ...(await exportJWK(publicKey)), use: 'sig', kid: id, alg: 'RS256' });

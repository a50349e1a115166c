import { decodeProtectedHeader, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { claims, type Claims } from './claims.ts';

export interface Expected {
  readonly keys: JWTVerifyGetKey;
  readonly tenantId: string;
  readonly issuers: readonly string[];
  readonly audiences: readonly string[];
  readonly nowMs: number;
}

export type Verified =
  | { readonly kind: 'verified'; readonly claims: Claims }
  /** In words that may be shown: they tell which check failed and nothing of the keys. */
  | { readonly kind: 'refused'; readonly because: string }
  /** The keys could not be read, so nobody knows. */
  | { readonly kind: 'undecided'; readonly cause: unknown };

/** Entra's largest tokens (200 groups) have about 12 KB. */
const tokenCharsMax = 24 * 1024;
/** Clocks of two machines. */
const toleranceSeconds = 120;
/** Keys come from the authority by `kid` and from nowhere else; who brings one along is not Entra ID. */
const foreignHeaders = ['jwk', 'jku', 'x5u', 'crit', 'zip', 'b64'] as const;

/**
 * An access token of this tenant for this API, or why it is none. Which checks, and why each:
 * https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens — all tenants' tokens are signed with the same keys, so a good
 * signature says nothing about the tenant: issuer and `tid` do.
 */
export async function verifyToken(token: string, expected: Expected): Promise<Verified> {
  const malformed = shapeProblem(token);
  if (malformed !== undefined) return refused(malformed);
  const outcome = await jwtVerify(token, expected.keys, {
    algorithms: ['RS256'],
    issuer: [...expected.issuers],
    audience: [...expected.audiences],
    clockTolerance: toleranceSeconds,
    currentDate: new Date(expected.nowMs),
    requiredClaims: ['exp', 'nbf', 'iat', 'tid', 'ver'],
  }).catch((cause: unknown) => ({ cause }));
  if ('cause' in outcome) return wasRefused(outcome.cause) ? refused(reasonOf(outcome.cause)) : { kind: 'undecided', cause: outcome.cause };
  const parsed = claims.safeParse(outcome.payload);
  if (!parsed.success) return refused('The token lacks claims that access tokens of Microsoft Entra ID have.');
  const { tid, ver, iss } = parsed.data;
  if (tid.toLowerCase() !== expected.tenantId.toLowerCase()) return refused('The token is of another tenant.');
  if ((ver === '2.0') !== iss.endsWith('/v2.0')) return refused('The token says it is of one version and names the issuer of the other.');
  return { kind: 'verified', claims: parsed.data };
}

/** Read before any key is asked for: what has not the shape of such a token costs nothing. */
function shapeProblem(token: string): string | undefined {
  if (token.length > tokenCharsMax) return 'The token is larger than any that Microsoft Entra ID issues.';
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return 'What was sent is no signed token.';
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    return 'What was sent is no signed token.';
  }
  if (header.alg !== 'RS256') return 'The token is not signed as Microsoft Entra ID signs.';
  if (typeof header.kid !== 'string' || header.kid === '') return 'The token names no key.';
  if (foreignHeaders.some((name) => name in header))
    return 'The token brings a key or an extension along, which tokens of Microsoft Entra ID never do.';
  return undefined;
}

const refused = (because: string): Verified => ({ kind: 'refused', because });

/** A token that is wrong, as opposed to keys that could not be had. */
const wasRefused = (cause: unknown): boolean =>
  cause instanceof errors.JWTClaimValidationFailed ||
  cause instanceof errors.JWTExpired ||
  cause instanceof errors.JWTInvalid ||
  cause instanceof errors.JWSInvalid ||
  cause instanceof errors.JWSSignatureVerificationFailed ||
  cause instanceof errors.JOSEAlgNotAllowed ||
  cause instanceof errors.JOSENotSupported ||
  cause instanceof errors.JWKSNoMatchingKey ||
  cause instanceof errors.JWKSMultipleMatchingKeys;

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return 'The token has expired. Sign in again.';
  if (cause instanceof errors.JWTClaimValidationFailed) {
    if (cause.claim === 'aud') return 'The token was made for another audience.';
    if (cause.claim === 'iss') return 'The token was made by another issuer.';
    if (cause.claim === 'nbf') return 'The token is not valid yet.';
    return 'The token lacks claims that access tokens of Microsoft Entra ID have.';
  }
  if (cause instanceof errors.JWKSNoMatchingKey) return 'The token names a key that the sign-in authority does not have.';
  return 'The signature of the token does not hold.';
}

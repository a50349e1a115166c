import { z } from 'zod';

/** The claims that decide a call, as the token says them. Nothing is verified: this explains a token, it does not trust it. */
export interface TokenClaims {
  readonly aud: string;
  readonly iss: string;
  readonly tid: string;
  readonly oid: string;
  readonly sub: string;
  readonly appid: string;
  readonly xms_mirid: string;
  readonly exp: string;
}

export interface TokenCheck {
  readonly claim: 'audience' | 'principal' | 'tenant' | 'expiry';
  readonly ok: boolean;
  readonly text: string;
}

/** Undefined for what is not a JWT. `Bearer ` and the JSON of an identity endpoint or of `az account get-access-token` around it are taken off. */
export function readToken(given: string): TokenClaims | undefined {
  const parts = bare(given.trim()).split('.');
  if (parts.length !== 3 || parts.some((part, at) => at < 2 && !/^[A-Za-z0-9_-]+={0,2}$/.test(part))) return undefined;
  const payload = claims.safeParse(parsed(Buffer.from(parts[1]!, 'base64url').toString('utf8')));
  if (!payload.success) return undefined;
  const { aud, iss, tid, oid, sub, appid, azp, xms_mirid, exp } = payload.data;
  return { aud: [aud].flat().join(' '), iss, tid, oid, sub, appid: appid === '' ? azp : appid, xms_mirid, exp: instantOf(exp) };
}

/** Is it for that resource, of that principal, and still good? */
export function judgeToken(
  token: TokenClaims,
  expected: {
    readonly now: string;
    readonly resource?: string | undefined;
    /** Object id, client id, or ARM id of the identity or of its host. */
    readonly principal?: string | undefined;
    readonly tenant?: string | undefined;
  },
): readonly TokenCheck[] {
  const checks: TokenCheck[] = [];
  if (expected.resource !== undefined) {
    const ok = token.aud.split(' ').some((audience) => sameAudience(audience, expected.resource ?? ''));
    checks.push({
      claim: 'audience',
      ok,
      text: ok
        ? `It is for ${token.aud}.`
        : `It is for ${token.aud || 'nothing named'}, not for ${expected.resource}: the caller asked for the wrong audience (scope).`,
    });
  }
  if (expected.principal !== undefined) {
    const wanted = expected.principal.trim().toLowerCase();
    const ok = wanted !== '' && [token.oid, token.appid, token.xms_mirid].some((id) => id.toLowerCase() === wanted);
    checks.push({
      claim: 'principal',
      ok,
      text: ok
        ? `It is of ${expected.principal}.`
        : `It is of object id ${token.oid || 'unknown'} (client id ${token.appid || 'unknown'}), not of ${expected.principal}: another identity answered.`,
    });
  }
  if (expected.tenant !== undefined) {
    const wanted = expected.tenant.trim().toLowerCase();
    const ok = wanted !== '' && (token.tid.toLowerCase() === wanted || token.iss.toLowerCase().split('/').includes(wanted));
    checks.push({
      claim: 'tenant',
      ok,
      text: ok
        ? `It was issued in the tenant ${expected.tenant}.`
        : `It was issued in the tenant ${token.tid || 'unknown'} (by ${token.iss || 'nobody named'}), not in ${expected.tenant}: other tenants do not accept it.`,
    });
  }
  return [...checks, expiry(token, expected.now)];
}

function expiry({ exp }: TokenClaims, now: string): TokenCheck {
  if (exp === '') return { claim: 'expiry', ok: false, text: 'It names no end (exp).' };
  const minutes = Math.floor((Date.parse(exp) - Date.parse(now)) / 60_000);
  return minutes >= 0
    ? { claim: 'expiry', ok: true, text: `It is good until ${exp} (${lengthOf(minutes)}).` }
    : { claim: 'expiry', ok: false, text: `It ended at ${exp} (${lengthOf(-minutes)} ago): the caller keeps a token past its hour.` };
}

const lengthOf = (minutes: number): string =>
  minutes < 120 ? `${minutes} min` : minutes < 2880 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} days`;

/** `https://vault.azure.net`, with a trailing slash, and with `/.default` are one audience to the person who asks. */
function sameAudience(one: string, other: string): boolean {
  const bareAudience = (text: string): string =>
    text
      .trim()
      .toLowerCase()
      .replace(/\/\.default$/, '')
      .replace(/\/+$/, '');
  return bareAudience(one) === bareAudience(other);
}

const word = z.string().catch('');
const claims = z.object({
  aud: z.union([z.string(), z.array(z.string())]).catch(''),
  iss: word,
  tid: word,
  oid: word,
  sub: word,
  appid: word.default(''),
  azp: word.default(''),
  xms_mirid: word.default(''),
  exp: z.number().optional().catch(undefined),
});

const wrapped = z.object({ access_token: z.string().optional(), accessToken: z.string().optional() });

function bare(given: string): string {
  const inside = given.startsWith('{') ? wrapped.safeParse(parsed(given)).data : undefined;
  return (inside?.access_token ?? inside?.accessToken ?? given).replace(/^bearer\s+/i, '').trim();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds since 1970; what lies outside the range of dates is no instant. */
function instantOf(seconds: number | undefined): string {
  const date = new Date((seconds ?? Number.NaN) * 1000);
  return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { CompactEncrypt, exportJWK, exportSPKI, generateKeyPair, importJWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { api, application, keyPair, nowSeconds, person, signed, tenantId, v1, v2 } from './api.ts';

let asked: Awaited<ReturnType<typeof api>>;
const stranger = await generateKeyPair('RS256', { extractable: true });
const strangerJwk = await exportJWK(stranger.publicKey);
const publicPem = await exportSPKI(keyPair.publicKey);

beforeAll(async () => {
  asked = await api();
});

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (header: object, secret: string): string => {
  const head = `${encoded(header)}.${encoded(person())}`;
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`;
};
const valid = (): Promise<string> => signed(person());

describe('tokens that are let in', () => {
  it.each([
    ['of a person, version 2.0', person()],
    ['of a person, version 1.0', person({ iss: v1, ver: '1.0', appid: 'a', azp: undefined, upn: 'x' })],
    ['of an application', application()],
    ['of an application without idtyp', application({ idtyp: undefined })],
    ['for the client id as audience', person({ aud: '55555555-5555-4555-8555-555555555555' })],
    ['of a clock that is a minute off', person({ nbf: nowSeconds + 60, exp: nowSeconds + 3600 })],
    ['of somebody who may manage', person({ roles: ['Findings.Manage'] })],
    ['with roles of other applications beside', person({ roles: ['Other', 'Findings.Read'] })],
  ])('%s', async (_, claims) => {
    expect((await asked.ask('/api/findings', claims)).status).toBe(200);
  });
});

describe('tokens that are not', () => {
  it.each<[string, 401 | 403, () => string | Promise<string>]>([
    ['alg none', 401, () => `${encoded({ alg: 'none', typ: 'JWT', kid: 'one' })}.${encoded(person())}.`],
    ['alg None with a signature', 401, () => `${encoded({ alg: 'None', kid: 'one' })}.${encoded(person())}.AAAA`],
    ['HS256 with the public key as secret', 401, () => hmac({ alg: 'HS256', typ: 'JWT', kid: 'one' }, publicPem)],
    ['HS256 with the modulus as secret', 401, async () => hmac({ alg: 'HS256', kid: 'one' }, (await exportJWK(keyPair.publicKey)).n ?? '')],
    ['RS256 that is HMAC', 401, () => hmac({ alg: 'RS256', kid: 'one' }, publicPem)],
    ['PS256 of the right key', 401, async () => (await valid()).replace(/^[^.]+/, encoded({ alg: 'PS256', kid: 'one' }))],
    ['another issuer', 401, () => signed(person({ iss: 'https://elsewhere.example/' }))],
    [
      'another tenant by issuer and tid',
      401,
      () =>
        signed(person({ iss: v2.replace(tenantId, '99999999-9999-4999-8999-999999999999'), tid: '99999999-9999-4999-8999-999999999999' })),
    ],
    ['another tenant by tid alone', 401, () => signed(person({ tid: '99999999-9999-4999-8999-999999999999' }))],
    ['an issuer that only begins right', 401, () => signed(person({ iss: `${v2}/` }))],
    ['version 2.0 with the issuer of 1.0', 401, () => signed(person({ iss: v1 }))],
    ['another audience', 401, () => signed(person({ aud: 'https://graph.microsoft.com' }))],
    ['an audience that only begins right', 401, () => signed(person({ aud: 'api://mi-audit.evil' }))],
    ['a key that nobody knows', 401, () => signed(person(), { kid: 'two' })],
    ['no key id', 401, () => signed(person(), { kid: undefined })],
    ['the known key id and another key', 401, () => signed(person(), {}, stranger.privateKey)],
    ['its key embedded', 401, () => signed(person(), { jwk: strangerJwk }, stranger.privateKey)],
    ['its key embedded, signed well', 401, () => signed(person(), { jwk: strangerJwk })],
    ['an address of its keys', 401, () => signed(person(), { jku: 'https://elsewhere.example/keys', kid: 'one' }, stranger.privateKey)],
    ['an address of its certificate', 401, () => signed(person(), { x5u: 'https://elsewhere.example/cert' }, stranger.privateKey)],
    [
      'an extension that must be understood',
      401,
      async () => (await valid()).replace(/^[^.]+/, encoded({ alg: 'RS256', kid: 'one', crit: ['exp'] })),
    ],
    ['an end that has passed', 401, () => signed(person({ exp: nowSeconds - 600 }))],
    ['no end', 401, () => signed(person({ exp: undefined }))],
    ['an end that is text', 401, () => signed({ ...person(), exp: 'never' })],
    ['a beginning that has not come', 401, () => signed(person({ nbf: nowSeconds + 600 }))],
    ['no beginning', 401, () => signed(person({ nbf: undefined }))],
    ['no tenant', 401, () => signed(person({ tid: undefined }))],
    ['no version', 401, () => signed(person({ ver: undefined }))],
    ['no object id', 401, () => signed(person({ oid: undefined }))],
    ['roles that are text', 401, () => signed(person({ roles: 'Findings.Read' }))],
    ['its signature cut off', 401, async () => (await valid()).replace(/[^.]+$/, '')],
    ['no signature part', 401, async () => (await valid()).replace(/\.[^.]+$/, '')],
    ['another signature', 401, async () => (await valid()).replace(/[^.]+$/, (await signed(person({ name: 'x' }))).split('.')[2]!)],
    ['another payload', 401, async () => (await valid()).replace(/\.[^.]+\./, `.${encoded(person({ roles: ['Findings.Manage'] }))}.`)],
    ['four parts', 401, async () => `${await valid()}.AAAA`],
    ['two dots only', 401, () => '..'],
    ['garbage', 401, () => 'not.a.token'],
    ['JSON', 401, () => '{"alg":"none"}'],
    [
      'an encrypted token',
      401,
      async () =>
        new CompactEncrypt(new TextEncoder().encode(JSON.stringify(person())))
          .setProtectedHeader({ alg: 'RSA-OAEP-256', enc: 'A256GCM' })
          .encrypt(await importJWK(await exportJWK(keyPair.publicKey), 'RSA-OAEP-256')),
    ],
    ['one megabyte', 401, () => `${encoded({ alg: 'RS256', kid: 'one' })}.${'A'.repeat(1_000_000)}.AAAA`],
    ['one megabyte, signed well', 401, () => signed(person({ junk: 'A'.repeat(1_000_000) }))],
    ['no app role', 403, () => signed(person({ roles: undefined }))],
    ['roles of other applications only', 403, () => signed(person({ roles: ['findings.read', 'Reader', 'Findings.Read.All'] }))],
    ['the wrong app role', 403, () => signed(person({ roles: ['Audit.Run'] }))],
    ['another delegated permission', 403, () => signed(person({ scp: 'User.Read access_as_user2' }))],
    ['an id token', 403, () => signed(person({ scp: undefined, nonce: 'n', aud: '55555555-5555-4555-8555-555555555555' }))],
    [
      'an id token that names a client',
      403,
      () => signed(person({ scp: undefined, sub: '22222222-2222-4222-8222-222222222222', nonce: 'n' })),
    ],
    ['neither person nor application', 403, () => signed(person({ scp: undefined }))],
    ['no client', 403, () => signed(person({ azp: undefined }))],
    ['a person that says it is an application', 403, () => signed(person({ idtyp: 'app' }))],
    ['an application without roles', 403, () => signed(application({ roles: undefined }))],
  ])('%s: %i', async (_, status, token) => {
    const answer = await asked.ask('/api/findings', await token());
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ status, type: expect.stringMatching(/^urn:mi-audit:problem:/) });
    expect(answer.text).not.toMatch(/items|jose|JWT|at \w+ \(/);
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each([
    ['no header', {}],
    ['an empty header', { authorization: '' }],
    ['basic', { authorization: 'Basic YTpi' }],
    [
      'Easy Auth’s headers',
      {
        'x-ms-client-principal': encoded({ auth_typ: 'aad', claims: [{ typ: 'roles', val: 'Findings.Read' }] }),
        'x-ms-client-principal-id': 'x',
      },
    ],
    ['a cookie', { cookie: 'AppServiceAuthSession=x' }],
    ['two tokens', { authorization: 'Bearer a b' }],
  ])('%s: 401', async (_, headers) => {
    expect((await asked.ask('/api/findings', null, { headers })).status).toBe(401);
  });
});

describe('an API that is not set up', () => {
  it.each([
    ['nothing', { tenantId: undefined, audiences: [] }, /API_TENANT_ID and API_AUDIENCE are missing/],
    ['a tenant only', { audiences: [] }, /API_AUDIENCE is missing/],
    ['an audience only', { tenantId: undefined }, /API_TENANT_ID is missing/],
  ])('lets nobody in with %s, and says what is missing', async (_, settings, words) => {
    const bare = await api({}, settings);
    for (const path of ['/api/findings', '/api/me', '/api/rules', '/api/summary']) {
      const answer = await bare.ask(path);
      expect(answer.status).toBe(503);
      expect(answer.body.detail).toMatch(words);
    }
    expect((await bare.ask('/api/health', null)).status).toBe(200);
    expect((await bare.ask('/api/config', null)).body.configured).toBe(false);
  });

  it('says that keys cannot be read, instead of calling the token wrong', async () => {
    const cut = await api({ keys: () => Promise.reject(new TypeError('fetch failed')) });
    const answer = await cut.ask('/api/findings');
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('30');
    expect(answer.text).not.toContain('fetch failed');
    expect(cut.logs.join()).toContain('fetch failed');
  });
});

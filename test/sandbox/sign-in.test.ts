import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as tlsRequest } from 'node:https';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { world } from '../e2e/mi-audit.ts';

let sandbox: Sandbox;
let authority = '';
const redirectUri = 'http://localhost:4711/';
const verifier = randomBytes(32).toString('base64url');
const challenge = createHash('sha256').update(verifier).digest('base64url');

beforeAll(async () => {
  sandbox = await startSandbox({ worldDir: await world({}), storage: false, plainAuthority: true });
  authority = `${sandbox.environment['API_AUTHORITY_URL']}/${sandbox.tenantId}`;
});
afterAll(() => sandbox.close());

const asked = (more: Readonly<Record<string, string>> = {}): string =>
  new URLSearchParams({
    client_id: sandbox.environment['TAB_CLIENT_ID']!,
    redirect_uri: redirectUri,
    response_type: 'code',
    response_mode: 'fragment',
    scope: 'api://mi-audit/access_as_user openid profile offline_access',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'here',
    nonce: 'once',
    ...more,
  }).toString();

const authorize = (form: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${authority}/oauth2/v2.0/authorize?${form}`, { redirect: 'manual', ...init });
const choose = (user: string, more = {}): Promise<Response> =>
  fetch(`${authority}/oauth2/v2.0/authorize`, {
    method: 'POST',
    body: new URLSearchParams(`${asked(more)}&user=${user}`),
    redirect: 'manual',
  });
const answerOf = (response: Response): URLSearchParams =>
  new URLSearchParams(new URL(response.headers.get('location') ?? '').hash.slice(1));
const token = (form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(`${authority}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { origin: 'http://localhost:4711' },
  });
const manager = '00000000-0000-4000-8000-0000000000e2';

async function codeFor(user: string): Promise<Record<string, string>> {
  const code = answerOf(await choose(user)).get('code') ?? '';
  return {
    grant_type: 'authorization_code',
    client_id: sandbox.environment['TAB_CLIENT_ID']!,
    redirect_uri: redirectUri,
    code,
    code_verifier: verifier,
  };
}

describe('sign-in to the sandbox', () => {
  it('says where everything is, under the address it was asked at', async () => {
    const document: unknown = await (await fetch(`${authority}/v2.0/.well-known/openid-configuration`)).json();
    expect(document).toMatchObject({
      issuer: `${authority}/v2.0`,
      token_endpoint: `${authority}/oauth2/v2.0/token`,
      jwks_uri: `${authority}/discovery/v2.0/keys`,
    });
  });

  it('shows who one can be, with their roles, and runs nothing', async () => {
    const page = await authorize(asked({ state: '"><script>alert(1)</script>' }));
    const html = await page.text();
    expect(html).toContain('Manager of findings');
    expect(html).toContain('Findings.Read, Findings.Manage');
    expect(html).not.toContain('<script');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('gives a code, and for the code a token of that person for the API', async () => {
    const answer = answerOf(await choose(manager));
    expect(answer.get('state')).toBe('here');
    const response = await token(await codeFor(manager));
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:4711');
    const body = (await response.json()) as Record<string, string>;
    expect(decodeJwt(body['access_token']!)).toMatchObject({
      aud: '00000000-0000-4000-8000-00000000a001',
      iss: `${authority}/v2.0`,
      oid: manager,
      roles: ['Findings.Read', 'Findings.Manage'],
      scp: 'access_as_user',
      tid: sandbox.tenantId,
      ver: '2.0',
    });
    expect(decodeJwt(body['id_token']!)).toMatchObject({ aud: sandbox.environment['TAB_CLIENT_ID'], nonce: 'once', oid: manager });
    const again = await token({
      grant_type: 'refresh_token',
      client_id: sandbox.environment['TAB_CLIENT_ID']!,
      refresh_token: body['refresh_token']!,
    });
    expect(again.status).toBe(200);
  });

  it.each<[string, (form: Record<string, string>) => Record<string, string>]>([
    ['another verifier', (form) => ({ ...form, code_verifier: 'guessed' })],
    ['another address', (form) => ({ ...form, redirect_uri: 'http://localhost:1/' })],
    ['another application', (form) => ({ ...form, client_id: 'other' })],
    ['a made-up code', (form) => ({ ...form, code: 'made-up' })],
  ])('gives nothing for %s', async (_, change) => {
    expect((await token(change(await codeFor(manager)))).status).toBe(400);
  });

  it('takes a code once', async () => {
    const form = await codeFor(manager);
    expect((await token(form)).status).toBe(200);
    expect((await token(form)).status).toBe(400);
  });

  it('sends nobody to another machine', async () => {
    expect((await authorize(asked({ redirect_uri: 'https://elsewhere.example/' }))).status).toBe(400);
  });

  it('renews silently for whoever is signed in, and says so when nobody is', async () => {
    expect(answerOf(await authorize(asked({ prompt: 'none' }))).get('error')).toBe('login_required');
    const signedIn = (await choose(manager)).headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(answerOf(await authorize(asked({ prompt: 'none' }), { headers: { cookie: signedIn } })).get('code')).toMatch(/\S{20}/);
  });

  it('gives an application its own token for its secret only', async () => {
    const form = { grant_type: 'client_credentials', client_id: '00000000-0000-4000-8000-0000000000f1', scope: 'api://mi-audit/.default' };
    expect((await token({ ...form, client_secret: 'guess' })).status).toBe(401);
    const body = (await (await token({ ...form, client_secret: sandbox.signIn.applicationSecret })).json()) as { access_token: string };
    const claims = decodeJwt(body.access_token);
    expect(claims).toMatchObject({ idtyp: 'app', roles: ['Findings.Read'], oid: claims.sub });
    expect(claims).not.toHaveProperty('scp');
  });

  it('is served over TLS too, with an issuer to match', async () => {
    const url = `${sandbox.environment['CLOUD_AUTHORITY_URL']}/${sandbox.tenantId}`;
    const text = await new Promise<string>((resolve, reject) => {
      tlsRequest(`${url}/v2.0/.well-known/openid-configuration`, { ca: readFileSync(sandbox.environment['CLOUD_CA_FILE']!) }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += String(chunk))).on('end', () => resolve(body));
      })
        .on('error', reject)
        .end();
    });
    expect(JSON.parse(text)).toMatchObject({ issuer: `${url}/v2.0` });
  });
});

describe('users of a world', () => {
  it('are those to whom the world gave app roles', async () => {
    const own = await startSandbox({
      worldDir: await world({
        'graph/users': [
          { id: 'u1', displayName: '<b>Own</b>', userPrincipalName: 'own@contoso.example', appRoles: ['Audit.Run'] },
          { id: 'u2' },
        ],
      }),
      storage: false,
      plainAuthority: true,
    });
    try {
      const html = await (await fetch(`${own.environment['API_AUTHORITY_URL']}/${own.tenantId}/oauth2/v2.0/authorize?${asked()}`)).text();
      expect(html.match(/<button/g)).toHaveLength(1);
      expect(html).toContain('&#60;b&#62;Own');
    } finally {
      await own.close();
    }
  });
});

import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpHandler } from '@azure/functions';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.ts';
import { world } from '../e2e/mi-audit.ts';
import { small } from '../e2e/rows.ts';
import { installFakeHost } from './fake-host.ts';

/** The HTTP function as the worker runs it, over the sandbox's storage, with tokens of the sandbox's authority. */
const host = installFakeHost();
let sandbox: Sandbox;
let handler: HttpHandler;
let folder = '';
const before = { ...process.env };
const logs: string[] = [];

beforeAll(async () => {
  const { httpDoor } = await import('../../src/functions/http.ts');
  const functions = await import('@azure/functions');
  folder = await mkdtemp(join(tmpdir(), 'mi-audit-page-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(
    join(folder, 'index.html'),
    '<!doctype html><script type="module" nonce="__CSP_NONCE__" src="/assets/main-Ab3dEf90.js"></script>',
  );
  await writeFile(join(folder, 'assets/main-Ab3dEf90.js'), `console.log(${JSON.stringify('x'.repeat(5_000))})`);
  await writeFile(join(folder, '../mi-audit-secret.txt'), 'secret');
  sandbox = await startSandbox({ worldDir: await world(small), plainAuthority: true });
  Object.assign(process.env, sandbox.environment);
  handler = httpDoor(() => sandbox.environment, { version: '1.2.3', pageFolder: folder });
  ask = async (path, init = {}) => {
    const { method = 'GET', token, headers = {}, body } = init;
    const request = new functions.HttpRequest({
      url: `https://mi-audit.example${path}`,
      method,
      headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      ...(body !== undefined && { body: { string: body } }),
    });
    const answer = await handler(
      request,
      new functions.InvocationContext({ logHandler: (_level, ...line) => void logs.push(line.join(' ')) }),
    );
    const given = answer as { status: number; headers: Record<string, string>; body?: Uint8Array | string };
    const bytes = given.body === undefined ? Buffer.alloc(0) : Buffer.from(given.body as Uint8Array);
    const text = given.headers['content-encoding'] === 'br' ? brotliDecompressSync(bytes).toString() : bytes.toString();
    return { status: given.status, headers: given.headers, text };
  };
}, 60_000);

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true, force: true });
  await rm(join(folder, '../mi-audit-secret.txt'), { force: true });
  process.env = before;
});

interface Init {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}
let ask: (path: string, init?: Init) => Promise<{ status: number; headers: Record<string, string>; text: string }>;

async function applicationToken(clientId: string): Promise<string> {
  const response = await fetch(`${sandbox.environment['API_AUTHORITY_URL']}/${sandbox.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: sandbox.signIn.applicationSecret,
      scope: 'api://mi-audit/.default',
    }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}
const reader = '00000000-0000-4000-8000-0000000000f1';
const runner = '00000000-0000-4000-8000-0000000000f3';

describe('the HTTP function', () => {
  it('is registered for every address, with no key of the host', async () => {
    await import('../../src/functions/main.ts');
    const { bindings } = host.functions.get('http')!;
    expect(Object.values(bindings).find(({ type }) => type === 'httpTrigger')).toMatchObject({ authLevel: 'anonymous', route: '{*path}' });
  });

  it('lets in who signed in at the authority, and says that no audit was stored', async () => {
    expect((await ask('/api/findings')).status).toBe(401);
    const answer = await ask('/api/findings', { token: await applicationToken(reader) });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      {
        items: [],
        coverage: {
          runId: null,
          at: null,
          complete: false,
          gaps: [expect.objectContaining({ state: 'missing', why: expect.stringMatching(/No audit has been stored yet/) })],
        },
      },
    ]);
  });

  it('packs what is worth it', async () => {
    const packed = await ask('/api/openapi.json', { headers: { 'accept-encoding': 'gzip, br' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'br', etag: expect.stringMatching(/^W\/"/) });
    expect(JSON.parse(packed.text)).toMatchObject({ openapi: '3.1.0' });
    expect((await ask('/api/openapi.json', { headers: { 'if-none-match': packed.headers['etag']! } })).status).toBe(304);
    expect((await ask('/api/openapi.json')).headers).not.toHaveProperty('content-encoding');
  });

  it('serves the page with a nonce of its own, and its assets for a year', async () => {
    const [one, other] = [await ask('/'), await ask('/findings/anything')];
    const nonce = /nonce="([^"]+)"/.exec(one.text)?.[1];
    expect(one.headers['content-security-policy']).toContain(`'nonce-${nonce}'`);
    expect(one.headers['content-security-policy']).toMatch(/frame-ancestors 'self' https:\/\/teams\.microsoft\.com/);
    expect(one.headers['content-security-policy']).not.toMatch(/script-src[^;]*'unsafe/);
    expect(other.text).not.toContain(nonce!);
    expect(other.status).toBe(200);
    const asset = await ask('/assets/main-Ab3dEf90.js');
    expect(asset.headers).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'text/javascript; charset=utf-8',
    });
    expect((await ask('/assets/gone-Ab3dEf90.js')).status).toBe(404);
  });

  it.each([
    '/../mi-audit-secret.txt',
    '/..%2fmi-audit-secret.txt',
    '/assets/..%2f..%2fmi-audit-secret.txt',
    '/%2e%2e/mi-audit-secret.txt',
    '//mi-audit-secret.txt',
  ])('keeps to its folder: %s', async (path) => {
    expect((await ask(path)).text).not.toContain('secret');
  });

  it('queues an audit that the function of the queue then makes', async () => {
    const answer = await ask('/api/audits', { method: 'POST', token: await applicationToken(runner) });
    expect([answer.status, answer.headers['location']]).toEqual([202, expect.stringMatching(/^\/api\/runs\?job=audit&since=2026/)]);
    await host.fire('audit-request', { by: 'somebody', at: sandbox.now });
    expect(host.logs.join('\n')).toMatch(/An audit was asked for by somebody\./);
    const token = await applicationToken(runner);
    const { items } = JSON.parse((await ask(answer.headers['location']!, { token })).text) as { items: { state: string }[] };
    expect(items).toMatchObject([{ state: 'finished' }]);
  }, 60_000);

  it('answers even when its settings are wrong, without saying which', async () => {
    const { httpDoor } = await import('../../src/functions/http.ts');
    const good = handler;
    handler = httpDoor(() => ({ CREDENTIAL: 'guess' }), { version: '1', pageFolder: folder });
    const answer = await ask('/api/findings');
    handler = good;
    expect([answer.status, answer.text]).toEqual([503, expect.not.stringContaining('CREDENTIAL')]);
    expect(logs.join('\n')).toContain('CREDENTIAL must');
  });
});

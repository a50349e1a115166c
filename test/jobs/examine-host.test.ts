import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { hostProbe, type HostProbeOptions } from '../../src/azure/index.ts';
import { causes } from '../../src/incidents/index.ts';
import { examineHost, type HostExamination, type HostReport } from '../../src/jobs/examine-host.ts';
import { certificateFor, deadPort, listen, token, tunnel, type Answer } from './doctor/loopback.ts';

const arm = 'https://management.azure.com';
const vaultAudience = 'https://vault.azure.net';
const now = '2026-11-20T08:00:00.000Z';
const nowMs = Date.parse(now);
const tenant = '00000000-0000-4000-8000-00000000aaaa';
const [named, other, systemAssigned] = [
  '00000000-0000-4000-8000-00000000c001',
  '00000000-0000-4000-8000-00000000c002',
  '00000000-0000-4000-8000-00000000c003',
];
const objectId = (clientId: string): string => clientId.replace('c00', 'b00');
const identity = (clientId: string, resource: string, more: object = {}): string =>
  token({
    aud: resource,
    iss: `https://sts.windows.net/${tenant}/`,
    tid: tenant,
    oid: objectId(clientId),
    appid: clientId,
    exp: nowMs / 1000 + 3600,
    ...more,
  });

/** An identity endpoint as App Service and the metadata service offer one, with these identities on the host. */
function identityEndpoint(
  attached: readonly string[],
  more: { readonly date?: string; readonly claims?: object; readonly shown?: string } = {},
): Answer {
  return (request) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://x');
    const headers = { date: more.date ?? new Date(nowMs).toUTCString() };
    if (request.headers['metadata'] !== 'true' && request.headers['x-identity-header'] !== 'header')
      return { status: 400, headers, body: '{"error":"invalid_request","error_description":"Required metadata header not specified"}' };
    const clientId = searchParams.get('client_id') ?? (attached.includes(systemAssigned) ? systemAssigned : undefined);
    if (clientId === undefined && attached.length > 1)
      return {
        status: 400,
        headers,
        body: '{"error":"invalid_request","error_description":"Multiple user assigned identities exist, please specify the clientId"}',
      };
    const found = clientId ?? attached[0];
    if (found === undefined || !attached.includes(found))
      return { status: 400, headers, body: '{"error":"invalid_request","error_description":"Identity not found"}' };
    return { headers, body: JSON.stringify({ access_token: identity(found, searchParams.get('resource') ?? '', more.claims) }) };
  };
}

const imdsAt = (port: number) => ({ AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${port}` });
const appServiceAt = (port: number) => ({ IDENTITY_ENDPOINT: `http://127.0.0.1:${port}/msi/token`, IDENTITY_HEADER: 'header' });

async function examine(request: Partial<HostExamination>, options: HostProbeOptions = {}): Promise<HostReport> {
  const report = await examineHost({
    probe: hostProbe({ timeoutSeconds: 2, nowMs: () => nowMs, ...options }),
    environment: {},
    cloud: { resourceManager: arm },
    credential: 'managed-identity',
    targets: [],
    now,
    progress: () => {},
    ...request,
  });
  const all = [...report.checks, ...report.targets.flatMap(({ hops }) => hops)];
  const known = new Set(causes.map(({ id }) => id));
  expect(all.filter(({ cause }) => cause !== undefined && !known.has(cause))).toEqual([]);
  expect(all.filter(({ verdict, fix }) => (verdict === 'failed' || verdict === 'warning') && fix === '')).toEqual([]);
  expect(JSON.stringify(report)).not.toMatch(/eyJ|c2lnbmF0dXJl/);
  return report;
}

const verdicts = (report: HostReport): Record<string, string> =>
  Object.fromEntries(report.checks.map(({ id, verdict, cause }) => [id, cause === undefined ? verdict : `${verdict}: ${cause}`]));
const hops = (report: HostReport, at = 0): Record<string, string> =>
  Object.fromEntries(
    report.targets[at]!.hops.map(({ id, verdict, cause }) => [id, cause === undefined ? verdict : `${verdict}: ${cause}`]),
  );

describe('a host that is in order', () => {
  it.each([
    ['App Service', appServiceAt],
    ['a virtual machine', imdsAt],
  ])('%s', async (_name, at) => {
    const environment = at(await listen(identityEndpoint([systemAssigned])));
    const report = await examine({ environment, principal: objectId(systemAssigned), tenant });
    expect(verdicts(report)).toEqual({
      source: 'ok',
      endpoint: 'ok',
      token: 'ok',
      audience: 'ok',
      principal: 'ok',
      tenant: 'ok',
      expiry: 'ok',
      clock: 'ok',
    });
    expect(report).toMatchObject({ schema: 'mi-audit/doctor/v1', verdict: 'ok', summary: { failed: 0, skipped: 0 } });
  });

  test('with workload identity, whose token file it reads and never repeats', async () => {
    const certificate = await certificateFor('localhost');
    let asked = '';
    const port = await listen((request, body) => {
      if (request.method === 'GET') return { body: '{"token_endpoint":"https://x"}' };
      asked = body;
      return { body: JSON.stringify({ access_token: identity(named, arm) }) };
    }, certificate);
    const folder = mkdtempSync(join(tmpdir(), 'mi-audit-doctor-'));
    const file = join(folder, 'token');
    const inside = {
      iss: 'https://oidc.example/',
      sub: 'system:serviceaccount:shop:api',
      aud: ['api://AzureADTokenExchange'],
      exp: nowMs / 1000 + 60,
    };
    const environment = {
      AZURE_FEDERATED_TOKEN_FILE: file,
      AZURE_TENANT_ID: tenant,
      AZURE_CLIENT_ID: named,
      AZURE_AUTHORITY_HOST: `https://localhost:${port}/`,
    };
    try {
      writeFileSync(file, token(inside));
      const report = await examine({ environment, clientId: named }, { ca: certificate.ca });
      expect(verdicts(report)).toMatchObject({ source: 'ok', endpoint: 'ok', 'token-file': 'ok', token: 'ok' });
      expect(report.checks.find(({ id }) => id === 'token-file')?.saw).toContain('system:serviceaccount:shop:api');
      expect(new URLSearchParams(asked).get('scope')).toBe(`${arm}/.default`);
      writeFileSync(file, token({ ...inside, exp: 1 }));
      expect(verdicts(await examine({ environment, clientId: named }, { ca: certificate.ca }))).toMatchObject({
        'token-file': 'failed: federation-mismatch',
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('an identity endpoint that does not work', () => {
  it('is not there', async () => {
    const report = await examine({ environment: imdsAt(await deadPort()) });
    expect(verdicts(report)).toEqual({ source: 'ok', endpoint: 'failed: endpoint-unreachable', token: 'skipped' });
  });

  it('is not there because the app has no identity', async () => {
    const report = await examine({ environment: { WEBSITE_SITE_NAME: 'app', ...imdsAt(await deadPort()) } });
    expect(verdicts(report)).toMatchObject({ source: 'warning: identity-not-assigned', endpoint: 'failed: identity-not-assigned' });
  });

  it('is no address', async () => {
    expect(verdicts(await examine({ environment: { IDENTITY_ENDPOINT: 'localhost', IDENTITY_HEADER: 'x' } }))).toEqual({
      source: 'failed: identity-not-assigned',
    });
  });

  it('hangs', async () => {
    const port = await listen(() => ({ headers: { 'content-length': '10' }, body: '1' }));
    expect(verdicts(await examine({ environment: imdsAt(port) }, { timeoutSeconds: 0.3 }))).toMatchObject({
      endpoint: 'failed: endpoint-unreachable',
    });
  });

  it.each<[string, Answer, string, string]>([
    [
      'a page',
      () => ({ status: 403, headers: { 'content-type': 'text/html' }, body: '<html>Denied</html>' }),
      'failed: endpoint-unreachable',
      'skipped',
    ],
    [
      'a page that says 200',
      () => ({ headers: { 'content-type': 'text/html' }, body: '<!DOCTYPE html><html>Sign in</html>' }),
      'failed: endpoint-unreachable',
      'skipped',
    ],
    [
      'a proxy that leaves its mark',
      () => ({ status: 400, headers: { via: '1.1 squid' }, body: '{}' }),
      'failed: endpoint-unreachable',
      'skipped',
    ],
    [
      'a packet filter with a bare sentence',
      () => ({ status: 403, headers: { 'content-type': 'text/plain' }, body: 'denied destination' }),
      'warning: endpoint-unreachable',
      'failed: endpoint-unreachable',
    ],
    ['something that says yes to all', () => ({ body: '{}' }), 'warning: endpoint-unreachable', 'failed: unexplained'],
  ])('is %s', async (_name, answer, endpoint, tokenCheck) => {
    const report = await examine({ environment: imdsAt(await listen(answer)) });
    expect(verdicts(report)).toMatchObject({ endpoint, token: tokenCheck });
  });

  it('refuses the header of another start', async () => {
    const port = await listen(() => ({ status: 401, body: '{"statusCode":401,"message":"Unauthorized"}' }));
    const report = await examine({ environment: appServiceAt(port) });
    expect(report.checks.find(({ id }) => id === 'token')).toMatchObject({
      verdict: 'failed',
      why: expect.stringContaining('IDENTITY_HEADER'),
    });
  });

  it('is busy: not checked, rather than failed', async () => {
    const port = await listen((request) =>
      request.headers['metadata'] === undefined ? { status: 400, body: '{}' } : { status: 429, body: '{"error":"too many"}' },
    );
    expect(await examine({ environment: imdsAt(port) })).toMatchObject({ verdict: 'skipped', summary: { failed: 0, skipped: 1 } });
  });
});

describe("the user of the Azure CLI, and hosts that only Azure's library speaks to", () => {
  const answering = (answer: { kind: 'token'; token: string } | { kind: 'refused'; text: string }) => ({
    ...hostProbe({ nowMs: () => nowMs }),
    libraryToken: async () => answer,
  });

  it('are asked for by the library, whose words are read too', async () => {
    const good = await examine({ credential: 'azure-cli', probe: answering({ kind: 'token', token: identity(named, arm) }) });
    expect(verdicts(good)).toEqual({ token: 'ok', audience: 'ok', expiry: 'ok' });
    const bad = await examine({ credential: 'azure-cli', probe: answering({ kind: 'refused', text: 'Please run az login' }) });
    expect(bad.checks).toMatchObject([{ id: 'token', verdict: 'failed', saw: expect.stringContaining('az login') }]);
    const cloudShell = { MSI_ENDPOINT: `http://127.0.0.1:${await listen(() => ({ status: 400, body: '{"error":"invalid_request"}' }))}` };
    const gone = await examine({ environment: cloudShell, probe: answering({ kind: 'refused', text: 'Identity not found' }) });
    expect(verdicts(gone)).toEqual({ source: 'ok', endpoint: 'ok', token: 'failed: identity-not-assigned' });
  });
});

describe('proxy variables', () => {
  it('that send the request for tokens to a page', async () => {
    const proxy = await listen(() => ({ status: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }));
    const environment = { ...imdsAt(await listen(identityEndpoint([named]))), HTTP_PROXY: `http://user:secret@127.0.0.1:${proxy}` };
    const report = await examine({ environment });
    // Straight, all is well: the doctor shows both.
    expect(verdicts(report)).toMatchObject({ proxy: 'failed: endpoint-unreachable', endpoint: 'ok', token: 'ok' });
    expect(JSON.stringify(report)).not.toMatch(/user|secret/);
  });

  it('that only some programs understand', async () => {
    const proxy = await listen(() => ({ status: 502, body: '<html>' }));
    const at = imdsAt(await listen(identityEndpoint([named])));
    const range = await examine({ environment: { ...at, HTTP_PROXY: `http://127.0.0.1:${proxy}`, NO_PROXY: '127.0.0.0/8' } });
    expect(verdicts(range)).toMatchObject({ proxy: 'warning: endpoint-unreachable' });
    const exact = await examine({ environment: { ...at, HTTP_PROXY: `http://127.0.0.1:${proxy}`, NO_PROXY: '127.0.0.1' } });
    expect(verdicts(exact)).toMatchObject({ proxy: 'ok' });
  });

  it('never get the secret of the endpoint', async () => {
    const seen: string[] = [];
    const proxy = await listen((request) => {
      seen.push(JSON.stringify(request.headers));
      return { status: 400, body: '{"error":"invalid_request"}' };
    });
    const environment = { ...appServiceAt(await listen(identityEndpoint([named]))), ALL_PROXY: `http://127.0.0.1:${proxy}` };
    expect(verdicts(await examine({ environment }))).toMatchObject({ proxy: 'warning: endpoint-unreachable' });
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toContain('x-identity-header');
  });
});

describe('the choice of the identity', () => {
  it.each<[string, readonly string[], string | undefined, object]>([
    ['one identity, not named', [named], undefined, { token: 'ok' }],
    ['two identities, none named', [named, other], undefined, { token: 'failed: wrong-identity' }],
    ['two identities, one named', [named, other], named, { token: 'ok', 'token-default': 'warning: wrong-identity' }],
    ['the only one, named', [named], named, { token: 'ok', 'token-default': 'ok' }],
    [
      'one that is not attached',
      [systemAssigned],
      named,
      { token: 'failed: identity-not-assigned', 'token-default': 'warning: wrong-identity' },
    ],
    [
      'the system-assigned one answers whoever is not named',
      [systemAssigned, named],
      named,
      { token: 'ok', 'token-default': 'warning: wrong-identity' },
    ],
    ['no identity', [], undefined, { token: 'failed: identity-not-assigned' }],
  ])('%s', async (_name, attached, clientId, expected) => {
    const environment = imdsAt(await listen(identityEndpoint(attached)));
    const report = verdicts(await examine({ environment, clientId }));
    expect(report).toMatchObject(expected);
    expect(Object.keys(report).includes('token-default')).toBe(clientId !== undefined);
  });
});

describe('what the token says', () => {
  it.each<[string, Partial<HostExamination>, object, object]>([
    ['another principal', { principal: objectId(other) }, {}, { principal: 'failed: wrong-identity' }],
    ['the principal by client id', { principal: named.toUpperCase() }, {}, { principal: 'ok' }],
    ['the principal by ARM id', { principal: '/subscriptions/S/x' }, { claims: { xms_mirid: '/subscriptions/s/X' } }, { principal: 'ok' }],
    ['another tenant', { tenant: other }, {}, { tenant: 'failed: foreign-tenant' }],
    ['another audience', {}, { claims: { aud: 'https://graph.microsoft.com' } }, { audience: 'failed: wrong-audience' }],
    ['an end in the past', {}, { claims: { exp: 1 } }, { expiry: 'failed: stale-token' }],
    ['a clock four minutes off', {}, { date: new Date(nowMs - 240_000).toUTCString() }, { clock: 'ok' }],
    ['a clock six minutes off', {}, { date: new Date(nowMs + 360_000).toUTCString() }, { clock: 'failed: stale-token' }],
  ])('%s', async (_name, request, endpoint, expected) => {
    const environment = imdsAt(await listen(identityEndpoint([named], endpoint)));
    expect(verdicts(await examine({ environment, ...request }))).toMatchObject(expected);
  });

  it('is not shown where an endpoint writes it into an error', async () => {
    const port = await listen(() => ({
      status: 400,
      body: `{"error":"x","error_description":"bad ${identity(named, arm)} http://u:p@h"}`,
    }));
    const report = await examine({ environment: imdsAt(port) });
    expect(JSON.stringify(report)).not.toContain('u:p@');
  });
});

describe('a dependency', () => {
  const signedIn = async () => imdsAt(await listen(identityEndpoint([named])));
  const list: Answer = (request) =>
    request.headers.authorization?.startsWith('Bearer ey') === true && request.method === 'GET'
      ? { body: '{"value":[],"nextLink":null}' }
      : { status: 401, body: '{"error":{"code":"Unauthorized"}}' };

  it('lets the identity in, by its own name over TLS', async () => {
    const certificate = await certificateFor('shop.vault.azure.net');
    const paths: (string | undefined)[] = [];
    const port = await listen((request, body) => {
      paths.push(request.url);
      return list(request, body);
    }, certificate);
    const options = { ca: certificate.ca, lookUp: async () => ['127.0.0.1'] };
    const report = await examine(
      { environment: await signedIn(), targets: [new URL(`https://shop.vault.azure.net:${port}/secrets/db`)] },
      options,
    );
    expect(hops(report)).toEqual({ dns: 'ok', connect: 'ok', token: 'ok', answer: 'ok' });
    expect(report.targets[0]).toMatchObject({ service: 'Key Vault', audience: vaultAudience, verdict: 'ok' });
    expect(paths).toEqual(['/secrets/db/versions?api-version=7.4&maxresults=1']);
  });

  it('refuses it, for a reason that the answer names', async () => {
    const certificate = await certificateFor('localhost');
    const port = await listen(
      () => ({ status: 403, body: '{"error":{"code":"Forbidden","message":"no","innererror":{"code":"ForbiddenByRbac"}}}' }),
      certificate,
    );
    const request = { environment: await signedIn(), targets: [new URL(`https://localhost:${port}`)], resource: vaultAudience };
    const report = await examine(request, { ca: certificate.ca });
    expect(hops(report)).toMatchObject({ answer: 'failed: missing-role' });
    expect(report.targets[0]!.hops[3]!.fix).toContain(objectId(named));
  });

  it('is not who it should be: no token is sent', async () => {
    let asked = 0;
    const stranger = await certificateFor('stranger.example');
    const port = await listen(() => ({ body: String((asked += 1)) }), stranger);
    const options = { ca: stranger.ca, lookUp: async () => ['127.0.0.1'] };
    const report = await examine({ environment: await signedIn(), targets: [new URL(`https://shop.vault.azure.net:${port}`)] }, options);
    expect(hops(report)).toEqual({ dns: 'ok', connect: 'failed: network-rule', token: 'ok', answer: 'skipped' });
    expect(asked).toBe(0);
  });

  it('has no name, or nobody listens', async () => {
    const lookUp = async (name: string): Promise<readonly string[]> => {
      if (name.startsWith('gone')) throw Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' });
      return ['127.0.0.1'];
    };
    const targets = [new URL('https://gone.vault.azure.net'), new URL(`https://closed.vault.azure.net:${await deadPort()}`)];
    const report = await examine({ environment: await signedIn(), targets }, { lookUp });
    expect(hops(report, 0)).toEqual({ dns: 'failed: network-rule', connect: 'skipped', token: 'ok', answer: 'skipped' });
    expect(hops(report, 1)).toEqual({ dns: 'ok', connect: 'failed: network-rule', token: 'ok', answer: 'skipped' });
  });

  it('is nobody that Azure knows: never a token', async () => {
    const certificate = await certificateFor('files.example');
    let asked = 0;
    const port = await listen(() => ({ body: String((asked += 1)) }), certificate);
    const options = { ca: certificate.ca, lookUp: async () => ['127.0.0.1'] };
    for (const resource of [undefined, vaultAudience]) {
      const report = await examine(
        { environment: await signedIn(), targets: [new URL(`https://files.example:${port}`)], resource },
        options,
      );
      expect(hops(report)).toEqual({ dns: 'ok', connect: 'ok', token: 'skipped', answer: 'skipped' });
      expect(report.verdict).toBe('skipped');
    }
    expect(asked).toBe(0);
  });

  it('is reached through the proxy that the variables name', async () => {
    const certificate = await certificateFor('shop.vault.azure.net');
    const { port, asked } = await tunnel(await listen(list, certificate));
    const environment = { ...(await signedIn()), HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1' };
    const lookUp = async (): Promise<readonly string[]> => [];
    const report = await examine({ environment, targets: [new URL('https://shop.vault.azure.net')] }, { ca: certificate.ca, lookUp });
    expect(hops(report)).toMatchObject({ connect: 'ok', token: 'ok', answer: 'ok' });
    expect(asked).toEqual(['shop.vault.azure.net:443']);
  });

  it('is not asked for where this host has no token, and each audience is asked for once', async () => {
    const nobody = await examine({
      environment: imdsAt(await deadPort()),
      targets: [new URL('https://localhost:1')],
      resource: vaultAudience,
    });
    expect(hops(nobody)).toMatchObject({ token: 'skipped', answer: 'skipped' });
    let tokens = 0;
    const endpoint = identityEndpoint([named]);
    const port = await listen((request, body) => {
      if (request.url?.includes('vault') === true) tokens += 1;
      return endpoint(request, body);
    });
    const targets = [1, 2, 3].map((at) => new URL(`https://kv${at}.vault.azure.net:1`));
    await examine({ environment: imdsAt(port), targets }, { lookUp: async () => ['127.0.0.1'] });
    expect(tokens).toBe(1);
  });
});

describe('the reads of the auditor', () => {
  it('name the permission that is missing, and do not call untried what was refused', async () => {
    const environment = imdsAt(await listen(identityEndpoint([named])));
    const read = (permission: string, outcome: 'allowed' | 'refused' | 'untried') => ({
      permission,
      plane: 'graph' as const,
      lost: 'Names.',
      outcome,
      text: 'x',
    });
    const auditor = { tryAll: async () => [read('A.Read', 'allowed'), read('B.Read', 'refused'), read('C.Read', 'untried')] };
    const report = await examine({ environment, auditor });
    expect(report.auditor.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['A.Read', 'ok'],
      ['B.Read', 'failed'],
      ['C.Read', 'skipped'],
    ]);
    expect(report.auditor[1]!.fix).toContain('B.Read');
  });
});

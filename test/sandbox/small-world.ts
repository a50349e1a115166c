import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.ts';

type Lines = readonly object[];

export interface SmallWorld {
  readonly settings?: object;
  /** `arg/resources`, `graph/users`, `logs/<id>/AzureActivity`, `arm`: path without `.jsonl` → lines. */
  readonly files?: Readonly<Record<string, Lines>>;
}

export const tenantId = '11111111-1111-4111-8111-111111111111';
export const subscriptionId = '22222222-2222-4222-8222-222222222222';
export const otherSubscriptionId = '22222222-2222-4222-8222-222222222223';
export const auditor = {
  principalId: 'aaaaaaaa-0000-4000-8000-000000000001',
  clientId: 'aaaaaaaa-0000-4000-8000-000000000002',
  resourceId: `/subscriptions/${subscriptionId}/resourceGroups/audit/providers/Microsoft.ManagedIdentity/userAssignedIdentities/auditor`,
};
export const now = '2026-11-20T08:00:00Z';

export function writeWorld(world: SmallWorld): string {
  const dir = mkdtempSync(join(tmpdir(), 'mi-audit-world-'));
  writeFileSync(join(dir, 'world.json'), JSON.stringify({ format: 1, now, tenantId, auditor, ...world.settings }));
  for (const [path, lines] of Object.entries(world.files ?? {})) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, `${path}.jsonl`), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  return dir;
}

export interface Answer {
  /** 0: the connection broke. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Serving extends AsyncDisposable {
  readonly sandbox: Sandbox;
  readonly ca: string;
  /** A token of the auditor, from the identity endpoint. */
  token(audience: string): Promise<string>;
  send(method: string, url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer>;
  /** With a token for the endpoint it goes to. */
  arm(method: string, path: string, body?: unknown): Promise<Answer>;
  graph(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  logs(path: string, body: unknown): Promise<Answer>;
  query(query: string, more?: object): Promise<Answer>;
}

/** Serves a world for one test; `await using` closes it. Storage is off unless asked for. */
export async function serve(world: SmallWorld | string, options: Partial<SandboxOptions> = {}): Promise<Serving> {
  const worldDir = typeof world === 'string' ? world : writeWorld(world);
  const sandbox = await startSandbox({ worldDir, storage: false, ...options });
  const { environment } = sandbox;
  const ca = readFileSync(environment['CLOUD_CA_FILE'] ?? '', 'utf8');
  const tokens = new Map<string, string>();

  async function token(audience: string): Promise<string> {
    const url = `${environment['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${encodeURIComponent(audience)}`;
    const { body } = await send('GET', url, { 'x-identity-header': environment['IDENTITY_HEADER'] ?? '' });
    return String(at(body, 'access_token'));
  }
  function send(method: string, url: string, headers: Readonly<Record<string, string>>, body?: string): Promise<Answer> {
    return new Promise((resolve) => {
      const broken = (): void => resolve({ status: 0, headers: {}, body: undefined });
      const request = url.startsWith('https:')
        ? tlsRequest(url, { method, headers, ca, agent: false })
        : plainRequest(url, { method, headers, agent: false });
      request.on('error', broken);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', broken);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: parsed(text) });
        });
      });
      request.end(body);
    });
  }
  async function call(
    method: string,
    endpoint: string,
    path: string,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const audience = environment[endpoint] ?? '';
    const bearer = tokens.get(audience) ?? (await token(audience));
    tokens.set(audience, bearer);
    const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    return send(
      method,
      `${audience}${path}`,
      { authorization: `Bearer ${bearer}`, ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      content,
    );
  }
  return {
    sandbox,
    ca,
    token,
    send,
    arm: (method, path, body) => call(method, 'CLOUD_RESOURCE_MANAGER_URL', path, body),
    graph: (method, path, body, headers) => call(method, 'CLOUD_GRAPH_URL', `/v1.0${path}`, body, headers),
    logs: (path, body) => call('POST', 'CLOUD_LOGS_URL', path, body),
    query: (query, more = {}) =>
      call('POST', 'CLOUD_RESOURCE_MANAGER_URL', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', { query, ...more }),
    async [Symbol.asyncDispose]() {
      await sandbox.close();
      if (typeof world !== 'string') rmSync(worldDir, { recursive: true, force: true });
    },
  };
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

/** One sandbox for all tests of a file that only read. */
export function sharing(world: SmallWorld | string, options: Partial<SandboxOptions> = {}): () => Promise<Serving> {
  let serving: Promise<Serving> | undefined;
  afterAll(async () => (await serving)?.[Symbol.asyncDispose]());
  return () => (serving ??= serve(world, options));
}

/** The value at that place of a wire body. */
export function at(body: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined), body);
}

/** One field of each element of a list in a wire body. */
export function each(body: unknown, list: string, ...path: readonly (string | number)[]): readonly unknown[] {
  const values = at(body, list);
  return Array.isArray(values) ? values.map((value: unknown) => at(value, ...path)) : [];
}

export const sub = `/subscriptions/${subscriptionId}`;
export const otherSub = `/subscriptions/${otherSubscriptionId}`;
export const mg = '/providers/Microsoft.Management/managementGroups';
export const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';

export const guid = (n: number, block = '5555'): string =>
  `${block.repeat(2)}-${block}-4${block.slice(1)}-8${block.slice(1)}-${String(n).padStart(12, '0')}`;

/** A role assignment as Resource Graph lists it. */
export function assignment(n: number, scope: string, principalId: string, roleGuid = owner): object {
  const prefix = scope === '/' ? '' : scope;
  return {
    id: `${prefix}/providers/Microsoft.Authorization/RoleAssignments/${guid(n)}`,
    name: guid(n),
    type: 'microsoft.authorization/roleassignments',
    tenantId,
    subscriptionId: /^\/subscriptions\/([^/]+)/.exec(scope)?.[1] ?? '',
    properties: {
      principalId,
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${roleGuid}`,
      scope,
      createdOn: '2026-01-01T00:00:00Z',
      updatedOn: '2026-01-01T00:00:00Z',
      createdBy: '',
      updatedBy: '',
    },
  };
}

/** root group → corp → the first subscription; root group → the second. */
export const containers: Lines = [
  {
    id: `${mg}/${tenantId}`,
    name: tenantId,
    type: 'microsoft.management/managementgroups',
    tenantId,
    properties: { displayName: 'Tenant Root Group', details: {} },
  },
  {
    id: `${mg}/corp`,
    name: 'corp',
    type: 'microsoft.management/managementgroups',
    tenantId,
    properties: { displayName: 'Corp', details: { parent: { id: `${mg}/${tenantId}` } } },
  },
  {
    id: sub,
    name: 'Production',
    type: 'microsoft.resources/subscriptions',
    tenantId,
    subscriptionId,
    properties: { state: 'Enabled', managementGroupAncestorsChain: [{ name: 'corp' }, { name: tenantId }] },
  },
  {
    id: otherSub,
    name: 'Test',
    type: 'microsoft.resources/subscriptions',
    tenantId,
    subscriptionId: otherSubscriptionId,
    properties: { state: 'Enabled', managementGroupAncestorsChain: [{ name: tenantId }] },
  },
  {
    id: `${sub}/resourceGroups/app`,
    name: 'app',
    type: 'microsoft.resources/subscriptions/resourcegroups',
    tenantId,
    subscriptionId,
    resourceGroup: 'app',
    location: 'westeurope',
    tags: { owner: 'team' },
    properties: { provisioningState: 'Succeeded' },
  },
];

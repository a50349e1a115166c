import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TokenCredential } from '@azure/core-auth';
import {
  azureClients,
  azureEstateSource,
  cloud,
  type AzureClients,
  type ClientOptions,
  type CollectOptions,
} from '../../src/azure/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import type { Calls } from '../../src/findings/index.ts';
import type { CollectMemory, CollectRequest } from '../../src/ports/index.ts';
import { startSandbox } from '../../src/sandbox/index.ts';

export const now = '2026-11-20T08:00:00Z';
export const tenantId = '00000000-0000-4000-8000-00000000aaaa';
export const auditor = '00000000-0000-4000-8000-00000000bbbb';
export const guid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export type Files = Readonly<Record<string, readonly unknown[]>>;
export interface WorldSpec {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `arg/resources`, `graph/users`, … → rows. The auditor's own service principal is added. */
  readonly files?: Files;
  readonly auditorVisible?: boolean;
  readonly request?: Partial<CollectRequest>;
  readonly clients?: Partial<ClientOptions>;
  readonly options?: Partial<CollectOptions>;
}

export const noMemory: CollectMemory = { federatedCredentials: new Map(), subscriptions: new Set(), missing: new Set() };

interface Collected {
  readonly estate: Estate;
  readonly calls: Calls;
  readonly requests: readonly string[];
}

/** Writes a world and collects it. */
export function collect({ settings, files, auditorVisible, request, clients, options }: WorldSpec): Promise<Collected> {
  return inWorld({ settings: settings ?? {}, files: files ?? {}, auditorVisible: auditorVisible ?? true }, (worldDir) =>
    collectFolder(worldDir, request, clients, options),
  );
}

/** Collects a world through the real clients and a sandbox of its own. */
export function collectFolder(
  worldDir: string,
  request: Partial<CollectRequest> = {},
  clients: Partial<ClientOptions> = {},
  options: Partial<CollectOptions> = {},
): Promise<Collected> {
  return overSandbox(worldDir, clients, async (azure, sandbox) => {
    const source = azureEstateSource(azure, { builtInRole: () => undefined, ...options });
    const { estate, calls } = await source.collect({
      now: sandbox.now,
      scope: { managementGroups: [], subscriptions: [] },
      memory: noMemory,
      progress: () => {},
      ...request,
    });
    return { estate, calls, requests: sandbox.requests().map(({ method, path }) => `${method} ${path}`) };
  });
}

/** Writes a world and hands out the real clients, pointed at a sandbox that serves it. */
export function inSandbox<Result>(
  { settings, files, clients }: WorldSpec,
  run: (azure: AzureClients, sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  return inWorld({ settings: settings ?? {}, files: files ?? {}, auditorVisible: true }, (worldDir) =>
    overSandbox(worldDir, clients ?? {}, run),
  );
}

/** Hands out the real clients, pointed at a sandbox that serves the world of a folder. */
export const overWorld = <Result>(
  worldDir: string,
  clients: Partial<ClientOptions>,
  run: (azure: AzureClients, sandbox: Sandbox) => Promise<Result>,
): Promise<Result> => overSandbox(worldDir, clients, run);

async function inWorld<Result>(
  { settings, files, auditorVisible }: Required<Pick<WorldSpec, 'settings' | 'files' | 'auditorVisible'>>,
  run: (worldDir: string) => Promise<Result>,
): Promise<Result> {
  const worldDir = await mkdtemp(join(tmpdir(), 'mi-audit-world-'));
  try {
    await write(worldDir, 'world.json', JSON.stringify({ format: 1, now, tenantId, auditor: { principalId: auditor }, ...settings }));
    for (const [name, rows] of Object.entries(auditorVisible ? withAuditor(files) : files))
      await write(worldDir, `${name}.jsonl`, rows.map((row) => `${typeof row === 'string' ? row : JSON.stringify(row)}\n`).join(''));
    return await run(worldDir);
  } finally {
    await rm(worldDir, { recursive: true, force: true });
  }
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

async function overSandbox<Result>(
  worldDir: string,
  clients: Partial<ClientOptions>,
  run: (azure: AzureClients, sandbox: Sandbox) => Promise<Result>,
): Promise<Result> {
  const sandbox = await startSandbox({ worldDir, storage: false });
  try {
    const { environment } = sandbox;
    const azure = azureClients({
      cloud: cloud({
        name: 'custom',
        resourceManagerUrl: environment['CLOUD_RESOURCE_MANAGER_URL'],
        graphUrl: environment['CLOUD_GRAPH_URL'],
        logsUrl: environment['CLOUD_LOGS_URL'],
        authorityUrl: environment['CLOUD_AUTHORITY_URL'],
        ca: await readFile(environment['CLOUD_CA_FILE'] ?? '', 'utf8'),
      }),
      credential: identityOf(environment),
      retryDelayMs: 1,
      ...clients,
    });
    return await run(azure, sandbox);
  } finally {
    await sandbox.close();
  }
}

/**
 * The identity endpoint as App Service offers it. The real ManagedIdentityCredential keeps the first endpoint of a process for good, so it serves one
 * sandbox per process; the end-to-end tests of the command line use it.
 */
function identityOf(environment: Readonly<Record<string, string>>): TokenCredential {
  return {
    async getToken(scopes) {
      const scope = typeof scopes === 'string' ? scopes : (scopes[0] ?? '');
      const url = `${environment['IDENTITY_ENDPOINT']}?api-version=2019-08-01&resource=${encodeURIComponent(scope.replace(/\/\.default$/, ''))}`;
      const answer = await fetch(url, { headers: { 'X-IDENTITY-HEADER': environment['IDENTITY_HEADER'] ?? '' } });
      const body = (await answer.json()) as { readonly access_token: string; readonly expires_on: string };
      return { token: body.access_token, expiresOnTimestamp: Number(body.expires_on) * 1000 };
    },
  };
}

async function write(dir: string, name: string, text: string): Promise<void> {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), text);
}

function withAuditor(files: Files): Files {
  const own = { id: auditor, displayName: 'auditor', servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True'] };
  return { ...files, 'graph/servicePrincipals': [own, ...(files['graph/servicePrincipals'] ?? [])] };
}

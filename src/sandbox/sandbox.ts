import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arm } from './arm.ts';
import { authority } from './authority.ts';
import { gateFor } from './bearer.ts';
import { makeCertificates } from './certificates.ts';
import { faultsOf } from './faults.ts';
import { graph } from './graph.ts';
import { listen, type Listening, type RequestRecord, type Service } from './http.ts';
import { appServicePath, identityEndpoint } from './identity-endpoint.ts';
import { logs } from './logs.ts';
import { startStorage } from './storage.ts';
import { tokensOf } from './tokens.ts';
import { openWorld } from './world.ts';

export interface SandboxOptions {
  readonly worldDir: string;
  /** Instead of the world's own. */
  readonly now?: string | undefined;
  /** Of ARM; the other endpoints take free ports. */
  readonly port?: number | undefined;
  /** Azurite's tables and queues; on unless false. */
  readonly storage?: boolean | undefined;
}

export interface Sandbox {
  /** What the product (or `az`) needs in its environment to use this sandbox as its cloud. */
  readonly environment: Readonly<Record<string, string>>;
  readonly now: string;
  readonly tenantId: string;
  close(): Promise<void>;
  /** Every call so far, for tests and benchmarks. Storage calls are Azurite's own and not listed. */
  requests(): readonly RequestRecord[];
}

/** @throws NotAWorld when the folder cannot be served, with everything that is wrong with it */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const storageThread = options.storage === false ? undefined : startStorage();
  const closing: (() => Promise<void>)[] = storageThread === undefined ? [] : [() => storageThread.close()];
  const close = async (): Promise<void> => {
    await Promise.all(closing.splice(0).map((end) => end()));
  };
  try {
    // Certificates are made while the world is read.
    const makingCertificates = makeCertificates();
    makingCertificates.catch(() => undefined);
    const world = openWorld(options.worldDir, options.now);
    const tokens = tokensOf(world);
    const certificates = await makingCertificates;
    const tls = { key: certificates.key, cert: certificates.cert };
    const startingStorage = storageThread?.serve(certificates);
    startingStorage?.catch(() => undefined);

    const requests: RequestRecord[] = [];
    const around = { faults: faultsOf(world.settings.faults ?? []), record: (request: RequestRecord) => requests.push(request) };
    const urls = { arm: '', graph: '', logs: '', authority: '', identity: '' };
    const serve = async (service: Service, port: number, secure: boolean): Promise<string> => {
      const listening: Listening = await listen(service, secure ? { port, tls } : { port }, around);
      closing.push(() => listening.close());
      return `${secure ? 'https' : 'http'}://localhost:${listening.port}`;
    };
    const gate = (audiences: () => readonly string[]) => gateFor(tokens, { audiences, authority: () => `${urls.authority}/${world.tenantId}`, now: world.now });
    const secret = randomBytes(16).toString('hex').toUpperCase();
    const armGate = gate(() => [urls.arm, `${urls.arm}/`, 'https://management.core.windows.net/', 'https://management.core.windows.net']);
    const endpoints = (): readonly string[] => [urls.arm, urls.graph, urls.logs, `${urls.arm}/aadgraph`];
    [urls.arm, urls.graph, urls.logs, urls.authority, urls.identity] = await Promise.all([
      serve(arm(world, armGate), options.port ?? 0, true),
      serve(graph(world, gate(() => [urls.graph, `${urls.graph}/`])), 0, true),
      serve(logs(world, gate(() => [urls.logs, `${urls.logs}/`])), 0, true),
      serve(authority(world, tokens), 0, true),
      serve(identityEndpoint(world, tokens, secret, endpoints), 0, false),
    ]);

    const folder = await mkdtemp(join(tmpdir(), 'mi-audit-sandbox-'));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const caFile = join(folder, 'ca.pem');
    await writeFile(caFile, certificates.ca);
    const storage = await startingStorage;
    const identity = `${urls.identity}${appServicePath}`;
    return {
      environment: {
        CLOUD: 'custom',
        CLOUD_RESOURCE_MANAGER_URL: urls.arm,
        CLOUD_GRAPH_URL: urls.graph,
        CLOUD_LOGS_URL: urls.logs,
        CLOUD_AUTHORITY_URL: urls.authority,
        CLOUD_CA_FILE: caFile,
        IDENTITY_ENDPOINT: identity,
        IDENTITY_HEADER: secret,
        MSI_ENDPOINT: identity,
        MSI_SECRET: secret,
        ...(world.settings.auditor?.clientId === undefined ? {} : { AZURE_CLIENT_ID: world.settings.auditor.clientId }),
        AZURE_TENANT_ID: world.tenantId,
        ...(storage === undefined ? {} : { STORE: storage.tablesUrl, STORE_QUEUES: storage.queuesUrl, STORE_CREDENTIAL: 'managed-identity' }),
        AUDIT_NOW: world.now,
        REQUESTS_CA_BUNDLE: caFile,
      },
      now: world.now,
      tenantId: world.tenantId,
      close,
      requests: () => [...requests],
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}

import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { PipelineOptions } from '@azure/core-rest-pipeline';
import { TableClient, type TableServiceClientOptions } from '@azure/data-tables';
import { AzureCliCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity';
import { builtInRole } from './access/index.ts';
import {
  auditorReads,
  auditRequestQueue,
  auditRequestsByQueue,
  azureActivityLog,
  azureClients,
  azureDenialLog,
  azureEstateSource,
  azureShardedSource,
  azureWorkspaceList,
  cloud,
  communicationEmail,
  doorbellQueue,
  growHeapSlowly,
  hostProbe,
  poisonQueues,
  queueDoorbell,
  shardQueue,
  shardQueueName,
  signIn,
  signingKeys,
  toldHttpClient,
  type AzureClients,
  type Cloud,
  type SignIn,
} from './azure/index.ts';
import { QueueClient, type StoragePipelineOptions } from '@azure/storage-queue';
import { openRecordTable } from './azure/tables/index.ts';
import { openMessenger } from './channels/index.ts';
import {
  MissingSetting,
  secretsOf,
  type CredentialSettings,
  type QueueSettings,
  type Settings,
  type StoreSettings,
} from './config/index.ts';
import type { Calls } from './findings/index.ts';
import type { Channel } from './outbox/index.ts';
import type { AuditRequests } from './ports/audit-requests.ts';
import type {
  ActivityLog,
  AuditorReads,
  Checkpoints,
  DenialLog,
  Doorbell,
  EstateSource,
  HostProbe,
  Messenger,
  Outbox,
  PartStore,
  PoisonQueues,
  QuotaBudget,
  RecordTable,
  ReviewStore,
  ShardedSource,
  ShardQueue,
  Store,
  WatchStore,
  WorkspaceList,
} from './ports/index.ts';
import { openSqliteTable, openStore } from './store/index.ts';
import type { RunningTelemetry } from './telemetry/index.ts';

export type KeptStore = Store & WatchStore & ReviewStore & Outbox & PartStore & Checkpoints & QuotaBudget;

/** Everything that touches the world outside, made of settings: each part when first asked for, all closed together. */
export interface House {
  source(): EstateSource;
  /** What the watch reads. */
  logs(): { readonly workspaces: WorkspaceList; readonly log: DenialLog; readonly activity: ActivityLog };
  /** This machine's own network and identity endpoint, for the doctor. */
  host(): { readonly probe: HostProbe; readonly cloud: Pick<Cloud, 'resourceManager' | 'graph' | 'logs'> };
  /** What the auditor must be able to read, to be tried. */
  auditorReads(): AuditorReads;
  /** Where callers of the API sign in, and the keys that their tokens are signed with. */
  signIn(): Pick<SignIn, 'authority' | 'issuers'> & { readonly keys: ReturnType<typeof signingKeys> };
  /** Undefined where no queue is set. */
  auditRequests(): AuditRequests | undefined;
  /** The tenant in pieces, under the quota that instances share by way of the store. */
  shardedSource(quota: QuotaBudget): ShardedSource;
  /** For work on a large part of a tenant: what turns into garbage beside it is cleared earlier, at some cost of time. Holds for the process. */
  growHeapSlowly(): void;
  /** Undefined where no queue is set. */
  shardQueue(): ShardQueue | undefined;
  /** The way to one channel. */
  messenger(channel: Channel): Messenger;
  /** Wakes the notifier of the function app. Undefined where no queue is set, or nobody to tell. */
  doorbell(): Doorbell | undefined;
  /** What the functions could not handle. Undefined where no queue is set. */
  poisonQueues(): PoisonQueues | undefined;
  /** Azure portal of this cloud, without a slash at the end. */
  readonly portalUrl: string;
  /** Undefined where no store is set. */
  store(): Promise<KeptStore | undefined>;
  /** For work that is worth nothing when it is forgotten. Throws where no store is set. */
  keptStore(): Promise<KeptStore>;
  /** A store that ends with the process: for an audit without history. */
  forgetfulStore(): Promise<KeptStore>;
  /** Calls that the clients made so far, by family. */
  calls(): Calls;
  readonly now: () => string;
  /** Names this process to another one that finds the lease taken. */
  readonly holder: string;
  close(): Promise<void>;
}

/** `say` hears which credential is used where: nobody should have to guess it from an error. */
export function openHouse(settings: Settings, say: (line: string) => void): House {
  const stores: KeptStore[] = [];
  let clients: AzureClients | undefined;
  let configured: KeptStore | undefined;
  let callers: ReturnType<House['signIn']> | undefined;
  const azure = (): AzureClients => (clients ??= azureClientsOf(settings, say));
  const keep = (table: RecordTable): KeptStore => {
    const store = openStore(table, { nowMs: Date.now, isGone });
    stores.push(store);
    return store;
  };
  const house: House = {
    source: () => azureEstateSource(azure(), { builtInRole }),
    logs: () => ({ workspaces: azureWorkspaceList(azure()), log: azureDenialLog(azure()), activity: azureActivityLog(azure()) }),
    host: () => {
      const chosen = cloudOf(settings.cloud);
      return { probe: hostProbe({ ca: chosen.ca }), cloud: chosen };
    },
    auditorReads: () => auditorReads(azure()),
    signIn: () => (callers ??= signInOf(settings)),
    auditRequests: () =>
      settings.queues === undefined
        ? undefined
        : auditRequestsByQueue(queueClient(settings.queues, auditRequestQueue, settings.cloud.caFile)),
    shardedSource: (quota) => azureShardedSource(azureClientsOf(settings, say, quota), { builtInRole }),
    growHeapSlowly: () => void growHeapSlowly(),
    shardQueue: () =>
      settings.queues === undefined ? undefined : shardQueue(queueClient(settings.queues, shardQueueName, settings.cloud.caFile)),
    messenger: (channel) => messengerOf(settings, channel),
    doorbell: () =>
      settings.queues === undefined || settings.channels.length === 0
        ? undefined
        : queueDoorbell(queueClient(settings.queues, doorbellQueue, settings.cloud.caFile)),
    poisonQueues: () => {
      const { queues, cloud: given } = settings;
      return queues === undefined ? undefined : poisonQueues((name) => queueClient(queues, name, given.caFile));
    },
    portalUrl: portals[settings.cloud.name],
    calls: () => azure().calls(),
    async store() {
      if (settings.store === undefined) return undefined;
      return (configured ??= keep(await recordTable(settings.store, settings.cloud.caFile, say)));
    },
    async keptStore() {
      const store = await house.store();
      if (store === undefined) throw new MissingSetting('Nothing is stored: name a store with --store or the setting STORE.');
      return store;
    },
    forgetfulStore: async () => keep(openSqliteTable()),
    now: settings.now === undefined ? () => new Date().toISOString() : () => settings.now!,
    holder: `${hostname()}:${process.pid}:${randomUUID().slice(0, 8)}`,
    close: async () => void (await Promise.all(stores.map((store) => store.close()))),
  };
  return house;
}

/** Who hears what the auditor tells about itself, for the life of the process. Undefined where the settings name nobody: nothing of it is loaded then. */
export async function openTelemetry(
  settings: Settings,
  { version, write }: { readonly version: string; readonly write: (line: string) => void },
): Promise<RunningTelemetry | undefined> {
  const { telemetry, credential, cloud: given } = settings;
  const secrets = secretsOf(settings);
  switch (telemetry.kind) {
    case 'off':
      return undefined;
    case 'console':
      return (await import('./telemetry/sdk/console.ts')).startConsole({ secrets, write });
    case 'application-insights': {
      const { startAzureMonitor } = await import('./telemetry/sdk/azure-monitor.ts');
      const ca = given.caFile === undefined ? undefined : readCa(given.caFile);
      const { connectionString } = telemetry;
      return startAzureMonitor({ connectionString, credential: credentialOf(credential), secrets, version, ca });
    }
  }
}

function cloudOf({ caFile, ...endpoints }: Settings['cloud']): Cloud {
  const ca = caFile === undefined ? undefined : readCa(caFile);
  return cloud({ ...endpoints, ...(ca !== undefined && { ca }) });
}

function messengerOf({ senders, credential, cloud: given }: Settings, { name }: Channel): Messenger {
  const ca = given.caFile === undefined ? undefined : readCa(given.caFile);
  return openMessenger(
    { webhook: senders.webhooks[name], mail: senders.mail, ca },
    {
      communicationEmail: (way) => communicationEmail({ ...way, credential: credentialOf(credential), ...(ca !== undefined && { ca }) }),
    },
  );
}

/** `az cloud show --query endpoints.portal` */
const portals: Readonly<Record<Settings['cloud']['name'], string>> = {
  AzureCloud: 'https://portal.azure.com',
  AzureUSGovernment: 'https://portal.azure.us',
  AzureChinaCloud: 'https://portal.azure.cn',
  custom: 'https://portal.azure.com',
};

/** Without a tenant there is no authority to ask; nobody is let in then, before any key is needed. */
function signInOf({ cloud: given, api }: Settings): ReturnType<House['signIn']> {
  const chosen = cloudOf(given);
  const { authority, issuers, keysUrl } = signIn(chosen, api.tenantId ?? 'common', api.authorityUrl);
  return { authority, issuers: api.tenantId === undefined ? [] : issuers, keys: signingKeys({ url: keysUrl, ca: chosen.ca }) };
}

function azureClientsOf({ cloud: given, credential }: Settings, say: (line: string) => void, quota?: QuotaBudget): AzureClients {
  const chosen = cloudOf(given);
  say(`Azure (${chosen.resourceManager}): signing in ${wordsOf(credential)}`);
  return azureClients({ cloud: chosen, credential: credentialOf(credential), quota });
}

function readCa(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`CLOUD_CA_FILE names ${file}, which cannot be read.`, { cause });
  }
}

/** The one that the settings name and no other: a chain that guesses signs in as somebody nobody expected. */
function credentialOf({ kind, clientId }: CredentialSettings): TokenCredential {
  switch (kind) {
    case 'managed-identity':
      return new ManagedIdentityCredential({ ...(clientId !== undefined && { clientId }), httpClient: toldHttpClient('identity') });
    case 'azure-cli':
      return new AzureCliCredential();
  }
}

function wordsOf({ kind, clientId }: CredentialSettings): string {
  switch (kind) {
    case 'managed-identity':
      return clientId === undefined ? 'with the system-assigned managed identity' : `with the managed identity ${clientId}`;
    case 'azure-cli':
      return 'as the user of the Azure CLI';
  }
}

/** Letters and digits only: Azure's rule for names of tables. */
const tableName = 'miaudit';

async function recordTable(store: StoreSettings, caFile: string | undefined, say: (line: string) => void): Promise<RecordTable> {
  switch (store.kind) {
    case 'folder':
      say(`Store: embedded SQLite in ${store.path}`);
      return openSqliteTable(store.path);
    case 'account':
      say(`Store (${store.url}): signing in ${wordsOf(store.credential)}`);
      return opened(store.url, () => new TableClient(store.url, tableName, credentialOf(store.credential), tableOptions(caFile)));
    case 'connection-string':
      say('Store: storage account by connection string');
      return opened('the connection string of STORE', () =>
        TableClient.fromConnectionString(store.connectionString, tableName, {
          ...tableOptions(caFile),
          allowInsecureConnection: isLoopback(store.connectionString),
        }),
      );
  }
}

const tableOptions = (caFile: string | undefined): TableServiceClientOptions & Pick<PipelineOptions, 'tlsOptions'> => ({
  retryOptions: { maxRetries: 4, maxRetryDelayInMs: 30_000 },
  userAgentOptions: { userAgentPrefix: 'mi-audit' },
  httpClient: toldHttpClient('tables'),
  ...(caFile !== undefined && { tlsOptions: { ca: readCa(caFile) } }),
});

/** An emulator on this machine speaks plain http; a key never goes over a network in the clear. */
const isLoopback = (connectionString: string): boolean =>
  /TableEndpoint=http:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]|UseDevelopmentStorage=true/i.test(connectionString);

async function opened(where: string, client: () => TableClient): Promise<RecordTable> {
  try {
    return await openRecordTable(client());
  } catch (cause) {
    throw new Error(
      `The store at ${where} cannot be opened. The auditor needs Storage Table Data Contributor there, and a network path to it.`,
      { cause },
    );
  }
}

/** A holder of this machine whose process is no more cannot be writing. */
function isGone(holder: string): boolean {
  const [host, pid] = holder.split(':');
  if (host !== hostname() || !/^\d+$/.test(pid ?? '')) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH';
  }
}

/** A queue beside the table, signed in to in the same way. */
function queueClient(queues: QueueSettings, name: string, caFile: string | undefined): QueueClient {
  const options: StoragePipelineOptions & Pick<PipelineOptions, 'tlsOptions'> = {
    userAgentOptions: { userAgentPrefix: 'mi-audit' },
    ...(caFile !== undefined && { tlsOptions: { ca: readCa(caFile) } }),
  };
  switch (queues.kind) {
    case 'account':
      return new QueueClient(`${queues.url}/${name}`, credentialOf(queues.credential), options);
    case 'connection-string':
      return new QueueClient(queues.connectionString, name, options);
  }
}

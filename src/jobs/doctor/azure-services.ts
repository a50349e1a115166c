/** A kind of thing that an app depends on: which token it takes, which harmless read tells whether it lets the identity in. */
export interface TargetService {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  /** TLS from the first byte; SQL negotiates it inside its own protocol. */
  readonly tls: boolean;
  /** Undefined: there is no harmless read over HTTP, or none without a path. `untried` says why. */
  readonly read: (url: URL) => ServiceRead | undefined;
  readonly untried: string;
  /** The smallest built-in role that allows the read, and what an app usually needs. */
  readonly role: string;
}

export interface ServiceRead {
  /** Path and query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it asks, in words. */
  readonly words: string;
}

/** Lists of names with one entry, metadata, or the account itself: never a secret's value, never a write. */
export const vault: TargetService = {
  id: 'key-vault',
  name: 'Key Vault',
  port: 443,
  tls: true,
  read: ({ pathname }) => {
    const [, kind = 'secrets', name] = /^\/(secrets|keys|certificates)(?:\/([\w-]+))?/i.exec(pathname) ?? [];
    // Versions of one object are listed where a role is granted at that object only; its value is never read.
    return name === undefined
      ? { path: `/${kind.toLowerCase()}?api-version=7.4&maxresults=1`, words: `list ${kind.toLowerCase()} (names only)` }
      : {
          path: `/${kind.toLowerCase()}/${name}/versions?api-version=7.4&maxresults=1`,
          words: `list versions of ${kind.toLowerCase()}/${name} (no value)`,
        };
  },
  untried: '',
  role: 'Key Vault Secrets User (for keys: Key Vault Crypto User, for certificates: Key Vault Certificate User)',
};

const storageHeaders = { 'x-ms-version': '2023-11-03' };
const containerOf = (url: URL): string | undefined => /^\/([$a-z0-9][a-z0-9$-]*)/i.exec(url.pathname)?.[1];

export const blob: TargetService = {
  id: 'blob-storage',
  name: 'Blob Storage',
  port: 443,
  tls: true,
  read: (url) => {
    const container = containerOf(url);
    return container === undefined
      ? { path: '/?comp=list&maxresults=1', headers: storageHeaders, words: 'list containers' }
      : { path: `/${container}?restype=container&comp=list&maxresults=1`, headers: storageHeaders, words: `list blobs of ${container}` };
  },
  untried: '',
  role: 'Storage Blob Data Reader',
};

export const dataLake: TargetService = {
  ...blob,
  id: 'data-lake-storage',
  name: 'Data Lake Storage',
  read: (url) => {
    const filesystem = containerOf(url);
    return filesystem === undefined
      ? { path: '/?resource=account&maxResults=1', headers: storageHeaders, words: 'list file systems' }
      : {
          path: `/${filesystem}?resource=filesystem&recursive=false&maxResults=1`,
          headers: storageHeaders,
          words: `list paths of ${filesystem}`,
        };
  },
};

export const queue: TargetService = {
  ...blob,
  id: 'queue-storage',
  name: 'Queue Storage',
  read: (url) => {
    const name = containerOf(url);
    return name === undefined
      ? { path: '/?comp=list&maxresults=1', headers: storageHeaders, words: 'list queues' }
      : { path: `/${name}?comp=metadata`, headers: storageHeaders, words: `metadata of queue ${name}` };
  },
  role: 'Storage Queue Data Reader',
};

export const table: TargetService = {
  ...blob,
  id: 'table-storage',
  name: 'Table Storage',
  read: (url) => {
    const name = /^\/([a-z][a-z0-9]*)/i.exec(url.pathname)?.[1];
    const headers = { ...storageHeaders, accept: 'application/json;odata=nometadata' };
    return name === undefined || name === 'Tables'
      ? { path: '/Tables?$top=1', headers, words: 'list tables' }
      : { path: `/${name}()?$top=1&$select=PartitionKey`, headers, words: `one key of table ${name}` };
  },
  role: 'Storage Table Data Reader',
};

export const file: TargetService = {
  ...blob,
  id: 'file-storage',
  name: 'Azure Files',
  read: (url) => {
    const share = containerOf(url);
    // Azure Files takes tokens only with this header: https://learn.microsoft.com/rest/api/storageservices/list-directories-and-files
    const headers = { ...storageHeaders, 'x-ms-file-request-intent': 'backup' };
    return share === undefined
      ? undefined
      : { path: `/${share}?restype=directory&comp=list&maxresults=1`, headers, words: `list files of ${share}` };
  },
  untried: 'Listing shares takes no token. Give the address of a share (…/SHARE) to try one.',
  role: 'Storage File Data Privileged Reader',
};

export const cosmos: TargetService = {
  id: 'cosmos-db',
  name: 'Cosmos DB',
  port: 443,
  tls: true,
  read: () => ({ path: '/', headers: { 'x-ms-version': '2018-12-31' }, words: 'read the metadata of the account' }),
  untried: '',
  role: "Cosmos DB Built-in Data Reader (the account's own role: az cosmosdb sql role assignment create)",
};

export const serviceBus: TargetService = {
  id: 'service-bus',
  name: 'Service Bus or Event Hubs',
  port: 443,
  tls: true,
  read: () => ({
    path: '/$Resources/Queues?$top=1&api-version=2021-05',
    headers: { accept: 'application/atom+xml' },
    words: 'list queues',
  }),
  untried: '',
  role: 'Azure Service Bus Data Receiver or Sender (Azure Event Hubs Data Receiver or Sender)',
};

export const sql: TargetService = {
  id: 'sql',
  name: 'SQL Database',
  port: 1433,
  tls: false,
  read: () => undefined,
  untried: 'A login needs the database protocol (TDS): run the app, or sqlcmd --authentication-method=ActiveDirectoryManagedIdentity.',
  role: 'a database user of the identity (CREATE USER … FROM EXTERNAL PROVIDER)',
};

export const registry: TargetService = {
  id: 'container-registry',
  name: 'Container Registry',
  port: 443,
  tls: true,
  read: () => undefined,
  untried: 'A pull needs an image and the registry’s own token: az acr check-health, or pull one.'.replace('’', "'"),
  role: 'AcrPull',
};

export const appConfiguration: TargetService = {
  id: 'app-configuration',
  name: 'App Configuration',
  port: 443,
  tls: true,
  read: () => ({ path: '/keys?api-version=1.0', words: 'list keys (names only)' }),
  untried: '',
  role: 'App Configuration Data Reader',
};

const asGiven = (url: URL): string => `${url.pathname}${url.search}`;

export const arm: TargetService = {
  id: 'arm',
  name: 'Azure Resource Manager',
  port: 443,
  tls: true,
  read: (url) =>
    /^\/subscriptions\/./i.test(url.pathname) && url.searchParams.has('api-version')
      ? { path: asGiven(url), words: 'read the given path' }
      : { path: '/subscriptions?api-version=2022-12-01', words: 'list subscriptions' },
  untried: '',
  role: 'Reader',
};

export const graph: TargetService = {
  id: 'graph',
  name: 'Microsoft Graph',
  port: 443,
  tls: true,
  read: (url) => (url.pathname.length > 6 ? { path: asGiven(url), words: 'read the given path' } : undefined),
  untried: 'What to read depends on the permission: give an address such as …/v1.0/users?$top=1 to try one.',
  role: 'the Microsoft Graph application permission that the call needs',
};

export const logs: TargetService = {
  id: 'log-analytics',
  name: 'Log Analytics',
  port: 443,
  tls: true,
  read: (url) => {
    const workspace = /\/workspaces\/([0-9a-f-]{36})/i.exec(url.pathname)?.[1];
    return workspace === undefined
      ? undefined
      : { path: `/v1/workspaces/${workspace}/query?query=print%201`, words: `query workspace ${workspace} (print 1)` };
  },
  untried: 'Give the address of a workspace (…/v1/workspaces/ID) to try one.',
  role: 'Log Analytics Reader',
};

export const ownApi: TargetService = {
  id: 'own-api',
  name: 'an application of your own',
  port: 443,
  tls: true,
  read: (url) => ({ path: asGiven(url), words: 'read the given address' }),
  untried: '',
  role: 'the app role that the application asks for',
};

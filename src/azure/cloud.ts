/**
 * An Azure cloud is a set of endpoints; nothing else in the product differs between clouds. The sandbox is a custom one.
 */
export interface Cloud {
  readonly name: string;
  /** Base addresses without a trailing slash; they may carry a path. */
  readonly resourceManager: string;
  readonly graph: string;
  readonly logs: string;
  /** Where tokens come from, for credentials that ask Microsoft Entra ID themselves. */
  readonly authority: string;
  readonly scopes: { readonly resourceManager: string; readonly graph: string; readonly logs: string };
  /** PEM of the authority that signed the endpoints' certificates, where it is not a public one. */
  readonly ca?: string | undefined;
}

export type CloudName = 'AzureCloud' | 'AzureUSGovernment' | 'AzureChinaCloud' | 'custom';

/** What `CLOUD` and the `CLOUD_*` settings say; `ca` is the content of `CLOUD_CA_FILE`. */
export interface CloudSettings {
  readonly name: CloudName;
  readonly resourceManagerUrl?: string | undefined;
  readonly graphUrl?: string | undefined;
  readonly logsUrl?: string | undefined;
  readonly authorityUrl?: string | undefined;
  readonly ca?: string | undefined;
}

export function cloud(settings: CloudSettings): Cloud {
  switch (settings.name) {
    case 'AzureCloud':
    case 'AzureUSGovernment':
    case 'AzureChinaCloud':
      return clouds[settings.name];
    case 'custom':
      return customCloud(settings);
  }
}

function customCloud(settings: CloudSettings): Cloud {
  const resourceManager = address('CLOUD_RESOURCE_MANAGER_URL', settings.resourceManagerUrl);
  const graph = address('CLOUD_GRAPH_URL', settings.graphUrl);
  const logs = address('CLOUD_LOGS_URL', settings.logsUrl);
  return {
    name: 'custom',
    resourceManager,
    graph,
    logs,
    authority: settings.authorityUrl === undefined ? resourceManager : address('CLOUD_AUTHORITY_URL', settings.authorityUrl),
    // The audience of a custom cloud is its own address: there is no list to look it up in.
    scopes: { resourceManager: `${resourceManager}/.default`, graph: `${graph}/.default`, logs: `${logs}/.default` },
    ca: settings.ca,
  };
}

function address(setting: string, value: string | undefined): string {
  if (value === undefined || !URL.canParse(value)) throw new Error(`A custom cloud needs ${setting}: an https address.`);
  const url = new URL(value);
  // Azure's own token policy refuses to send a token over plain http; say it before it does.
  if (url.protocol !== 'https:') throw new Error(`${setting} must be an https address, since tokens are sent there.`);
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
}

/**
 * Sources: https://learn.microsoft.com/graph/deployments (Graph), KnownMonitorLogsQueryAudience of @azure/monitor-query-logs (logs),
 * AzureClouds of @azure/arm-resourcegraph (Resource Manager), AzureAuthorityHosts of @azure/identity (authority).
 */
const clouds = {
  AzureCloud: known(
    'AzureCloud',
    'https://management.azure.com',
    'https://graph.microsoft.com',
    'https://api.loganalytics.io',
    'https://login.microsoftonline.com',
  ),
  AzureUSGovernment: known(
    'AzureUSGovernment',
    'https://management.usgovcloudapi.net',
    'https://graph.microsoft.us',
    'https://api.loganalytics.us',
    'https://login.microsoftonline.us',
  ),
  AzureChinaCloud: known(
    'AzureChinaCloud',
    'https://management.chinacloudapi.cn',
    'https://microsoftgraph.chinacloudapi.cn',
    'https://api.loganalytics.azure.cn',
    'https://login.chinacloudapi.cn',
  ),
} satisfies Record<Exclude<CloudName, 'custom'>, Cloud>;

function known(name: string, resourceManager: string, graph: string, logs: string, authority: string): Cloud {
  return {
    name,
    resourceManager,
    graph,
    logs,
    authority,
    scopes: { resourceManager: `${resourceManager}/.default`, graph: `${graph}/.default`, logs: `${logs}/.default` },
  };
}

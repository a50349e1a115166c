import { isIP } from 'node:net';
import type { CloudEndpoints } from '../examine-host.ts';
import {
  appConfiguration,
  arm,
  blob,
  cosmos,
  dataLake,
  file,
  graph,
  logs,
  ownApi,
  queue,
  registry,
  serviceBus,
  sql,
  table,
  vault,
  type TargetService,
} from './azure-services.ts';

export interface KnownTarget {
  readonly service: TargetService;
  readonly audience: string;
}

/**
 * Host names → service and audience, public and sovereign.
 * Audiences: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-id-authentication-support ·
 * suffixes: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure, https://learn.microsoft.com/azure/china/resources-developer-guide ·
 * storage takes one audience in all clouds: https://learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory
 */
const bySuffix: readonly (readonly [string, TargetService, string])[] = [
  ['.vault.azure.net', vault, 'https://vault.azure.net'],
  ['.vault.usgovcloudapi.net', vault, 'https://vault.usgovcloudapi.net'],
  ['.vault.azure.cn', vault, 'https://vault.azure.cn'],
  [
    '.managedhsm.azure.net',
    { ...vault, id: 'managed-hsm', name: 'Managed HSM', role: 'Managed HSM Crypto User (the HSM’s own role)'.replace('’', "'") },
    'https://managedhsm.azure.net',
  ],
  ...['core.windows.net', 'core.usgovcloudapi.net', 'core.chinacloudapi.cn'].flatMap((cloud) =>
    (
      [
        ['blob', blob],
        ['dfs', dataLake],
        ['queue', queue],
        ['table', table],
        ['file', file],
      ] as const
    ).map(([kind, service]) => [`.${kind}.${cloud}`, service, 'https://storage.azure.com'] as const),
  ),
  ['.servicebus.windows.net', serviceBus, 'https://servicebus.azure.net'],
  ['.servicebus.usgovcloudapi.net', serviceBus, 'https://servicebus.azure.net'],
  ['.servicebus.chinacloudapi.cn', serviceBus, 'https://servicebus.azure.net'],
  ['.documents.azure.com', cosmos, 'https://cosmos.azure.com'],
  ['.documents.azure.us', cosmos, 'https://cosmos.azure.us'],
  ['.documents.azure.cn', cosmos, 'https://cosmos.azure.cn'],
  ['.database.windows.net', sql, 'https://database.windows.net'],
  ['.database.usgovcloudapi.net', sql, 'https://database.usgovcloudapi.net'],
  ['.database.chinacloudapi.cn', sql, 'https://database.chinacloudapi.cn'],
  ['.azurecr.io', registry, 'https://containerregistry.azure.net'],
  ['.azurecr.us', registry, 'https://containerregistry.azure.net'],
  ['.azurecr.cn', registry, 'https://containerregistry.azure.net'],
  ['.azconfig.io', appConfiguration, 'https://azconfig.io'],
  ['.azconfig.azure.us', appConfiguration, 'https://azconfig.azure.us'],
  ['.azconfig.azure.cn', appConfiguration, 'https://azconfig.azure.cn'],
  ['management.azure.com', arm, 'https://management.azure.com'],
  ['management.usgovcloudapi.net', arm, 'https://management.usgovcloudapi.net'],
  ['management.chinacloudapi.cn', arm, 'https://management.chinacloudapi.cn'],
  ['graph.microsoft.com', graph, 'https://graph.microsoft.com'],
  ['graph.microsoft.us', graph, 'https://graph.microsoft.us'],
  ['microsoftgraph.chinacloudapi.cn', graph, 'https://microsoftgraph.chinacloudapi.cn'],
  ['api.loganalytics.io', logs, 'https://api.loganalytics.io'],
  ['api.loganalytics.azure.com', logs, 'https://api.loganalytics.azure.com'],
  ['api.loganalytics.us', logs, 'https://api.loganalytics.us'],
  ['api.loganalytics.azure.cn', logs, 'https://api.loganalytics.azure.cn'],
];

/** Undefined for a host that no Azure service is known by. */
export function knownTarget(url: URL, cloud: CloudEndpoints): KnownTarget | undefined {
  const own = [
    [cloud.resourceManager, arm],
    [cloud.graph, graph],
    [cloud.logs, logs],
  ] as const;
  const configured = own.find(([endpoint]) => endpoint !== undefined && new URL(endpoint).origin === url.origin);
  if (configured?.[0] !== undefined) return { service: configured[1], audience: configured[0] };
  const host = url.hostname.toLowerCase().replace(/\.$/, '').replace('.privatelink.', '.');
  const found = bySuffix.find(([suffix]) =>
    suffix.startsWith('.') ? host.endsWith(suffix) && host.length > suffix.length : host === suffix,
  );
  return found === undefined ? undefined : { service: found[1], audience: found[2] };
}

/**
 * A host that is nobody's by name, asked with `--resource`: on this machine itself it is spoken to as the service of that audience (an emulator, a port-forward); elsewhere
 * only tokens for the caller's own applications are sent, since a token for an Azure service must not reach a host that is not Azure's.
 */
export function targetByResource(url: URL, resource: string): KnownTarget | undefined {
  const wanted = resource
    .trim()
    .toLowerCase()
    .replace(/\/\.default$/, '')
    .replace(/\/+$/, '');
  const row = bySuffix.find(([, , audience]) => audience === wanted);
  if (row !== undefined) return isThisMachine(url.hostname) ? { service: { ...row[1], port: portOf(url) }, audience: row[2] } : undefined;
  return /^api:\/\/|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(wanted) ? { service: ownApi, audience: wanted } : undefined;
}

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '[::1]' || (isIP(host) === 4 && host.startsWith('127.'));

export const portOf = (url: URL): number => (url.port === '' ? 443 : Number(url.port));

import type { Denial, Service } from '../denials/index.ts';
import { isDataAction } from './operations/data-actions.ts';

/**
 * The service that refused. An application's line does not say it in a column: the action it prints does, then the address, then what kind of message it is.
 * `app` where none of them does.
 */
export function refusedBy(denial: Pick<Denial, 'service' | 'target' | 'operation' | 'action' | 'sample'>): Service {
  if (denial.service !== 'app') return denial.service;
  const { action, operation, sample } = denial;
  if (action !== undefined && /^microsoft\.[^/]+\/./i.test(action)) {
    const provider = action.slice(0, action.indexOf('/')).toLowerCase();
    return isDataAction(action) ? (providers[provider] ?? 'app') : 'arm';
  }
  return serviceAt(denial.target) ?? kinds[operation] ?? messaging(operation, sample);
}

const providers: Readonly<Record<string, Service>> = {
  'microsoft.keyvault': 'key-vault',
  'microsoft.storage': 'storage',
  'microsoft.servicebus': 'service-bus',
  'microsoft.eventhub': 'event-hubs',
  'microsoft.documentdb': 'cosmos-db',
  'microsoft.containerregistry': 'container-registry',
};

/** By the id of the pattern that matched (src/denials/app-patterns.ts). */
const kinds: Readonly<Record<string, Service>> = {
  'vault-code': 'key-vault',
  'vault-network': 'key-vault',
  'vault-rbac': 'key-vault',
  'vault-policy': 'key-vault',
  'storage-permission': 'storage',
  'storage-network': 'storage',
  'cosmos-rbac': 'cosmos-db',
  'arm-authorization': 'arm',
  'linked-authorization': 'arm',
  'graph-permission': 'graph',
  'sql-token-login': 'sql',
};

/** Both live at `servicebus.windows.net`; the library's name, or the entity's, tells them apart. */
function messaging(operation: string, sample: string): Service {
  if (operation !== 'messaging-claim') return 'app';
  const words = sample.replaceAll(/servicebus\.\w+\.\w+/gi, '');
  if (/event[ _.-]?hub|consumergroups?\//i.test(words)) return 'event-hubs';
  return /service[ _.-]?bus|\/subscriptions\/[^/'"\s]+\b|\bqueue\b|\btopic\b/i.test(words) ? 'service-bus' : 'app';
}

/** An application prints the address that it called, which says whose it is. Addresses of other clouds differ in their end only. */
export function serviceAt(target: string): Service | undefined {
  const address = /^(?:[a-z+]+:\/\/)?[^./:]+\.([^/:]+)/i.exec(target)?.[1]?.toLowerCase() ?? '';
  return addresses.find(([start]) => address.startsWith(start))?.[1];
}

/** https://learn.microsoft.com/azure/private-link/private-endpoint-dns. Event Hubs shares Service Bus's addresses: not told apart here. */
const addresses: readonly (readonly [string, Service])[] = [
  ['vault.', 'key-vault'],
  ['blob.', 'storage'],
  ['queue.', 'storage'],
  ['table.', 'storage'],
  ['file.', 'storage'],
  ['dfs.', 'storage'],
  ['documents.azure.', 'cosmos-db'],
  ['database.', 'sql'],
  ['azurecr.', 'container-registry'],
];

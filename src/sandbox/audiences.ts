import { textAt, listAt } from './json.ts';
import type { World } from './world.ts';

/**
 * Resources that Entra ID issues tokens for, besides this sandbox's own endpoints. From the services' "authenticate with Microsoft Entra ID" pages:
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/services-azure-active-directory-support
 */
const wellKnown = [
  'https://management.core.windows.net',
  'https://management.azure.com',
  'https://graph.microsoft.com',
  'https://api.loganalytics.io',
  'https://api.loganalytics.azure.com',
  'https://storage.azure.com',
  'https://vault.azure.net',
  'https://managedhsm.azure.net',
  'https://database.windows.net',
  'https://ossrdbms-aad.database.windows.net',
  'https://servicebus.azure.net',
  'https://eventhubs.azure.net',
  'https://eventgrid.azure.net',
  'https://cosmos.azure.com',
  'https://azconfig.io',
  'https://containerregistry.azure.net',
  'https://communication.azure.com',
  'https://cognitiveservices.azure.com',
  'https://search.azure.com',
  'https://monitor.azure.com',
  'https://batch.core.windows.net',
  'https://redis.azure.com',
  'https://datalake.azure.net',
  'https://digitaltwins.azure.net',
  'api://azureadtokenexchange',
];

/** One account's own name is an audience too: storage, Cosmos DB, vaults do not take it, Service Bus and Azure SQL do; these three are documented. */
const perAccount =
  /^https:\/\/[a-z0-9-]+\.(blob|queue|table|file|dfs)\.core\.windows\.net$|^https:\/\/[a-z0-9-]+\.documents\.azure\.com$|^https:\/\/[a-z0-9-]+\.azconfig\.io$/;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Is there a service principal behind this resource, as far as the world tells? */
export function isResource(world: World, endpoints: readonly string[], resource: string): boolean {
  const wanted = withoutSlash(resource);
  if (wellKnown.includes(wanted) || perAccount.test(wanted)) return true;
  if (endpoints.some((endpoint) => withoutSlash(endpoint) === wanted)) return true;
  for (const application of world.graph('servicePrincipals').all()) {
    if (guid.test(wanted) && textAt(application, 'appId')?.toLowerCase() === wanted) return true;
    if (listAt(application, 'servicePrincipalNames').some((name) => typeof name === 'string' && withoutSlash(name) === wanted)) return true;
  }
  return false;
}

export const withoutSlash = (address: string): string => address.trim().toLowerCase().replace(/\/+$/, '');

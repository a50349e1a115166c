import type { KqlColumn, KqlTable } from './kql/index.ts';
import type { JsonObject } from './json.ts';
import type { World } from './world.ts';

/**
 * Every Resource Graph table has the same columns (seen in recorded answers; `extendedLocation` in the portal's schema).
 * https://learn.microsoft.com/azure/governance/resource-graph/concepts/query-language#resource-graph-tables
 */
const columns: readonly KqlColumn[] = [
  ...['id', 'name', 'type', 'tenantId', 'kind', 'location', 'resourceGroup', 'subscriptionId', 'managedBy'].map((name): KqlColumn => ({
    name,
    type: 'string',
  })),
  ...['sku', 'plan', 'properties', 'tags', 'identity', 'zones', 'extendedLocation'].map((name): KqlColumn => ({ name, type: 'dynamic' })),
];

/** Tables that Azure knows; one that the world lacks is empty. https://learn.microsoft.com/azure/governance/resource-graph/reference/supported-tables-resources */
const known = [
  'advisorresources', 'alertsmanagementresources', 'appserviceresources', 'authorizationresources', 'awsresources', 'azurebusinesscontinuityresources', 'batchresources', 'chaosresources',
  'communitygalleryresources', 'computeresources', 'desktopvirtualizationresources', 'dnsresources', 'edgeorderresources', 'elasticsanresources', 'extendedlocationresources', 'featureresources',
  'guestconfigurationresources', 'healthresourcechanges', 'healthresources', 'insightsresources', 'iotsecurityresources', 'kubernetesconfigurationresources', 'kustoresources', 'maintenanceresources',
  'managedservicesresources', 'migrateresources', 'networkresources', 'patchassessmentresources', 'patchinstallationresources', 'policyresources', 'quotaresources', 'recoveryservicesresources',
  'resourcechanges', 'resourcecontainerchanges', 'resourcecontainers', 'resources', 'securityresources', 'servicefabricresources', 'servicehealthresources', 'spotresources', 'supportresources', 'tagsresources',
]; // prettier-ignore

export function resourceGraphTables(
  world: World,
  visible: (table: string, rows: Iterable<JsonObject>) => Iterable<JsonObject>,
): readonly KqlTable[] {
  const names = new Set([...known, ...world.argTables.keys()]);
  return [...names].map((name) => ({ name, columns, rows: () => visible(name, world.arg(name).all()) }));
}

import type { Change } from '../../incidents/index.ts';

/** Operations whose changes explain refusals or make grants. https://learn.microsoft.com/azure/role-based-access-control/resource-provider-operations */
const kinds: Readonly<Record<string, Change['kind']>> = {
  'microsoft.authorization/roleassignments/write': 'assignment-made',
  'microsoft.authorization/roleassignments/delete': 'assignment-removed',
  'microsoft.authorization/roledefinitions/write': 'role-definition-changed',
  'microsoft.authorization/roledefinitions/delete': 'role-definition-changed',
  'microsoft.authorization/elevateaccess/action': 'access-elevated',
  'microsoft.authorization/locks/write': 'lock-written',
  'microsoft.authorization/locks/delete': 'lock-written',
  'microsoft.authorization/policyassignments/write': 'policy-written',
  'microsoft.authorization/policyassignments/delete': 'policy-written',
  'microsoft.managedidentity/userassignedidentities/write': 'identity-written',
  'microsoft.managedidentity/userassignedidentities/delete': 'identity-removed',
  'microsoft.managedidentity/userassignedidentities/assign/action': 'identity-attached',
  'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/write': 'federated-credential-written',
  'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/delete': 'federated-credential-removed',
  'microsoft.keyvault/vaults/write': 'vault-written',
  'microsoft.keyvault/vaults/accesspolicies/write': 'vault-policy-written',
  'microsoft.keyvault/vaults/accesspolicies/delete': 'vault-policy-written',
  'microsoft.storage/storageaccounts/networksecurityperimeterconfigurations/write': 'network-changed',
  'microsoft.storage/storageaccounts/write': 'network-changed',
  'microsoft.servicebus/namespaces/networkrulesets/write': 'network-changed',
  'microsoft.eventhub/namespaces/networkrulesets/write': 'network-changed',
  'microsoft.documentdb/databaseaccounts/write': 'network-changed',
  'microsoft.containerregistry/registries/write': 'network-changed',
  'microsoft.sql/servers/firewallrules/write': 'network-changed',
  'microsoft.sql/servers/firewallrules/delete': 'network-changed',
  'microsoft.sql/servers/virtualnetworkrules/write': 'network-changed',
  'microsoft.sql/servers/virtualnetworkrules/delete': 'network-changed',
  'microsoft.network/privateendpoints/write': 'network-changed',
  'microsoft.network/privateendpoints/delete': 'network-changed',
  'microsoft.network/networksecuritygroups/securityrules/write': 'network-changed',
  'microsoft.network/networksecuritygroups/securityrules/delete': 'network-changed',
  'microsoft.web/sites/write': 'host-written',
  'microsoft.web/sites/delete': 'host-written',
  'microsoft.web/sites/config/write': 'host-written',
  'microsoft.web/sites/slots/write': 'host-written',
  'microsoft.web/sites/slots/slotsswap/action': 'host-written',
  'microsoft.web/sites/restart/action': 'host-written',
  'microsoft.app/containerapps/write': 'host-written',
  'microsoft.app/containerapps/delete': 'host-written',
  'microsoft.app/jobs/write': 'host-written',
  'microsoft.compute/virtualmachines/write': 'host-written',
  'microsoft.compute/virtualmachines/delete': 'host-written',
  'microsoft.compute/virtualmachines/restart/action': 'host-written',
  'microsoft.compute/virtualmachinescalesets/write': 'host-written',
  'microsoft.compute/virtualmachinescalesets/delete': 'host-written',
  'microsoft.containerservice/managedclusters/write': 'host-written',
  'microsoft.containerinstance/containergroups/write': 'host-written',
  'microsoft.logic/workflows/write': 'host-written',
  'microsoft.datafactory/factories/write': 'host-written',
  'microsoft.automation/automationaccounts/write': 'host-written',
};

export const changeOperations: readonly string[] = Object.keys(kinds);

export const kindOf = (operation: string): Change['kind'] | undefined => (Object.hasOwn(kinds, operation) ? kinds[operation] : undefined);

/** Writes of a whole resource that change its network only when the body says so. */
export const isWholeResource = (operation: string): boolean =>
  /^microsoft\.(storage\/storageaccounts|documentdb\/databaseaccounts|containerregistry\/registries)\/write$/.test(operation);

/**
 * Operations by which a role's power is measured: a role holds one when a block of its definition really allows it. Lists of operations,
 * never of roles: a custom role and tomorrow's built-in role are measured the same.
 * Names: https://learn.microsoft.com/azure/role-based-access-control/permissions-reference
 */

/** The holder can grant itself, or have granted to itself, more than it has. Blueprints, which could too, were announced to end on 2026-07-11. */
export const escalating = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleDefinitions/write',
  'Microsoft.Authorization/elevateAccess/action',
  'Microsoft.Authorization/denyAssignments/write',
  'Microsoft.Authorization/denyAssignments/delete',
  'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
  'Microsoft.Authorization/roleEligibilityScheduleRequests/write',
  'Microsoft.Authorization/roleManagementPolicies/write',
  'Microsoft.Authorization/roleManagementPolicyAssignments/write',
] as const;

/** Escalating only together: a policy with deployIfNotExists deploys with its own identity's rights once a remediation runs. */
export const policyWrite = 'Microsoft.Authorization/policyAssignments/write';
export const policyRemediation = 'Microsoft.PolicyInsights/remediations/write';

/**
 * Writes that stand for a whole provider, two or three far apart each: who holds all of a line holds the provider.
 * `alone` false: only counts next to another one (a network alone takes over nothing).
 */
export const criticalProviders = [
  {
    provider: 'Microsoft.Authorization',
    alone: true,
    writes: [
      'Microsoft.Authorization/roleAssignments/write',
      'Microsoft.Authorization/roleDefinitions/write',
      'Microsoft.Authorization/policyAssignments/write',
    ],
  },
  {
    provider: 'Microsoft.Resources',
    alone: true,
    writes: [
      'Microsoft.Resources/subscriptions/resourceGroups/delete',
      'Microsoft.Resources/deploymentScripts/write',
      'Microsoft.Resources/tags/write',
    ],
  },
  {
    provider: 'Microsoft.Compute',
    alone: true,
    writes: [
      'Microsoft.Compute/virtualMachines/write',
      'Microsoft.Compute/virtualMachineScaleSets/write',
      'Microsoft.Compute/disks/beginGetAccess/action',
      'Microsoft.Compute/galleries/write',
    ],
  },
  {
    provider: 'Microsoft.KeyVault',
    alone: true,
    writes: ['Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults/accessPolicies/write', 'Microsoft.KeyVault/vaults/delete'],
  },
  {
    provider: 'Microsoft.ManagedIdentity',
    alone: true,
    writes: [
      'Microsoft.ManagedIdentity/userAssignedIdentities/write',
      'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
    ],
  },
  {
    provider: 'Microsoft.Storage',
    alone: true,
    writes: [
      'Microsoft.Storage/storageAccounts/write',
      'Microsoft.Storage/storageAccounts/listKeys/action',
      'Microsoft.Storage/storageTasks/write',
    ],
  },
  {
    provider: 'Microsoft.Web',
    alone: true,
    writes: ['Microsoft.Web/sites/write', 'Microsoft.Web/serverfarms/write', 'Microsoft.Web/staticSites/write'],
  },
  {
    provider: 'Microsoft.App',
    alone: true,
    writes: ['Microsoft.App/containerApps/write', 'Microsoft.App/managedEnvironments/write', 'Microsoft.App/jobs/write'],
  },
  {
    provider: 'Microsoft.ContainerService',
    alone: true,
    writes: [
      'Microsoft.ContainerService/managedClusters/write',
      'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
      'Microsoft.ContainerService/fleets/write',
    ],
  },
  {
    provider: 'Microsoft.Automation',
    alone: false,
    writes: [
      'Microsoft.Automation/automationAccounts/write',
      'Microsoft.Automation/automationAccounts/jobs/write',
      'Microsoft.Automation/automationAccounts/credentials/write',
    ],
  },
  {
    provider: 'Microsoft.Sql',
    alone: true,
    writes: ['Microsoft.Sql/servers/write', 'Microsoft.Sql/servers/administrators/write', 'Microsoft.Sql/managedInstances/write'],
  },
  {
    provider: 'Microsoft.DocumentDB',
    alone: true,
    writes: [
      'Microsoft.DocumentDB/databaseAccounts/write',
      'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
      'Microsoft.DocumentDB/mongoClusters/write',
    ],
  },
  {
    provider: 'Microsoft.Network',
    alone: false,
    writes: [
      'Microsoft.Network/virtualNetworks/write',
      'Microsoft.Network/networkSecurityGroups/write',
      'Microsoft.Network/azureFirewalls/write',
      'Microsoft.Network/privateEndpoints/write',
    ],
  },
  {
    provider: 'Microsoft.RecoveryServices',
    alone: false,
    writes: [
      'Microsoft.RecoveryServices/vaults/write',
      'Microsoft.RecoveryServices/vaults/backupPolicies/write',
      'Microsoft.RecoveryServices/vaults/replicationFabrics/write',
    ],
  },
  {
    provider: 'Microsoft.ContainerRegistry',
    alone: false,
    writes: [
      'Microsoft.ContainerRegistry/registries/write',
      'Microsoft.ContainerRegistry/registries/tasks/write',
      'Microsoft.ContainerRegistry/registries/webhooks/write',
    ],
  },
  {
    provider: 'Microsoft.DBforPostgreSQL',
    alone: false,
    writes: [
      'Microsoft.DBforPostgreSQL/flexibleServers/write',
      'Microsoft.DBforPostgreSQL/flexibleServers/administrators/write',
      'Microsoft.DBforPostgreSQL/serverGroupsv2/write',
    ],
  },
] as const;

/**
 * Data operations that hand out or change what people mean by "data". Key Vault's `keys/read` and `…/readMetadata/action` show no secret
 * (Key Vault Reader), log tables and metrics are left out: a monitor reads them everywhere by trade.
 */
export const sensitiveReads = [
  'Microsoft.KeyVault/vaults/secrets/getSecret/action',
  'Microsoft.KeyVault/vaults/secrets/backup/action',
  'Microsoft.KeyVault/vaults/keys/decrypt/action',
  'Microsoft.KeyVault/vaults/keys/unwrap/action',
  'Microsoft.KeyVault/vaults/keys/sign/action',
  'Microsoft.KeyVault/vaults/keys/release/action',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/read',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/process/action',
  'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read',
  'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/read',
  'Microsoft.Storage/storageAccounts/fileServices/readFileBackupSemantics/action',
  'Microsoft.ServiceBus/namespaces/messages/receive/action',
  'Microsoft.EventHub/namespaces/messages/receive/action',
  'Microsoft.AppConfiguration/configurationStores/keyValues/read',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read',
  'Microsoft.Search/searchServices/indexes/documents/read',
  'Microsoft.ContainerService/managedClusters/secrets/read',
  'Microsoft.Kubernetes/connectedClusters/secrets/read',
  'Microsoft.HealthcareApis/workspaces/fhirservices/resources/read',
  'Microsoft.HealthcareApis/services/fhir/resources/read',
  'Microsoft.Compute/disks/download/action',
  'Microsoft.Compute/snapshots/download/action',
] as const;

export const sensitiveWrites = [
  'Microsoft.KeyVault/vaults/secrets/setSecret/action',
  'Microsoft.KeyVault/vaults/secrets/delete',
  'Microsoft.KeyVault/vaults/keys/create/action',
  'Microsoft.KeyVault/vaults/keys/delete',
  'Microsoft.KeyVault/vaults/certificates/import/action',
  'Microsoft.KeyVault/vaults/certificates/delete',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
  'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/write',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/add/action',
  'Microsoft.Storage/storageAccounts/queueServices/queues/messages/delete',
  'Microsoft.Storage/storageAccounts/tableServices/tables/entities/write',
  'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete',
  'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/write',
  'Microsoft.Storage/storageAccounts/fileServices/fileshares/files/delete',
  'Microsoft.Storage/storageAccounts/fileServices/takeOwnership/action',
  'Microsoft.ServiceBus/namespaces/messages/send/action',
  'Microsoft.EventHub/namespaces/messages/send/action',
  'Microsoft.AppConfiguration/configurationStores/keyValues/write',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/create',
  'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/delete',
  'Microsoft.Search/searchServices/indexes/documents/write',
  'Microsoft.ContainerService/managedClusters/secrets/write',
  'Microsoft.ContainerService/managedClusters/pods/write',
  'Microsoft.Kubernetes/connectedClusters/secrets/write',
  'Microsoft.ContainerRegistry/registries/repositories/content/write',
  'Microsoft.HealthcareApis/workspaces/fhirservices/resources/write',
  'Microsoft.HealthcareApis/services/fhir/resources/write',
] as const;

/** Control-plane operations that answer with a key, password or token, or open the way to one. */
export const secretGiving = [
  'Microsoft.Storage/storageAccounts/listKeys/action',
  'Microsoft.Storage/storageAccounts/listAccountSas/action',
  'Microsoft.Storage/storageAccounts/listServiceSas/action',
  'Microsoft.Storage/storageAccounts/regenerateKey/action',
  'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  'Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action',
  'Microsoft.ServiceBus/namespaces/authorizationRules/listKeys/action',
  'Microsoft.EventHub/namespaces/authorizationRules/listKeys/action',
  'Microsoft.Relay/namespaces/authorizationRules/listKeys/action',
  'Microsoft.NotificationHubs/namespaces/authorizationRules/listKeys/action',
  'Microsoft.AppConfiguration/configurationStores/listKeys/action',
  'Microsoft.CognitiveServices/accounts/listKeys/action',
  'Microsoft.Search/searchServices/listAdminKeys/action',
  'Microsoft.Cache/redis/listKeys/action',
  'Microsoft.SignalRService/signalR/listKeys/action',
  'Microsoft.Devices/iotHubs/listKeys/action',
  'Microsoft.Batch/batchAccounts/listKeys/action',
  'Microsoft.OperationalInsights/workspaces/sharedKeys/action',
  'Microsoft.ContainerRegistry/registries/listCredentials/action',
  'Microsoft.ContainerRegistry/registries/generateCredentials/action',
  'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
  'Microsoft.Web/sites/config/list/action',
  'Microsoft.Web/sites/publishxml/action',
  'Microsoft.Web/sites/functions/listSecrets/action',
  'Microsoft.Web/sites/host/listKeys/action',
  'Microsoft.App/containerApps/listSecrets/action',
  'Microsoft.MachineLearningServices/workspaces/listKeys/action',
  'Microsoft.Communication/CommunicationServices/listKeys/action',
  'Microsoft.KeyVault/vaults/accessPolicies/write',
] as const;

/** Attach an identity to something the holder controls, open a way into one, or run code where one is attached. */
export const attaching = [
  'Microsoft.ManagedIdentity/userAssignedIdentities/assign/action',
  // The pattern in Managed Identity Operator, `userAssignedIdentities/*/assign/action`, wants a name in between.
  'Microsoft.ManagedIdentity/userAssignedIdentities/identity/assign/action',
  'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
  'Microsoft.Compute/virtualMachines/runCommand/action',
  'Microsoft.Compute/virtualMachines/runCommands/write',
  'Microsoft.Compute/virtualMachines/extensions/write',
  'Microsoft.Compute/virtualMachineScaleSets/extensions/write',
  'Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommand/action',
  'Microsoft.HybridCompute/machines/extensions/write',
  'Microsoft.HybridCompute/machines/runCommands/write',
  'Microsoft.ContainerService/managedClusters/runCommand/action',
  'Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action',
  'Microsoft.Web/sites/publish/action',
  'Microsoft.Web/sites/publishxml/action',
  'Microsoft.Web/sites/host/listKeys/action',
  'Microsoft.App/containerApps/write',
  'Microsoft.App/jobs/write',
  'Microsoft.Automation/automationAccounts/jobs/write',
  'Microsoft.Resources/deploymentScripts/write',
  'Microsoft.Logic/workflows/write',
  'Microsoft.DataFactory/factories/pipelines/write',
] as const;

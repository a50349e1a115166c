// One account for the host, the store (tables), the queues and the deployment package. Shared keys are off: everybody signs in.
param name string
param location string
param tags object

@description('Object id of the identity of the auditor.')
param principalId string

@description('Log Analytics workspace that hears of refused calls to this account, so that the auditor can watch itself.')
param workspaceId string

param privateNetworking bool
param endpointSubnetId string
param networkId string

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard_ZRS' }
  kind: 'StorageV2'
  properties: {
    accessTier: 'Hot'
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    publicNetworkAccess: privateNetworking ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: privateNetworking ? 'Deny' : 'Allow', bypass: 'None' }
  }

  resource blobs 'blobServices' = {
    name: 'default'
    properties: { deleteRetentionPolicy: { enabled: true, days: 7 } }

    resource packages 'containers' = {
      name: 'deployment-packages'
      properties: { publicAccess: 'None' }
    }
  }

  resource queues 'queueServices' = {
    name: 'default'

    resource notify 'queues' = { name: 'notify' }
    resource poison 'queues' = { name: 'notify-poison' }
    resource requests 'queues' = { name: 'audit-request' }
    resource requestPoison 'queues' = { name: 'audit-request-poison' }
    resource shards 'queues' = { name: 'audit-shard' }
    resource shardPoison 'queues' = { name: 'audit-shard-poison' }
  }

  resource tables 'tableServices' = {
    name: 'default'

    resource store 'tables' = { name: 'miaudit' }
  }
}

// What the Functions host and the auditor need, on this account and nothing above it.
var roles = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b' // host: leases of timers, keys, the deployment package
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88' // queue triggers with their poison queues
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3' // the store
}

resource grants 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in items(roles): {
    name: guid(account.id, principalId, role.value)
    scope: account
    properties: {
      principalId: principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.value)
    }
  }
]

var storageLogs = [
  { category: 'StorageRead', enabled: true }
  { category: 'StorageWrite', enabled: true }
  { category: 'StorageDelete', enabled: true }
]

resource refusedBlobCalls 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'refused-calls'
  scope: account::blobs
  properties: { workspaceId: workspaceId, logs: storageLogs }
}

resource refusedQueueCalls 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'refused-calls'
  scope: account::queues
  properties: { workspaceId: workspaceId, logs: storageLogs }
}

resource refusedTableCalls 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'refused-calls'
  scope: account::tables
  properties: { workspaceId: workspaceId, logs: storageLogs }
}

module endpoints 'private-endpoint.bicep' = [
  for service in ['blob', 'queue', 'table']: if (privateNetworking) {
    name: 'mi-audit-endpoint-${service}'
    params: {
      name: 'pe-${name}-${service}'
      location: location
      tags: tags
      targetId: account.id
      groupId: service
      zoneName: 'privatelink.${service}.${environment().suffixes.storage}'
      subnetId: endpointSubnetId
      networkId: networkId
    }
  }
]

output name string = account.name
output deploymentContainer string = '${account.properties.primaryEndpoints.blob}${account::blobs::packages.name}'

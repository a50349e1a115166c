// The function app on Flex Consumption. Storage, queues, telemetry and secrets are reached with the identity; there is no key in its settings.
param name string
param location string
param tags object
param nodeVersion string
param instanceMemoryMB int
param maximumInstanceCount int
param identityId string
param clientId string
param storageName string
param deploymentContainer string
param applicationInsightsConnection string
param workspaceId string
param vaultUri string
param subnetId string
param apiClientId string
param settings object
param secretSettings object

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: 'plan-${name}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

var suffix = environment().suffixes.storage
var ownSettings = {
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  AzureWebJobsDisableHomepage: 'true' // the page is ours
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnection
  languageWorkers__node__arguments: '--enable-source-maps' // stack traces name lines of the source
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  AZURE_CLIENT_ID: clientId
  CREDENTIAL: 'managed-identity'
  CLOUD: environment().name
  STORE: 'https://${storageName}.table.${suffix}'
  STORE_QUEUES: 'https://${storageName}.queue.${suffix}'
  SITE_URL: 'https://${name}.azurewebsites.net'
  AUDIT_SCHEDULE: '0 0 5 * * *'
  AUDIT_SHARD_ROWS: instanceMemoryMB < 1024 ? '50000' : '100000'
  WATCH_SCHEDULE: '0 */5 * * * *'
  WATCH_GRANTS_SCHEDULE: '0 3-59/10 * * * *'
  REVIEW_SCHEDULE: '0 0 6 1 * *'
  OUTBOX_SWEEP_SCHEDULE: '0 */10 * * * *'
  PRUNE_SCHEDULE: '0 40 3 * * *'
}
var apiSettings = empty(apiClientId)
  ? {}
  : { API_TENANT_ID: tenant().tenantId, API_AUDIENCE: apiClientId, TAB_CLIENT_ID: apiClientId }
var secrets = toObject(
  items(secretSettings),
  entry => entry.key,
  entry => '@Microsoft.KeyVault(SecretUri=${vaultUri}secrets/${entry.value}/)'
)

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identityId}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
    }
    functionAppConfig: {
      runtime: { name: 'node', version: nodeVersion }
      scaleAndConcurrency: { instanceMemoryMB: instanceMemoryMB, maximumInstanceCount: maximumInstanceCount }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainer
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identityId }
        }
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(ownSettings, apiSettings, settings, secrets)
  }

  // Nobody deploys with a password.
  resource ftp 'basicPublishingCredentialsPolicies' = { name: 'ftp', properties: { allow: false } }
  resource scm 'basicPublishingCredentialsPolicies' = { name: 'scm', properties: { allow: false } }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'function-app-logs'
  scope: app
  properties: { workspaceId: workspaceId, logs: [{ category: 'FunctionAppLogs', enabled: true }] }
}

output name string = app.name
output hostName string = app.properties.defaultHostName

// The auditor in one subscription: function app, storage, its one identity, telemetry, secrets, alerts. What it may read of the tenant is granted apart,
// by reader.managementGroup.bicep or reader.subscription.bicep: somebody else may have to decide that.
targetScope = 'subscription'

@description('Region of everything in here.')
param location string = deployment().location

@minLength(2)
@maxLength(12)
@description('Short lower-case name that all resource names are made of.')
param name string = 'miaudit'

@description('Environment in the names and tags, such as prod or test.')
@maxLength(6)
param environmentName string = 'prod'

@description('Tags on every resource.')
param tags object = {}

@description('Version of Node.js on the function app. 24 is what the tests run on.')
@allowed(['22', '24'])
param nodeVersion string = '24'

@description('Memory of one instance. A tenant that needs more than one has room for is audited in shards, see docs/operations.md.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(40)
@maxValue(1000)
@description('Instances that the function app may grow to.')
param maximumInstanceCount int = 40

@description('Application settings beyond those made here, by name; docs/settings.md lists them. No secrets: those go to the key vault.')
param settings object = {}

@description('Names of settings that hold a secret, by name of the secret in the key vault made here, such as { TEAMS_WEBHOOK_URL: \'teams-webhook-url\' }. Put the secrets there yourself, after the deployment.')
param secretSettings object = {}

@description('Send e-mail by Azure Communication Services. Makes the service with a domain that Azure manages.')
param withEmail bool = false

@description('Where the e-mail service keeps its data.')
@allowed(['Africa', 'Asia Pacific', 'Australia', 'Brazil', 'Canada', 'Europe', 'France', 'Germany', 'India', 'Japan', 'Korea', 'Norway', 'Switzerland', 'UAE', 'UK', 'United States'])
param emailDataLocation string = 'Europe'

@description('Keep storage and key vault off the public network: a virtual network, private endpoints, and the app inside it.')
param privateNetworking bool = false

@description('Client id of the Entra application that the page and the HTTP API accept tokens for. Empty: the API answers nobody.')
param apiClientId string = ''

@description('E-mail addresses that hear when the auditor itself is in trouble. Empty: the alerts only show in the portal.')
param alertEmails array = []

@description('Days that logs of the auditor itself are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

var suffix = uniqueString(subscription().id, name, environmentName, location)
var allTags = union({ application: 'mi-audit', environment: environmentName }, tags)

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${name}-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  name: 'mi-audit-identity'
  scope: group
  params: { name: 'id-${name}-${environmentName}', location: location, tags: allTags }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'mi-audit-monitoring'
  scope: group
  params: {
    name: '${name}-${environmentName}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    principalId: identity.outputs.principalId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  name: 'mi-audit-network'
  scope: group
  params: { name: 'vnet-${name}-${environmentName}', location: location, tags: allTags }
}

module storage 'modules/storage.bicep' = {
  name: 'mi-audit-storage'
  scope: group
  params: {
    name: take('st${name}${suffix}', 24)
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateNetworking: privateNetworking
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    networkId: privateNetworking ? network!.outputs.networkId : ''
  }
}

module vault 'modules/key-vault.bicep' = {
  name: 'mi-audit-vault'
  scope: group
  params: {
    name: take('kv-${name}-${suffix}', 24)
    location: location
    tags: allTags
    principalId: identity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    privateNetworking: privateNetworking
    endpointSubnetId: privateNetworking ? network!.outputs.endpointSubnetId : ''
    networkId: privateNetworking ? network!.outputs.networkId : ''
  }
}

module email 'modules/email.bicep' = if (withEmail) {
  name: 'mi-audit-email'
  scope: group
  params: {
    name: '${name}-${environmentName}-${take(suffix, 5)}'
    tags: allTags
    dataLocation: emailDataLocation
    principalId: identity.outputs.principalId
  }
}

module app 'modules/function-app.bicep' = {
  name: 'mi-audit-function-app'
  scope: group
  params: {
    name: 'func-${name}-${environmentName}-${take(suffix, 5)}'
    location: location
    tags: allTags
    nodeVersion: nodeVersion
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    identityId: identity.outputs.id
    clientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainer: storage.outputs.deploymentContainer
    applicationInsightsConnection: monitoring.outputs.applicationInsightsConnection
    workspaceId: monitoring.outputs.workspaceId
    vaultUri: vault.outputs.uri
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    apiClientId: apiClientId
    settings: union(settings, withEmail ? { ACS_ENDPOINT: email!.outputs.endpoint, EMAIL_FROM: email!.outputs.sender } : {})
    secretSettings: secretSettings
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'mi-audit-workbook'
  scope: group
  params: {
    name: '${name}-${environmentName}'
    location: location
    tags: allTags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'mi-audit-alerts'
  scope: group
  params: {
    name: '${name}-${environmentName}'
    location: location
    tags: allTags
    applicationInsightsId: monitoring.outputs.applicationInsightsId
    emails: alertEmails
  }
}

output resourceGroupName string = group.name
output functionAppName string = app.outputs.name
output workbookId string = workbook.outputs.id
output functionAppHost string = app.outputs.hostName
output principalId string = identity.outputs.principalId
output clientId string = identity.outputs.clientId
output vaultName string = vault.outputs.name
output storageName string = storage.outputs.name

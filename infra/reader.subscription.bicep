// What the auditor may read: a custom role with exactly the reads it makes, at one subscription. Not Reader.
targetScope = 'subscription'

@description('Object id of the identity of the auditor (output principalId of main.bicep).')
param principalId string

@description('Let it query logs of all its workspaces. Without it refused calls are not watched.')
param withLogs bool = true

var role = loadJsonContent('auditor-role.json')
var logAnalyticsDataReader = '3b03c2da-16b3-4a49-8834-0f8130efdd3b'

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, role.roleName)
  properties: {
    roleName: '${role.roleName} (${subscription().displayName})'
    description: role.description
    type: 'CustomRole'
    permissions: [{ actions: role.actions, notActions: [], dataActions: [], notDataActions: [] }]
    assignableScopes: [subscription().id]
  }
}

resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, reader.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: reader.id }
}

resource logs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (withLogs) {
  name: guid(subscription().id, principalId, logAnalyticsDataReader)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsDataReader)
  }
}

output roleDefinitionId string = reader.id

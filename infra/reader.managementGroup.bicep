// What the auditor may read: a custom role with exactly the reads it makes, at one management group and everything below. Not Reader.
targetScope = 'managementGroup'

@description('Object id of the identity of the auditor (output principalId of main.bicep).')
param principalId string

@description('Let it query logs of all workspaces below. Without it refused calls are not watched.')
param withLogs bool = true

var role = loadJsonContent('auditor-role.json')
var logAnalyticsDataReader = '3b03c2da-16b3-4a49-8834-0f8130efdd3b'

resource reader 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(managementGroup().id, role.roleName)
  properties: {
    roleName: '${role.roleName} (${managementGroup().name})'
    description: role.description
    type: 'CustomRole'
    permissions: [{ actions: role.actions, notActions: [], dataActions: [], notDataActions: [] }]
    assignableScopes: [managementGroup().id]
  }
}

resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(managementGroup().id, principalId, reader.id)
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: reader.id }
}

resource logs 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (withLogs) {
  name: guid(managementGroup().id, principalId, logAnalyticsDataReader)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: tenantResourceId('Microsoft.Authorization/roleDefinitions', logAnalyticsDataReader)
  }
}

output roleDefinitionId string = reader.id

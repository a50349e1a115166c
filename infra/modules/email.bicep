// E-mail with the auditor's identity: no password. The built-in role for senders can list the service's keys, so a narrow one is made here.
param name string
param tags object
param dataLocation string
param principalId string

resource email 'Microsoft.Communication/emailServices@2023-04-01' = {
  name: 'email-${name}'
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation }

  resource domain 'domains' = {
    name: 'AzureManagedDomain'
    location: 'global'
    properties: { domainManagement: 'AzureManaged', userEngagementTracking: 'Disabled' }
  }
}

resource service 'Microsoft.Communication/communicationServices@2023-04-01' = {
  name: 'acs-${name}'
  location: 'global'
  tags: tags
  properties: { dataLocation: dataLocation, linkedDomains: [email::domain.id] }
}

resource sender 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'mi-audit e-mail sender')
  properties: {
    roleName: 'mi-audit e-mail sender (${name})'
    description: 'Sends e-mail by Azure Communication Services, and cannot list its keys.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Communication/CommunicationServices/Read'
          'Microsoft.Communication/CommunicationServices/Write'
          'Microsoft.Communication/EmailServices/Write'
        ]
        notActions: []
        dataActions: []
        notDataActions: []
      }
    ]
    assignableScopes: [resourceGroup().id]
  }
}

resource grant 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(service.id, principalId, sender.id)
  scope: service
  properties: { principalId: principalId, principalType: 'ServicePrincipal', roleDefinitionId: sender.id }
}

output endpoint string = 'https://${service.properties.hostName}'
output sender string = 'DoNotReply@${email::domain.properties.mailFromSenderDomain}'

// The operator's page in the portal, beside Application Insights. Generated from infra/workbook by `npm run docs`.
param name string
param location string
param tags object
param applicationInsightsId string

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(applicationInsightsId, 'mi-audit')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'mi-audit (${name})'
    category: 'workbook'
    sourceId: applicationInsightsId
    version: '1.0'
    serializedData: replace(loadTextContent('../workbook.json'), '{applicationInsightsId}', applicationInsightsId)
  }
}

output id string = workbook.id

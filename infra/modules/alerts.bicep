// The auditor in trouble: no complete audit for 36 hours, or a message that could not be handled five times.
param name string
param location string
param tags object
param applicationInsightsId string
param emails array

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'mi-audit'
    emailReceivers: [for (address, index) in emails: { name: 'mail-${index}', emailAddress: address, useCommonAlertSchema: true }]
  }
}

var checks = [
  {
    name: 'no-complete-audit'
    severity: 1
    title: 'mi-audit: no complete audit for 36 hours'
    text: 'Nobody is looking at managed identities, or not at all of them. See docs/operations.md, "No complete audit".'
    query: loadTextContent('../queries/no-complete-audit.kql')
    window: 'P2D'
    every: 'PT1H'
  }
  {
    name: 'poison-messages'
    severity: 2
    title: 'mi-audit: a message could not be handled'
    text: 'Something could not be told to people after five attempts. See docs/operations.md, "Poison messages".'
    query: loadTextContent('../queries/poison-messages.kql')
    window: 'PT1H'
    every: 'PT15M'
  }
]

resource rules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for check in checks: {
    name: 'alert-${name}-${check.name}'
    location: location
    tags: tags
    properties: {
      displayName: check.title
      description: check.text
      severity: check.severity
      enabled: true
      scopes: [applicationInsightsId]
      evaluationFrequency: check.every
      windowSize: check.window
      criteria: { allOf: [{ query: check.query, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }] }
      autoMitigate: true
      actions: { actionGroups: empty(emails) ? [] : [people.id] }
    }
  }
]

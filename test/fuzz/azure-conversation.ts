import * as fc from 'fast-check';
import { clientsOver, wire, type Reply } from '../azure/wire.ts';
import { anything, damaged } from './foreign.ts';
import { now, guid, identity } from './fuzzed.ts';

/** Rows in the shapes of Azure, to be damaged: one of each kind answers each question, whatever it was. */
const answerOfAzure = {
  value: [
    {
      id: identity,
      name: 'id',
      '@odata.type': '#microsoft.graph.servicePrincipal',
      displayName: 'x',
      servicePrincipalType: 'ManagedIdentity',
    },
    {
      id: guid,
      subscriptionId: guid,
      principalId: guid,
      appRoleId: guid,
      resourceId: guid,
      roleDefinitionId: guid,
      roleDefinition: { displayName: 'r', templateId: guid },
    },
    {
      name: 'fic',
      properties: { issuer: 'https://i.example', subject: 's', audiences: ['a'], roleName: 'R', permissions: [{ actions: ['*'] }] },
    },
  ],
  responses: [{ id: '0', status: 200, headers: {}, body: { value: [{ id: guid }] } }],
  totalRecords: 1,
  count: 1,
  resultTruncated: 'false',
  data: [
    {
      id: identity,
      name: 'id',
      type: 'microsoft.managedidentity/userassignedidentities',
      tenantId: guid,
      subscriptionId: guid,
      resourceGroup: 'rg',
      identity: { type: 'UserAssigned', userAssignedIdentities: { [identity]: { principalId: guid, clientId: guid } } },
      properties: {
        principalId: guid,
        principalType: 'ServicePrincipal',
        roleDefinitionId: guid,
        scope: `/subscriptions/${guid}`,
        createdOn: now,
        accessPolicies: [{ tenantId: guid, objectId: guid, permissions: { secrets: ['get'] } }],
        managementGroupAncestorsChain: [{ name: 'root' }],
        permissions: [{ actions: ['*/read'] }],
        customerId: guid,
      },
      managementGroups: [{ name: 'root' }],
      rows: 3,
    },
  ],
  tables: [{ name: 'PrimaryResult', columns: [{ name: 'source', type: 'string' }], rows: [['AZKVAuditLogs']] }],
  permissions: [],
};
const reply: fc.Arbitrary<Reply> = fc.record({
  status: fc.oneof({ weight: 6, arbitrary: fc.constant(200) }, fc.constantFrom(204, 206, 301, 400, 401, 403, 404, 409, 410, 418)),
  body: fc.oneof(
    { weight: 4, arbitrary: damaged(answerOfAzure) },
    { weight: 2, arbitrary: anything.map((any) => ({ value: [any], data: [any], responses: [any] })) },
    anything,
    fc.constantFrom('', 'not json', '<html>', '[', '{"value":'),
  ),
});
/** What Azure says in turn, for as long as it is asked. */
export const conversation = fc.array(reply, { minLength: 1, maxLength: 12 });
export const over = (replies: readonly Reply[]) => {
  let asked = 0;
  // Endless pages are a limit's business (test/azure/clients.test.ts); here a conversation comes to its end.
  return clientsOver(wire(() => (asked++ < 400 ? replies[asked % replies.length]! : { status: 400 })).httpClient);
};

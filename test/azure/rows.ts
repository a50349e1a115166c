import { guid, tenantId } from './sandboxed.ts';

/** Rows in the shape of Resource Graph, as small as Azure lets them be. */
export const sub1 = '11111111-1111-4111-8111-111111111111';
export const sub2 = '22222222-2222-4222-8222-222222222222';
export const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';

export const managementGroup = (name: string, parent?: string) => ({
  id: `/providers/Microsoft.Management/managementGroups/${name}`,
  name,
  type: 'microsoft.management/managementgroups',
  tenantId,
  properties: {
    displayName: `Group ${name}`,
    details: parent === undefined ? {} : { parent: { id: `/providers/Microsoft.Management/managementGroups/${parent}`, name: parent } },
  },
});

export const subscription = (id: string, ...ancestors: readonly string[]) => ({
  id: `/subscriptions/${id}`,
  name: `Subscription ${id[0]}`,
  type: 'microsoft.resources/subscriptions',
  tenantId,
  subscriptionId: id,
  tags: { owner: 'platform' },
  properties: { state: 'Enabled', managementGroupAncestorsChain: ancestors.map((name) => ({ name, displayName: `Group ${name}` })) },
});

export const resourceGroup = (sub: string, name: string, more: object = {}) => ({
  id: `/subscriptions/${sub}/resourceGroups/${name}`,
  name,
  type: 'microsoft.resources/subscriptions/resourcegroups',
  subscriptionId: sub,
  ...more,
});

export const resource = (sub: string, type: string, name: string, more: object = {}) => ({
  id: `/subscriptions/${sub}/resourceGroups/rg/providers/${type}/${name}`,
  name,
  type: type.toLowerCase(),
  tenantId,
  location: 'westeurope',
  resourceGroup: 'rg',
  subscriptionId: sub,
  ...more,
});

export const userAssigned = (sub: string, name: string, principal: string, client = guid(999)) =>
  resource(sub, 'Microsoft.ManagedIdentity/userAssignedIdentities', name, {
    tags: { app: name },
    properties: { principalId: principal, clientId: client, tenantId },
  });

export const assignment = (number: number, principal: string, scope: string, more: object = {}, role = contributor) => ({
  id: `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/roleAssignments/${guid(number)}`,
  name: guid(number),
  type: 'microsoft.authorization/roleassignments',
  properties: {
    principalId: principal,
    principalType: 'ServicePrincipal',
    roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${role}`,
    scope,
    createdOn: '2026-01-15T21:08:45.4904312Z',
    updatedOn: '2026-01-15T21:08:45.4904312Z',
    createdBy: '',
    condition: null,
    ...more,
  },
});

export const roleDefinition = (id: string, roleName: string, permissions: readonly object[], type = 'BuiltInRole') => ({
  id: `/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  name: id,
  type: 'microsoft.authorization/roledefinitions',
  properties: { roleName, type, assignableScopes: ['/'], permissions },
});

export const contributorRole = roleDefinition(contributor, 'Contributor', [
  { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write'], dataActions: [], notDataActions: [] },
]);

export const servicePrincipal = (id: string, more: object = {}) => ({
  id,
  appId: guid(998),
  displayName: `sp ${id.slice(-3)}`,
  servicePrincipalType: 'Application',
  appOwnerOrganizationId: tenantId,
  ...more,
});
export const managedIdentity = (id: string, resourceId: string, explicit = true) => ({
  id,
  appId: guid(997),
  displayName: `mi ${id.slice(-3)}`,
  servicePrincipalType: 'ManagedIdentity',
  alternativeNames: [`isExplicit=${explicit ? 'True' : 'False'}`, resourceId],
});

/** Microsoft Graph itself, which every directory has. */
export const microsoftGraph = {
  id: guid(900),
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  servicePrincipalType: 'Application',
};

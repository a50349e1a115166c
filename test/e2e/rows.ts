import { guid } from '../build/estate.ts';
import { tenantId } from './mi-audit.ts';

/** Rows as Azure serves them, for worlds of a few lines. */
export const prod = guid('subscription prod');
export const inProd = (rest: string): string => `/subscriptions/${prod}${rest}`;

export const subscription = (id: string, name: string) => ({
  id: `/subscriptions/${id}`,
  name,
  type: 'microsoft.resources/subscriptions',
  tenantId,
  subscriptionId: id,
  properties: { state: 'Enabled', managementGroupAncestorsChain: [{ name: tenantId, displayName: 'Tenant Root Group' }] },
});

export const group = (name: string, sub = prod) => ({
  id: `/subscriptions/${sub}/resourceGroups/${name}`,
  name,
  type: 'microsoft.resources/subscriptions/resourcegroups',
  tenantId,
  subscriptionId: sub,
  resourceGroup: name,
});

const ownerId = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
const readerId = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const owner = ownerId;
export const reader = readerId;

export const roleDefinition = (id: string, roleName: string, actions: readonly string[]) => ({
  id: `/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  name: id,
  type: 'microsoft.authorization/roledefinitions',
  properties: {
    roleName,
    type: 'BuiltInRole',
    assignableScopes: ['/'],
    permissions: [{ actions, notActions: [], dataActions: [], notDataActions: [] }],
  },
});

export const roles = [roleDefinition(ownerId, 'Owner', ['*']), roleDefinition(readerId, 'Reader', ['*/read'])];

export function assignment(principal: string, role: string, scope: string, createdOn = '2026-01-15T21:08:45.4904312Z') {
  const name = guid(`${principal} ${role} ${scope}`);
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    type: 'microsoft.authorization/roleassignments',
    tenantId,
    subscriptionId: prod,
    properties: {
      principalId: guid(principal),
      principalType: 'ServicePrincipal',
      roleDefinitionId: `/providers/Microsoft.Authorization/RoleDefinitions/${role}`,
      scope,
      createdOn,
      updatedOn: createdOn,
      createdBy: '',
    },
  };
}

export const identity = (name: string, resourceGroup = 'rg', tags: object = {}) => ({
  id: inProd(`/resourceGroups/${resourceGroup}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`),
  name,
  type: 'microsoft.managedidentity/userassignedidentities',
  tenantId,
  location: 'westeurope',
  resourceGroup,
  subscriptionId: prod,
  tags,
  properties: { principalId: guid(name), clientId: guid(`client ${name}`), tenantId },
});

export const site = (name: string, ...uses: readonly string[]) => ({
  id: inProd(`/resourceGroups/rg/providers/Microsoft.Web/sites/${name}`),
  name,
  type: 'microsoft.web/sites',
  tenantId,
  location: 'westeurope',
  resourceGroup: 'rg',
  subscriptionId: prod,
  identity: {
    type: 'UserAssigned',
    tenantId,
    userAssignedIdentities: Object.fromEntries(
      uses.map((each) => [identity(each).id, { principalId: guid(each), clientId: guid(`client ${each}`) }]),
    ),
  },
});

export const servicePrincipal = (name: string) => ({
  id: guid(name),
  appId: guid(`client ${name}`),
  displayName: name,
  servicePrincipalType: 'ManagedIdentity',
  alternativeNames: ['isExplicit=True', identity(name).id],
});

/** Microsoft Graph itself, which every directory has. */
export const microsoftGraph = {
  id: guid('Microsoft Graph'),
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  servicePrincipalType: 'Application',
};

/** One healthy app, and one assignment whose principal is gone. */
export const small = {
  'arg/resourcecontainers': [subscription(prod, 'Production'), group('rg')],
  'arg/resources': [identity('id-app'), site('app', 'id-app')],
  'arg/authorizationresources': [
    ...roles,
    assignment('id-app', reader, inProd('/resourceGroups/rg')),
    assignment('gone', reader, inProd('/resourceGroups/rg')),
  ],
  'graph/servicePrincipals': [microsoftGraph, servicePrincipal('id-app')],
};

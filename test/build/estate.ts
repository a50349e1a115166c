import {
  clientId,
  principalId,
  resourceKey,
  roleId,
  type Assignment,
  type ClientId,
  type Container,
  type Directory,
  type Estate,
  type FederatedCredential,
  type Host,
  type Identity,
  type Principal,
  type PrincipalId,
  type RoleDefinition,
  type Vault,
} from '../../src/estate/index.ts';

/** Builders that start valid: a test says only what it is about. Ids are derived from names, so that tests read like stories. */

/** `guid('app')` is always the same GUID, and not that of `guid('api')`. */
export function guid(name: string): string {
  let hash = 0x811c9dc5;
  let text = '';
  for (let round = 0; text.length < 32; round++) {
    for (const char of `${name}#${round}`) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193) >>> 0;
    text += hash.toString(16).padStart(8, '0');
  }
  return text.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export const pid = (name: string): PrincipalId => principalId(guid(name));
export const sub = (name: string): string => `/subscriptions/${guid(name)}`;
export const mg = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;

export const owner = '8e3af657-a8ff-443c-a75c-2fe8c4bcb635';
export const contributor = 'b24988ac-6180-42a0-ab88-20f7382dd24c';
export const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
export const userAccessAdministrator = '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9';
export const blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
export const keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6';

const block = (part: Partial<RoleDefinition['blocks'][number]>) => ({
  actions: [],
  notActions: [],
  dataActions: [],
  notDataActions: [],
  ...part,
});

export function role(
  id: string,
  name: string,
  part: Partial<RoleDefinition['blocks'][number]>,
  more: Partial<RoleDefinition> = {},
): RoleDefinition {
  return { id: roleId(id), name, custom: false, blocks: [block(part)], assignableScopes: ['/'], source: 'azure', ...more };
}

/** The few built-in roles that tests keep using, as Azure defines them (2026-08-22). */
export const builtIns: readonly RoleDefinition[] = [
  role(owner, 'Owner', { actions: ['*'] }),
  role(contributor, 'Contributor', {
    actions: ['*'],
    notActions: [
      'Microsoft.Authorization/*/Delete',
      'Microsoft.Authorization/*/Write',
      'Microsoft.Authorization/elevateAccess/Action',
      'Microsoft.Blueprint/blueprintAssignments/write',
      'Microsoft.Blueprint/blueprintAssignments/delete',
      'Microsoft.Compute/galleries/share/action',
      'Microsoft.Purview/consents/write',
      'Microsoft.Purview/consents/delete',
      'Microsoft.Resources/deploymentStacks/manageDenySetting/action',
      'Microsoft.Subscription/cancel/action',
      'Microsoft.Subscription/enable/action',
    ],
  }),
  role(reader, 'Reader', { actions: ['*/read'] }),
  role(userAccessAdministrator, 'User Access Administrator', { actions: ['*/read', 'Microsoft.Authorization/*', 'Microsoft.Support/*'] }),
  role(blobDataReader, 'Storage Blob Data Reader', {
    actions: [
      'Microsoft.Storage/storageAccounts/blobServices/containers/read',
      'Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action',
    ],
    dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'],
  }),
  role(keyVaultSecretsUser, 'Key Vault Secrets User', {
    dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action', 'Microsoft.KeyVault/vaults/secrets/readMetadata/action'],
  }),
];

export function userAssigned(name: string, scope = `${sub('prod')}/resourceGroups/rg-app`, more: Partial<Identity> = {}): Identity {
  const resourceId = `${scope}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  return {
    kind: 'user-assigned',
    principalId: pid(name),
    clientId: clientId(guid(`client of ${name}`)),
    resourceId,
    key: resourceKey(resourceId),
    name,
    location: 'westeurope',
    tags: {},
    ...more,
  };
}

/** A host with its own system-assigned identity, unless `systemAssigned: undefined` says otherwise. Pair it with `systemAssignedOf`. */
export function host(name: string, scope = `${sub('prod')}/resourceGroups/rg-app`, more: Partial<Host> = {}): Host {
  const id = more.id ?? `${scope}/providers/Microsoft.Web/sites/${name}`;
  return {
    id,
    key: resourceKey(id),
    name,
    type: 'microsoft.web/sites',
    location: 'westeurope',
    tags: {},
    systemAssigned: pid(name),
    userAssigned: [],
    ...more,
  };
}

export function systemAssignedOf(of: Host): Identity {
  return {
    kind: 'system-assigned',
    principalId: of.systemAssigned ?? pid(of.name),
    resourceId: of.id,
    key: of.key,
    name: of.name,
    location: of.location,
    tags: of.tags,
  };
}

export function attached(of: Host, ...identities: readonly Identity[]): Host {
  return {
    ...of,
    userAssigned: identities.map((one) => ({
      key: one.key,
      resourceId: one.resourceId,
      principalId: one.principalId,
      clientId: one.clientId,
      place: 'identity',
    })),
  };
}

export function assign(principal: PrincipalId, role: string, scopeId: string, more: Partial<Assignment> = {}): Assignment {
  const name = guid(`${principal} ${role} ${scopeId}`);
  const id = `${scopeId === '/' ? '' : scopeId}/providers/Microsoft.Authorization/roleAssignments/${name}`;
  return {
    id,
    key: resourceKey(id),
    principalId: principal,
    principalType: 'ServicePrincipal',
    roleId: roleId(role),
    scope: resourceKey(scopeId),
    scopeId,
    createdAt: '2026-01-15T09:00:00Z',
    updatedAt: '2026-01-15T09:00:00Z',
    createdBy: guid('deployer'),
    ...more,
  };
}

export function subscription(name: string, parent?: string, more: Partial<Container> = {}): Container {
  const id = sub(name);
  return { kind: 'subscription', id, key: resourceKey(id), name, parent: parent ? resourceKey(parent) : undefined, tags: {}, ...more };
}

export function managementGroup(name: string, parent?: string): Container {
  const id = mg(name);
  return { kind: 'managementGroup', id, key: resourceKey(id), name, parent: parent ? resourceKey(parent) : undefined, tags: {} };
}

export function resourceGroup(subscriptionName: string, name: string, more: Partial<Container> = {}): Container {
  const id = `${sub(subscriptionName)}/resourceGroups/${name}`;
  return { kind: 'resourceGroup', id, key: resourceKey(id), name, parent: resourceKey(sub(subscriptionName)), tags: {}, ...more };
}

export function vault(name: string, part: Partial<Vault> = {}, scope = `${sub('prod')}/resourceGroups/rg-app`): Vault {
  const id = `${scope}/providers/Microsoft.KeyVault/vaults/${name}`;
  return { id, key: resourceKey(id), name, rbac: true, policies: [], tags: {}, ...part };
}

export function federatedCredential(of: Identity, name: string, more: Partial<FederatedCredential> = {}): FederatedCredential {
  return {
    id: `${of.resourceId}/federatedIdentityCredentials/${name}`,
    name,
    identity: of.key,
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:contoso/storefront:environment:production',
    audiences: ['api://AzureADTokenExchange'],
    readAt: '2026-11-20T08:00:00Z',
    ...more,
  };
}

export function principal(of: Identity, more: Partial<Principal> = {}): Principal {
  return {
    id: of.principalId,
    kind: 'managed-identity',
    displayName: of.name,
    clientId: of.clientId,
    isExplicit: of.kind === 'user-assigned',
    resourceId: of.resourceId,
    ...more,
  };
}

/** Everyone in `found` was asked for and is there; `absent` were asked for and are not. */
export function directory(part: {
  readonly found?: readonly Principal[];
  readonly absent?: readonly PrincipalId[];
  readonly deleted?: readonly {
    readonly id: PrincipalId;
    readonly deletedAt: string;
    readonly displayName?: string;
    readonly clientId?: ClientId;
    readonly resourceId?: string;
  }[];
  readonly unresolved?: readonly PrincipalId[];
  readonly canary?: Directory['canary'];
}): Directory {
  const found = new Map((part.found ?? []).map((one) => [one.id, one]));
  const deleted = new Map((part.deleted ?? []).map((one) => [one.id, one]));
  const unresolved = new Map((part.unresolved ?? []).map((one) => [one, 'the look-up failed']));
  return {
    asked: new Set([...found.keys(), ...deleted.keys(), ...unresolved.keys(), ...(part.absent ?? [])]),
    found,
    deleted,
    unresolved,
    canary: part.canary ?? 'visible',
  };
}

export function estate(part: Partial<Omit<Estate, 'roles'>> & { readonly roles?: readonly RoleDefinition[] } = {}): Estate {
  const { roles = builtIns, ...rest } = part;
  return {
    tenantId: guid('contoso tenant'),
    collectedAt: '2026-11-20T08:00:00Z',
    containers: [subscription('prod'), resourceGroup('prod', 'rg-app')],
    identities: [],
    hosts: [],
    assignments: [],
    confirmations: new Map((part.assignments ?? []).map((one) => [one.key, 'stands'] as const)),
    federatedCredentials: [],
    policyAssignments: [],
    vaults: [],
    clusters: [],
    workspaces: [],
    directory: directory({ found: (part.identities ?? []).map((one) => principal(one)) }),
    memberships: new Map(),
    appRoleGrants: [],
    directoryRoles: [],
    gaps: [],
    ...rest,
    roles: new Map(roles.map((one) => [one.id, one])),
  };
}

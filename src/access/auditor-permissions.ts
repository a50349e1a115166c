import type { Slice } from '../estate/index.ts';
import { hostReads } from './host-reads.ts';

/** One thing the auditor must be allowed to do. The custom role, the documentation and every gap's advice come from this list. */
export interface Permission {
  readonly id: string;
  /** Azure action or data action, or Microsoft Graph application permission. */
  readonly permission: string;
  /** `logs`: what Log Analytics Data Reader gives besides the custom role. */
  readonly plane: 'arm' | 'logs' | 'graph';
  /** Slices that are blind without it; none where only the watch needs it. */
  readonly slices: readonly Slice[];
  /** What is lost without it, for an admin who decides whether to grant it. */
  readonly lost: string;
}

const readEverything = '*/read';

/**
 * ARM: actions of a custom role at the tenant's root management group. Resource Graph shows exactly what ARM's read actions allow, so there is no
 * permission for the query itself beyond them.
 * Microsoft Graph: application permissions (https://learn.microsoft.com/graph/permissions-reference), least privilege by operation.
 */
export const permissions = [
  {
    id: 'subscriptions',
    permission: 'Microsoft.Resources/subscriptions/read',
    plane: 'arm',
    slices: ['containers'],
    lost: 'Subscriptions stay unknown; whether one is hidden cannot be told.',
  },
  {
    id: 'resource-groups',
    permission: 'Microsoft.Resources/subscriptions/resourceGroups/read',
    plane: 'arm',
    slices: ['containers'],
    lost: 'Tags and owners of resource groups.',
  },
  {
    id: 'management-groups',
    permission: 'Microsoft.Management/managementGroups/read',
    plane: 'arm',
    slices: ['containers'],
    lost: 'Names of management groups, and those above no visible subscription; subscriptions name the groups above them themselves.',
  },
  {
    id: 'role-assignments',
    permission: 'Microsoft.Authorization/roleAssignments/read',
    plane: 'arm',
    slices: ['roleAssignments', 'assignmentConfirmations'],
    lost: 'Everything about grants: orphans, broad roles, redundancy.',
  },
  {
    id: 'role-definitions',
    permission: 'Microsoft.Authorization/roleDefinitions/read',
    plane: 'arm',
    slices: ['roleDefinitions'],
    lost: 'What custom roles allow; built-in roles are judged by the list that is shipped.',
  },
  {
    id: 'deny-assignments',
    permission: 'Microsoft.Authorization/denyAssignments/read',
    plane: 'arm',
    slices: ['denyAssignments'],
    lost: 'Deny assignments in answers about access; an audit does not need them.',
  },
  {
    id: 'policy-assignments',
    permission: 'Microsoft.Authorization/policyAssignments/read',
    plane: 'arm',
    slices: ['policyAssignments'],
    lost: 'Identities of Azure Policy, and those left over from policies that are gone.',
  },
  {
    id: 'resources',
    permission: readEverything,
    plane: 'arm',
    slices: ['hosts'],
    lost: 'Which resources identities are attached to; identities in use would look unattached.',
  },
  {
    id: 'user-assigned-identities',
    permission: 'Microsoft.ManagedIdentity/userAssignedIdentities/read',
    plane: 'arm',
    slices: ['identities'],
    lost: 'User-assigned identities.',
  },
  {
    id: 'federated-credentials',
    permission: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/read',
    plane: 'arm',
    slices: ['federatedCredentials'],
    lost: 'Who outside Azure can sign in as a user-assigned identity.',
  },
  {
    id: 'key-vaults',
    permission: 'Microsoft.KeyVault/vaults/read',
    plane: 'arm',
    slices: ['vaults'],
    lost: 'Permission models and access policies of key vaults.',
  },
  {
    id: 'clusters',
    permission: 'Microsoft.ContainerService/managedClusters/read',
    plane: 'arm',
    slices: ['clusters'],
    lost: 'Issuers of AKS clusters, to tell living federated credentials from dead ones.',
  },
  {
    id: 'workspaces',
    permission: 'Microsoft.OperationalInsights/workspaces/read',
    plane: 'arm',
    slices: ['workspaces'],
    lost: 'Log Analytics workspaces that can be watched for refused calls.',
  },
  {
    id: 'activity-log',
    permission: 'Microsoft.Insights/eventtypes/values/read',
    plane: 'arm',
    slices: [],
    lost: 'Changes around the onset of an incident, refused calls to Azure Resource Manager, and grants just made.',
  },
  {
    id: 'native-roles',
    permission: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleAssignments/read',
    plane: 'arm',
    slices: [],
    lost: 'Roles that Cosmos DB keeps itself, in answers about access to an account; an audit does not need them.',
  },
  {
    id: 'native-role-definitions',
    permission: 'Microsoft.DocumentDB/databaseAccounts/sqlRoleDefinitions/read',
    plane: 'arm',
    slices: [],
    lost: 'What the roles allow that Cosmos DB keeps itself.',
  },
  {
    id: 'log-queries',
    permission: 'Microsoft.OperationalInsights/workspaces/query/read',
    plane: 'logs',
    slices: [],
    lost: 'Refused calls: nothing can be watched.',
  },
  {
    id: 'log-tables',
    permission: 'Microsoft.OperationalInsights/workspaces/tables/data/read',
    plane: 'logs',
    slices: [],
    lost: 'The rows of the tables: a query is answered, or refused, without them.',
  },
  {
    id: 'applications',
    permission: 'Application.Read.All',
    plane: 'graph',
    slices: ['principals', 'deletedPrincipals', 'appRoleGrants'],
    lost: 'Whether a principal still exists. No assignment can be called orphaned.',
  },
  {
    id: 'deleted-users',
    permission: 'User.Read.All',
    plane: 'graph',
    slices: ['deletedPrincipals'],
    lost: 'Names of users, and which missing users are in the recycle bin.',
  },
  {
    id: 'deleted-groups',
    permission: 'Group.Read.All',
    plane: 'graph',
    slices: ['deletedPrincipals'],
    lost: 'Which missing Microsoft 365 groups are in the recycle bin; security groups have none.',
  },
  {
    id: 'group-members',
    permission: 'GroupMember.Read.All',
    plane: 'graph',
    slices: ['groupMembers'],
    lost: 'Grants that identities hold through groups.',
  },
  {
    id: 'directory-roles',
    permission: 'RoleManagement.Read.Directory',
    plane: 'graph',
    slices: ['directoryRoles'],
    lost: 'Microsoft Entra directory roles of identities.',
  },
] as const satisfies readonly Permission[];

/**
 * The actions of the auditor's custom role (infra/auditor-role.json). Reading everything would be the built-in Reader; in its place stand the reads of every kind of resource that is known to carry identities.
 */
export const roleActions: readonly string[] = [
  ...new Set(
    permissions.flatMap(({ plane, permission }) => (plane !== 'arm' ? [] : permission === readEverything ? hostReads : [permission])),
  ),
].toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));

export type PermissionId = (typeof permissions)[number]['id'];

export function permissionText(id: PermissionId): string {
  return permissions.find((permission) => permission.id === id)?.permission ?? '';
}

/** The permission that a blind slice most likely lacks. */
export function permissionFor(slice: Slice): string {
  return permissions.find((permission) => (permission.slices as readonly Slice[]).includes(slice))?.permission ?? '';
}

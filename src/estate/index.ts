export type { Assignment, DenyAssignment, NativeRoleAssignment, PermissionBlock, RoleDefinition } from './assignment.ts';
export type { Container } from './container.ts';
export type { AppRoleGrant, DeletedPrincipal, Directory, DirectoryRoleGrant, Memberships, Principal } from './directory.ts';
export type { Estate } from './estate.ts';
export { slices, type Coverage, type Gap, type Slice } from './gap.ts';
export { clientId, principalId, resourceKey, roleId, type ClientId, type PrincipalId, type ResourceKey, type RoleId } from './ids.ts';
export type { Attachment, FederatedCredential, Host, Identity, Tags } from './identity.ts';
export type { Cluster, PolicyAssignment, Vault, VaultPolicy, Workspace } from './target.ts';
export { levelOf, root, scopeTree, subscriptionOf, type ScopeLevel, type ScopeTree } from './scope-tree.ts';

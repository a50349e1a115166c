import type { Assignment, DenyAssignment, NativeRoleAssignment, RoleDefinition } from './assignment.ts';
import type { AssignmentCensus } from './assignment-census.ts';
import type { Container } from './container.ts';
import type { AppRoleGrant, Directory, DirectoryRoleGrant, Memberships } from './directory.ts';
import type { Gap } from './gap.ts';
import type { FederatedCredential, Host, Identity } from './identity.ts';
import type { ResourceKey, RoleId } from './ids.ts';
import type { Cluster, PolicyAssignment, Vault, Workspace } from './target.ts';

/** All we collected in one run, in our own words. Read-only; the pure folders take nothing else from outside. */
export interface Estate {
  readonly tenantId: string;
  /** Instant of the collection. */
  readonly collectedAt: string;
  readonly containers: readonly Container[];
  readonly identities: readonly Identity[];
  readonly hosts: readonly Host[];
  readonly assignments: readonly Assignment[];
  /** Present where `assignments` are only those that one part of a sharded audit needs. */
  readonly census?: AssignmentCensus | undefined;
  readonly roles: ReadonlyMap<RoleId, RoleDefinition>;
  /**
   * Re-reads over ARM of assignments whose principal is absent from the directory. Resource Graph lags; no entry, no proof.
   */
  readonly confirmations: ReadonlyMap<ResourceKey, 'stands' | 'gone' | 'unresolved'>;
  /** Undefined where they were not asked for (an audit does not: they can only narrow). */
  readonly denyAssignments?: readonly DenyAssignment[] | undefined;
  /** Cosmos DB's own role assignments. Undefined where they were not asked for: no answer about Cosmos DB data is then complete. */
  readonly nativeRoleAssignments?: readonly NativeRoleAssignment[] | undefined;
  readonly federatedCredentials: readonly FederatedCredential[];
  /** When each identity's credentials were last read, also where it had none; absent: only those with credentials are known to have been read. */
  readonly federatedCredentialsReadAt?: ReadonlyMap<ResourceKey, string> | undefined;
  readonly policyAssignments: readonly PolicyAssignment[];
  readonly vaults: readonly Vault[];
  readonly clusters: readonly Cluster[];
  readonly workspaces: readonly Workspace[];
  readonly directory: Directory;
  readonly memberships: Memberships;
  readonly appRoleGrants: readonly AppRoleGrant[];
  readonly directoryRoles: readonly DirectoryRoleGrant[];
  /** The principal the auditor itself runs as, where known. */
  readonly auditorPrincipalId?: string | undefined;
  readonly gaps: readonly Gap[];
}

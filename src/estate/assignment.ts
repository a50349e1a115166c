import type { PrincipalId, ResourceKey, RoleId } from './ids.ts';

/** A role assignment. `principalType` is a hint that Azure stored when it was made, never a proof of what the principal is. */
export interface Assignment {
  /** ARM id as Azure gives it. */
  readonly id: string;
  readonly key: ResourceKey;
  readonly principalId: PrincipalId;
  readonly principalType: string;
  readonly roleId: RoleId;
  /** Scope in comparison form; `/` is the root. */
  readonly scope: ResourceKey;
  /** The same scope as Azure gives it, for people and commands. */
  readonly scopeId: string;
  /** ABAC condition as written, or undefined. */
  readonly condition?: string | undefined;
  readonly createdAt?: string | undefined;
  readonly updatedAt?: string | undefined;
  /** Object id of the creator; Azure leaves it empty now and then. */
  readonly createdBy?: string | undefined;
  readonly delegatedManagedIdentityResourceId?: string | undefined;
}

/** One block of a role definition. Blocks are never merged: a notAction takes away from its own block only. */
export interface PermissionBlock {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
  readonly condition?: string | undefined;
}

export interface RoleDefinition {
  readonly id: RoleId;
  readonly name: string;
  readonly custom: boolean;
  readonly blocks: readonly PermissionBlock[];
  readonly assignableScopes: readonly string[];
  /** `azure`: read in this run. `built-in-list`: Azure did not show it, taken from the list of built-in roles we ship (a gap says so). */
  readonly source: 'azure' | 'built-in-list';
}

export interface DenyAssignment {
  readonly id: string;
  readonly name: string;
  readonly scope: ResourceKey;
  readonly scopeId: string;
  readonly blocks: readonly PermissionBlock[];
  /** `00000000-0000-0000-0000-000000000000` (type SystemDefined) is everyone. */
  readonly principals: readonly PrincipalId[];
  readonly excludePrincipals: readonly PrincipalId[];
  readonly doNotApplyToChildScopes: boolean;
}

/** A role assignment that Cosmos DB keeps itself, with its role's data actions. Resource Graph does not list them. */
export interface NativeRoleAssignment {
  readonly id: string;
  readonly account: ResourceKey;
  readonly principalId: PrincipalId;
  readonly roleName: string;
  readonly dataActions: readonly string[];
  /** The account, or a database or container in it. */
  readonly scope: ResourceKey;
}

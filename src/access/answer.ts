import type { Assignment, DenyAssignment, RoleDefinition, PrincipalId, ResourceKey } from '../estate/index.ts';

/** One way by which a principal holds a permission. */
export type Path =
  | {
      readonly kind: 'role';
      readonly assignment: Assignment;
      readonly role: RoleDefinition;
      /** Groups between the principal and the assignment, nearest first; empty for a direct grant. */
      readonly groups: readonly PrincipalId[];
      readonly condition: ConditionEffect;
    }
  | { readonly kind: 'vault-policy'; readonly vault: ResourceKey; readonly permission: string }
  | { readonly kind: 'native-role'; readonly account: ResourceKey; readonly assignmentId: string; readonly roleName: string };

/**
 * What an ABAC condition does to a grant. `allow-list` and `deny-list` are conditions on role assignments that we understand;
 * `not-understood` narrows nothing and says so; `not-applicable`: the condition does not target this action.
 */
export type ConditionEffect =
  | { readonly kind: 'none' }
  | { readonly kind: 'not-applicable'; readonly text: string }
  | { readonly kind: 'allow-list'; readonly text: string; readonly roles: readonly string[] }
  | { readonly kind: 'deny-list'; readonly text: string; readonly roles: readonly string[] }
  /** Understood, and it depends on these attributes of the request (container name, path, tags, who is granted, …). */
  | { readonly kind: 'attributes'; readonly text: string; readonly attributes: readonly string[] }
  | { readonly kind: 'not-understood'; readonly text: string };

/** Why something near did not suffice: the raw material of the diagnosis. */
export type NearMiss =
  | { readonly kind: 'control-plane-only'; readonly assignment: Assignment; readonly role: RoleDefinition }
  /** Holds a data role for this kind of target here, which lacks this operation: a reader that writes. */
  | { readonly kind: 'insufficient-role'; readonly assignment: Assignment; readonly role: RoleDefinition }
  /** Nearest first. `below`: on a part of the target; `beside`: elsewhere; `above-unknown`: on a management group that may or may not hold it. */
  | {
      readonly kind: 'wrong-scope';
      readonly assignment: Assignment;
      readonly role: RoleDefinition;
      readonly where: 'below' | 'beside' | 'above-unknown';
    }
  | { readonly kind: 'vault-uses-policies'; readonly assignment: Assignment; readonly role: RoleDefinition }
  | { readonly kind: 'vault-uses-rbac'; readonly vault: ResourceKey; readonly permission: string }
  | { readonly kind: 'condition'; readonly assignment: Assignment; readonly role: RoleDefinition; readonly text: string }
  | { readonly kind: 'role-unreadable'; readonly assignment: Assignment };

export interface Question {
  readonly principal: PrincipalId;
  /** Operation such as `Microsoft.KeyVault/vaults/secrets/getSecret/action`. */
  readonly action: string;
  /** True for data actions; the evaluator never mixes the planes. */
  readonly data: boolean;
  /** ARM id of the target. */
  readonly on: ResourceKey;
}

export interface Answer {
  readonly verdict: 'allowed' | 'conditioned' | 'denied' | 'no-path' | 'unknown';
  readonly paths: readonly Path[];
  readonly denies: readonly DenyAssignment[];
  readonly nearMisses: readonly NearMiss[];
  /** Sentences: what the answer rests on, and what could not be seen (deny assignments not read, a role unreadable, groups unknown). */
  readonly because: readonly string[];
}

import type { Assignment, Estate, PrincipalId, ResourceKey, RoleDefinition, RoleId } from '../estate/index.ts';
import type { Answer, ConditionEffect, Question } from './answer.ts';
import type { AssignmentIndex } from './assignment-index.ts';
import type { Power } from './power.ts';

/** A grant as it reaches a principal: directly, or through groups. */
export interface Grant {
  readonly assignment: Assignment;
  readonly role: RoleDefinition | undefined;
  readonly groups: readonly PrincipalId[];
}

/** The evaluator over one estate. Indexes are built once; every method is pure. */
export interface Access {
  may(question: Question): Answer;
  readonly assignments: AssignmentIndex;
  /** All grants of a principal, own and through groups. */
  grantsOf(principal: PrincipalId): readonly Grant[];
  /** A role as Azure showed it, or from the list of built-in roles we ship. */
  roleOf(role: RoleId): RoleDefinition | undefined;
  /**
   * What the conditions of an assignment and of its role leave of an operation, on any target. Undefined when the role does not allow it
   * at all, cannot be read, or a condition always refuses it.
   */
  effectOn(assignment: Assignment, operation: { readonly action: string; readonly data: boolean }): ConditionEffect | undefined;
  /** Power of a role, computed once per role. Undefined when its definition could not be read. */
  powerOf(role: RoleId): Power | undefined;
  /** True when every permission of `narrow` is also in `wide` (block by block, both planes). Never true when it is not; may be false when it is. */
  covers(wide: RoleId, narrow: RoleId): boolean;
  /** Scope chain of a resource, itself first, then resource group, subscription, management groups, `/`. */
  chain(scope: ResourceKey): readonly ResourceKey[];
  /** True when `scope` is `ancestor` or lies below it. */
  within(scope: ResourceKey, ancestor: ResourceKey): boolean;
}

export type OpenAccess = (estate: Estate) => Access;

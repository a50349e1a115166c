import type { PrincipalId, ResourceKey, RoleId } from './ids.ts';

/**
 * What was counted over all role assignments, in an estate that holds only those that one part of a sharded audit needs: what a rule asks of
 * all of them, and of which a part could keep no more than the answer.
 */
export interface AssignmentCensus {
  /** What counts against a limit, in the areas that fall to this part. */
  readonly areas: ReadonlyMap<ResourceKey, AreaCount>;
  /** Who made assignments that still stand. The empty id: those of which Azure does not say it. */
  readonly creators: ReadonlyMap<PrincipalId, CreatorCount>;
}

export interface AreaCount {
  /** Rows that came twice count once. */
  readonly total: number;
  readonly onResources: number;
  /** The area as Azure spells it in the id of a scope. */
  readonly spelled: string;
}

export interface CreatorCount {
  /** Milliseconds of the first one that carries a date; `Infinity` where none does. */
  readonly firstAt: number;
  /** Roles handed out, sorted. */
  readonly roles: readonly RoleId[];
}

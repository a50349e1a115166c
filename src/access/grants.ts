import type { Assignment, Estate, PrincipalId, RoleDefinition, RoleId } from '../estate/index.ts';
import type { Grant } from './access.ts';

/** Grants as they reach principals. */
export interface Grants {
  of(principal: PrincipalId): readonly Grant[];
  /** Every group a principal is in, directly or through others, with the groups on the way, nearest first. */
  groupsOf(principal: PrincipalId): ReadonlyMap<PrincipalId, readonly PrincipalId[]>;
}

export function openGrants(
  ownOf: (principal: PrincipalId) => readonly Assignment[],
  memberships: Estate['memberships'],
  roleOf: (role: RoleId) => RoleDefinition | undefined,
): Grants {
  const grants = new Map<PrincipalId, readonly Grant[]>();
  const groups = new Map<PrincipalId, ReadonlyMap<PrincipalId, readonly PrincipalId[]>>();

  function groupsOf(principal: PrincipalId): ReadonlyMap<PrincipalId, readonly PrincipalId[]> {
    if (!memberships.has(principal)) return nowhere;
    let known = groups.get(principal);
    if (known === undefined) {
      known = climb(principal, memberships);
      groups.set(principal, known);
    }
    return known;
  }

  function grantsOf(principal: PrincipalId): readonly Grant[] {
    const held: Grant[] = [];
    const collect = (holder: PrincipalId, through: readonly PrincipalId[]): void => {
      for (const assignment of ownOf(holder)) held.push({ assignment, role: roleOf(assignment.roleId), groups: through });
    };
    collect(principal, noGroups);
    for (const [group, through] of groupsOf(principal)) collect(group, through);
    return held;
  }

  return {
    groupsOf,
    of(principal) {
      let known = grants.get(principal);
      if (known === undefined) {
        known = grantsOf(principal);
        grants.set(principal, known);
      }
      return known;
    },
  };
}

const noGroups: readonly PrincipalId[] = [];
const nowhere: ReadonlyMap<PrincipalId, readonly PrincipalId[]> = new Map();

/** Breadth first, so that the shortest way names itself. Groups in groups are followed whether or not the directory already did. */
function climb(principal: PrincipalId, memberships: Estate['memberships']): ReadonlyMap<PrincipalId, readonly PrincipalId[]> {
  const direct = memberships.get(principal);
  if (direct === undefined || direct.length === 0) return nowhere;
  const found = new Map<PrincipalId, readonly PrincipalId[]>();
  const queue: [PrincipalId, readonly PrincipalId[]][] = direct.map((group) => [group, [group]]);
  for (const [group, through] of queue) {
    if (group === principal || found.has(group)) continue;
    found.set(group, through);
    for (const outer of memberships.get(group) ?? []) queue.push([outer, [...through, outer]]);
  }
  return found;
}

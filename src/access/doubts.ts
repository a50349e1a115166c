import { resourceKey, type Gap, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import type { Asked } from './conditions.ts';
import type { Ground } from './ground.ts';
import { isCosmosData } from './native-roles.ts';
import type { VaultMode } from './vault-mode.ts';

/** What could hide a path that was not found. */
export function doubtsOf(ground: Ground, call: Asked, ids: ReadonlySet<PrincipalId>, vault: VaultMode): readonly string[] {
  const { estate } = ground;
  const blind = estate.gaps.filter((gap) => gap.harmless !== true);
  return [
    ...blind
      .filter(({ slice, scope }) => slice === 'roleAssignments' && covers(ground, scope, call.on))
      .map(({ why }) => `Role assignments were not all read: ${why}`),
    ...(blind.some(({ slice }) => slice === 'groupMembers') ? groupDoubts(ground, call, ids) : []),
    ...(vault.kind === 'unknown'
      ? ['The vault itself was not read, so it is open whether roles or access policies decide about its data.']
      : []),
    ...(call.data && isCosmosData(call.action) && estate.nativeRoleAssignments === undefined
      ? ["Cosmos DB's own role assignments were not read, and they decide about its data."]
      : []),
  ];
}

/** Without members of groups, only a group that holds a sufficient role there could be the way. */
function groupDoubts(ground: Ground, call: Asked, ids: ReadonlySet<PrincipalId>): readonly string[] {
  const able = ground.estate.assignments.filter(({ principalType, principalId, scope, roleId, condition }) => {
    if (principalType.toLowerCase() !== 'group' || ids.has(principalId) || !ground.tree.within(call.on, scope)) return false;
    const role = ground.roleOf(roleId);
    return role === undefined || ground.permits(role, condition, call, call.data) !== undefined;
  });
  return able.length === 0
    ? []
    : [
        `Members of groups were not all read, and ${able.length === 1 ? `group ${able[0]?.principalId} holds` : `${able.length} groups hold`} a role there that would do.`,
      ];
}

export function blindToDenies({ estate, tree }: Ground, on: ResourceKey): readonly string[] {
  if (estate.denyAssignments === undefined) return ['Deny assignments were not read; they could only narrow this answer.'];
  return estate.gaps
    .filter(({ slice, scope }) => slice === 'denyAssignments' && covers({ tree }, scope, on))
    .map(({ why }) => `Deny assignments were not all read: ${why}`);
}

const covers = ({ tree }: Pick<Ground, 'tree'>, gapScope: Gap['scope'], on: ResourceKey): boolean => tree.within(on, resourceKey(gapScope));

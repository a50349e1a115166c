import type { Assignment, ResourceKey, RoleId } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import type { IsMine, RuleInput } from './rule.ts';

/**
 * Is this an assignment by which somebody may attach one of these identities, let an outside token in, or run code on a host of it? Told by scope and
 * role alone: what its condition leaves is for those who ask.
 */
export function opensIdentities(
  { estate, access }: Pick<RuleInput, 'estate' | 'access'>,
  isMine: IsMine,
): (assignment: Assignment) => boolean {
  const { hostsByAttached, hostBySystemAssigned } = indexOf(estate);
  const scopes = new Set<ResourceKey>();
  const add = (key: ResourceKey): void => {
    for (const scope of access.chain(key)) scopes.add(scope);
  };
  for (const { principalId, key, kind } of estate.identities) {
    if (!isMine(principalId)) continue;
    // A system-assigned identity bears its host's key, whether or not the host was seen.
    add(key);
    for (const host of kind === 'user-assigned' ? (hostsByAttached.get(key) ?? []) : []) add(host.key);
    const own = hostBySystemAssigned.get(principalId);
    if (own !== undefined) add(own.key);
  }
  const attaching = new Map<RoleId, boolean>();
  const attaches = (role: RoleId): boolean => {
    let known = attaching.get(role);
    if (known === undefined) attaching.set(role, (known = (access.powerOf(role)?.attach.length ?? 0) > 0));
    return known;
  };
  return ({ scope, roleId }) => attaches(roleId) && scopes.has(scope);
}

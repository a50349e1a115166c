import { roleId, type Vault, type VaultPolicy } from '../estate/index.ts';
import type { RuleInput } from './rule.ts';
import { equivalentRoles, type VaultRole } from './vault-roles.ts';

export interface LackingRoles {
  /** Roles that replace the entry and that nothing the principal holds covers at the vault. */
  readonly roles: readonly VaultRole[];
  /** False where assignments, definitions or groups could not all be read, or a condition is in the way: it may hold them after all. */
  readonly sure: boolean;
}

/** What a principal would need, in roles, to do what its access-policy entry allows. */
export function lackingRoles({ estate, access }: RuleInput, vault: Vault, policy: VaultPolicy): LackingRoles {
  const above = access.grantsOf(policy.objectId).filter(({ assignment }) => access.within(vault.key, assignment.scope));
  const here = above.filter(({ assignment }) => assignment.condition === undefined);
  const roles = equivalentRoles(policy).filter(
    (role) => !here.some(({ assignment }) => assignment.roleId === role.id || access.covers(assignment.roleId, roleId(role.id))),
  );
  const unread = above.some(({ role, assignment }) => role === undefined || assignment.condition !== undefined);
  const blind = estate.gaps.some(
    (gap) => gap.harmless !== true && (gap.slice === 'roleAssignments' || gap.slice === 'groupMembers' || gap.slice === 'roleDefinitions'),
  );
  return { roles, sure: !unread && !blind };
}

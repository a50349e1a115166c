import { resourceKey } from '../estate/index.ts';
import type { Finding } from '../findings/index.ts';
import { sameChangeMinutes, type GrantMemory, type MadeGrant, type RemovedGrant } from '../rules/index.ts';

/** A grant that was made within the hour after the same one was removed: a pipeline that deletes and re-creates changes nothing. */
export const cameBack = (removal: RemovedGrant, grant: MadeGrant): boolean => isSame(removal, grant) && isWithinHour(removal.at, grant.at);

/**
 * The log of a removal seldom says what was removed. Where a finding was about that assignment, the store knows, and a grant that only came back is
 * forgotten again.
 */
export function withKnownRemovals(memory: GrantMemory, findings: Iterable<Pick<Finding, 'subject' | 'role' | 'principal'>>): GrantMemory {
  const nameless = memory.removals.filter((removal) => removal.roleId === '' || removal.principalId === '');
  if (nameless.length === 0) return memory;
  const about = new Map([...findings].filter(({ role }) => role.id !== '').map((finding) => [resourceKey(finding.subject), finding]));
  const removals = memory.removals.map((removal): RemovedGrant => {
    const finding = nameless.includes(removal) ? about.get(resourceKey(removal.id)) : undefined;
    return finding === undefined ? removal : { ...removal, roleId: finding.role.id, principalId: finding.principal.id };
  });
  const isBack = (grant: MadeGrant): boolean => grant.seenAt === undefined && removals.some((removal) => cameBack(removal, grant));
  return { ...memory, removals, grants: memory.grants.filter((grant) => !isBack(grant)) };
}

/** The same role for the same principal at the same scope. The same id is not enough: whoever re-creates an assignment may put another role into it. */
function isSame(removal: RemovedGrant, grant: MadeGrant): boolean {
  if (grant.kind !== 'assignment' || removal.principalId === '' || removal.roleId === '') return false;
  return (
    removal.principalId === grant.principalId &&
    removal.roleId === grant.roleId &&
    resourceKey(removal.scopeId) === resourceKey(grant.scopeId)
  );
}

const isWithinHour = (removedAt: string, madeAt: string): boolean => {
  const gap = Date.parse(madeAt) - Date.parse(removedAt);
  return gap >= 0 && gap <= sameChangeMinutes * 60_000;
};

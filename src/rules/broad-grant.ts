import type { Grant } from '../access/index.ts';
import type { Assignment, PrincipalId } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import { isBroad } from './held-grant.ts';
import type { RuleInput } from './rule.ts';

/**
 * Grants of a principal that reach over a subscription or more *and* can change things, read secrets or data, or grant more there.
 * A Reader of the whole tenant is not one. Reads `roleAssignments`, `roleDefinitions` and `groupMembers`.
 */
export function broadGrantsOf({ estate, access }: Pick<RuleInput, 'estate' | 'access'>, principal: PrincipalId): readonly Grant[] {
  // Most principals hold nothing up there: no need to list what they hold.
  if (!indexOf(estate).broadlyAssigned.has(principal) && !estate.memberships.has(principal)) return [];
  return access.grantsOf(principal).filter(({ assignment }) => {
    if (!isBroad(assignment)) return false;
    const power = access.powerOf(assignment.roleId);
    if (power === undefined) return false;
    return (
      power.everything ||
      [power.broadWrite, power.escalation, power.dataRead, power.dataWrite, power.secretActions].some((each) => each.length > 0)
    );
  });
}

/** What a principal holds in its own name; groups it is in are left out, since their grants are not its to delete. */
export const ownAssignments = ({ access }: Pick<RuleInput, 'access'>, principal: PrincipalId): readonly Assignment[] =>
  access
    .grantsOf(principal)
    .filter(({ groups }) => groups.length === 0)
    .map(({ assignment }) => assignment);

/** `Contributor at /subscriptions/…`, the first few, for sentences. */
export function describeGrants(grants: readonly Grant[]): string {
  const named = grants
    .slice(0, grantsNamed)
    .map(({ assignment, role }) => `${role?.name ?? `role ${assignment.roleId}`} at ${assignment.scopeId}`);
  return `${named.join(', ')}${grants.length > named.length ? ` and ${grants.length - named.length} more` : ''}`;
}

const grantsNamed = 3;

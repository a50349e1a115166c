import type { Access, Grant, Power } from '../access/index.ts';
import type { Assignment, PrincipalId } from '../estate/index.ts';
import { isBroad } from './held-grant.ts';
import type { RuleInput } from './rule.ts';

/**
 * Grants of a principal that reach over a subscription or more *and* can change things, read secrets or data, or grant more there.
 * A Reader of the whole tenant is not one. Reads `roleAssignments`, `roleDefinitions` and `groupMembers`.
 */
export const broadGrantsOf = (input: Pick<RuleInput, 'estate' | 'access'>, principal: PrincipalId): readonly Grant[] =>
  broadGrants(input).get(principal) ?? none;

const none: readonly Grant[] = [];
const known = new WeakMap<Access, ReadonlyMap<PrincipalId, readonly Grant[]>>();

/** Everybody who holds such a grant: few, whatever the size of the tenant. */
export function broadGrants({ estate, access }: Pick<RuleInput, 'estate' | 'access'>): ReadonlyMap<PrincipalId, readonly Grant[]> {
  let holders = known.get(access);
  if (holders === undefined) {
    const strong = access.assignments.broad.filter(({ roleId }) => isStrong(access.powerOf(roleId)));
    const candidates = new Set([...strong.map(({ principalId }) => principalId), ...estate.memberships.keys()]);
    const found = new Map<PrincipalId, readonly Grant[]>();
    for (const principal of candidates) {
      const grants = access
        .grantsOf(principal)
        .filter(({ assignment }) => isBroad(assignment) && isStrong(access.powerOf(assignment.roleId)));
      if (grants.length > 0) found.set(principal, grants);
    }
    known.set(access, (holders = found));
  }
  return holders;
}

/** One of the assignments that make a grant broad, whoever holds it. */
export const isStrongAndBroad = ({ access }: Pick<RuleInput, 'access'>, assignment: Assignment): boolean =>
  isBroad(assignment) && isStrong(access.powerOf(assignment.roleId));

const isStrong = (power: Power | undefined): boolean =>
  power !== undefined &&
  (power.everything ||
    [power.broadWrite, power.escalation, power.dataRead, power.dataWrite, power.secretActions].some((each) => each.length > 0));

/** What a principal holds in its own name; groups it is in are left out, since their grants are not its to delete. */
export const ownAssignments = ({ access }: Pick<RuleInput, 'access'>, principal: PrincipalId): readonly Assignment[] =>
  access.assignments.ofPrincipal(principal);

/** `Contributor at /subscriptions/…`, the first few, for sentences. */
export function describeGrants(grants: readonly Grant[]): string {
  const named = grants
    .slice(0, grantsNamed)
    .map(({ assignment, role }) => `${role?.name ?? `role ${assignment.roleId}`} at ${assignment.scopeId}`);
  return `${named.join(', ')}${grants.length > named.length ? ` and ${grants.length - named.length} more` : ''}`;
}

const grantsNamed = 3;

import type { Access, Grant } from '../access/index.ts';
import type { Assignment } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { placeName } from './place-name.ts';
import { groupsNamed, nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { PrincipalRef, Violation } from './violation.ts';

export const redundantAssignment: Rule = {
  id: 'redundant-assignment',
  title: 'Role assignment that adds nothing',
  why: [
    'The same principal already holds at least these permissions at the same scope or above, so this assignment changes nothing today. It counts against the limit of assignments, it makes reviews longer, and it hides what narrowing',
    'the other one would do. Permissions are compared block by block on both planes: Owner on a subscription does not make a data role on a storage account redundant.',
    'An assignment above that carries a condition, or whose role does, never makes another one redundant.',
  ].join('\n'),
  fix: 'If the broader assignment is to stay, delete this one. If the broader one is too broad, keep this one and delete the other.',
  severity: 'low',
  confidence: 'certain',
  needs: {
    roleAssignments: 'anywhere',
    roleDefinitions: 'anywhere',
    identities: 'each',
    containers: 'hint',
    groupMembers: 'kept',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.4', 'CIS 6.0.0 5.3.7', 'MCSB PA-3', 'MCSB PA-7', 'NIST 800-53 r5 AC-6(7)'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshoot-limits#solution-3---remove-redundant-role-assignments',
    'https://learn.microsoft.com/azure/role-based-access-control/overview#multiple-role-assignments',
  ],
  *judge(input) {
    const { access, estate } = input;
    const { memberships } = estate;
    for (const id of new Set([...access.assignments.nestedHolders(), ...memberships.keys()])) {
      const own = access.assignments.ofPrincipal(id);
      if (!memberships.has(id) && !holdsTwice(access, own)) continue;
      const grants = access.grantsOf(id);
      const above = aboveIn(access, grants);
      for (const assignment of own) {
        const wider = widerThan(access, assignment, above(assignment));
        if (wider === undefined) continue;
        const principal = principalRef(input, id);
        if (!ofConcern(principal, input.settings)) break;
        yield violationOf(input, principal, assignment, wider);
      }
    }
  },
};

/** The cheap question that settles it for nearly all: does one of its own reach over another at all? */
function holdsTwice(access: Access, own: readonly Assignment[]): boolean {
  if (own.length > handful) return true;
  for (let at = 1; at < own.length; at++)
    for (let before = 0; before < at; before++)
      if (reachesOver(access, own[at]!, own[before]!) || reachesOver(access, own[before]!, own[at]!)) return true;
  return false;
}

/** Scopes first: most of two lie beside each other, and one look tells. */
const reachesOver = (access: Access, wide: Assignment, narrow: Assignment): boolean =>
  access.within(narrow.scope, wide.scope) && access.covers(wide.roleId, narrow.roleId);

/** Comparing each with each is cheapest for the handful that most principals hold; whoever holds thousands is looked up by scope. */
const handful = 32;

function aboveIn(access: Access, grants: readonly Grant[]): (assignment: Assignment) => readonly Grant[] {
  if (grants.length <= handful) return () => grants;
  const byScope = Map.groupBy(grants, ({ assignment }) => assignment.scope);
  return ({ scope }) => access.chain(scope).flatMap((each) => byScope.get(each) ?? []);
}

/** A grant at or above an assignment that holds all it holds: one of the principal's own before one through a group, whatever the order of rows. */
function widerThan(access: Access, assignment: Assignment, above: readonly Grant[]): Grant | undefined {
  let best: Grant | undefined;
  for (const grant of above) {
    if (!isWider(access, grant, assignment)) continue;
    if (
      best === undefined ||
      grant.groups.length < best.groups.length ||
      (grant.groups.length === best.groups.length && grant.assignment.key < best.assignment.key)
    )
      best = grant;
  }
  return best;
}

function isWider(access: Access, { assignment: other, groups }: Grant, assignment: Assignment): boolean {
  // Roles are few and compared already, scopes are many: this order leaves most scopes alone.
  if (other === assignment || other.condition || !access.covers(other.roleId, assignment.roleId)) return false;
  if (!access.within(assignment.scope, other.scope) || other.key === assignment.key) return false;
  if (other.scope !== assignment.scope || groups.length > 0) return true;
  // Two at the same scope that hold the same: only one of them is the redundant one.
  return assignment.condition !== undefined || !access.covers(assignment.roleId, other.roleId) || other.key < assignment.key;
}

function violationOf(
  input: RuleInput,
  principal: PrincipalRef,
  assignment: Assignment,
  { assignment: wider, role: widerRole, groups }: Grant,
): Violation {
  const role = input.access.roleOf(assignment.roleId);
  const name = role?.name ?? assignment.roleId;
  const widerName = widerRole?.name ?? wider.roleId;
  const through = groups.length === 0 ? '' : ` through group ${groupsNamed(input, groups)}`;
  return {
    rule: redundantAssignment.id,
    subject: assignment.id,
    severity: 'low',
    // A membership ends more easily than an assignment does.
    confidence: groups.length === 0 ? 'certain' : 'likely',
    principal,
    role: { id: assignment.roleId, name },
    scope: assignment.scopeId,
    title: `${name} on ${placeName(input, assignment.scopeId)} adds nothing to ${widerName} on ${placeName(input, wider.scopeId)}`,
    message: `${nameOf(principal)} holds ${name} at ${assignment.scopeId}, and already holds ${widerName} at ${wider.scopeId}${through}, which allows all of it. Removing this one changes nothing as long as the other stands.`,
    evidence: [
      {
        label: 'this assignment',
        value: `${name} at ${assignment.scopeId}, made ${assignment.createdAt ?? 'on a day Azure did not store'}`,
        source: 'resource-graph',
      },
      {
        label: 'already held',
        value: `${widerName} at ${wider.scopeId}${through}, made ${wider.createdAt ?? 'on a day Azure did not store'}`,
        source: 'resource-graph',
      },
    ],
    fix: [
      {
        text: `Decide first whether ${widerName} at ${placeName(input, wider.scopeId)} is to stay. If it is broader than needed, keep this assignment and remove the other one.`,
      },
      az.step(`Otherwise delete this one at its own scope, ${assignment.scopeId}.`, az.deleteAssignment(assignment.id)),
    ],
    related: [principal.id, wider.id, ...groups],
  };
}

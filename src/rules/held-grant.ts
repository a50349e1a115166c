import type { AssignmentIndex, Power } from '../access/index.ts';
import { moment, levelOf, type Assignment, type PrincipalId, type ResourceKey, type RoleDefinition, type RoleId } from '../estate/index.ts';
import { placeName } from './place-name.ts';
import { groupsNamed, judgedPrincipal, nameOf } from './principal-ref.ts';
import type { RuleInput } from './rule.ts';
import { severities, type PrincipalRef, type Severity } from './violation.ts';

/** A grant in the hands of somebody whose grants are judged: made to it, or reaching it through groups. */
export interface HeldGrant {
  readonly principal: PrincipalRef;
  readonly assignment: Assignment;
  readonly role: RoleDefinition;
  readonly power: Power;
  /** Groups between the principal and the assignment, nearest first; empty for a grant of its own. */
  readonly groups: readonly PrincipalId[];
}

/** What every rule over held grants reads. A grant whose role cannot be read is not judged: the gap says so. */
export const heldGrantNeeds = {
  roleAssignments: 'each',
  roleDefinitions: 'each',
  identities: 'each',
  groupMembers: 'kept',
  principals: 'kept',
  deletedPrincipals: 'hint',
  containers: 'hint',
  hosts: 'hint',
  policyAssignments: 'hint',
  clusters: 'hint',
} as const;

/** What a rule looks for among the grants. */
export interface Sought {
  /** Asked once per role, by what it can do. */
  readonly role: (power: Power, role: RoleDefinition) => boolean;
  /** Where: at a subscription or above, or at scopes of a certain kind; anywhere unless told. */
  readonly at?: 'broad' | ((scope: ResourceKey) => boolean);
}

/** The grants that a rule looks for. Most of 100,000 assignments are nobody's concern: rare roles and broad scopes lead to the others. */
export function* heldGrants(input: RuleInput, sought: Sought): Iterable<HeldGrant> {
  const { estate, access } = input;
  const strongRole = soughtRole(input, sought);
  const isThere = sought.at === 'broad' ? isBroadScope : (sought.at ?? anywhere);
  // The broad ones come picked out already.
  const isOwnThere = sought.at === 'broad' ? anywhere : isThere;
  for (const [id, assignments] of candidates(access.assignments, sought)) {
    const strong = strongRole(id);
    if (strong === undefined) continue;
    for (const assignment of assignments) {
      const principal = isOwnThere(assignment.scope) ? judgedPrincipal(input, assignment.principalId) : undefined;
      if (principal !== undefined) yield { principal, assignment, ...strong, groups: noGroups };
    }
  }
  for (const member of estate.memberships.keys()) {
    const principal = judgedPrincipal(input, member);
    // A group in a group is not judged by itself there: its members are.
    if (principal === undefined || principal.kind === 'group') continue;
    for (const { assignment, groups } of access.grantsOf(member)) {
      const strong = groups.length > 0 ? strongRole(assignment.roleId) : undefined;
      if (strong !== undefined && isThere(assignment.scope)) yield { principal, assignment, ...strong, groups };
    }
  }
}

const anywhere = (): boolean => true;
const noGroups: readonly PrincipalId[] = [];

function* candidates({ broad, byRole }: AssignmentIndex, { at }: Sought): Iterable<readonly [RoleId, readonly Assignment[]]> {
  if (at !== 'broad') yield* byRole;
  else for (const assignment of broad) yield [assignment.roleId, [assignment]];
}

interface StrongRole {
  readonly role: RoleDefinition;
  readonly power: Power;
}

function soughtRole({ access }: RuleInput, sought: Sought): (id: RoleId) => StrongRole | undefined {
  const known = new Map<RoleId, StrongRole | undefined>();
  return (id) => {
    if (known.has(id)) return known.get(id);
    const role = access.roleOf(id);
    const power = role && access.powerOf(id);
    const strong = role !== undefined && power !== undefined && sought.role(power, role) ? { role, power } : undefined;
    known.set(id, strong);
    return strong;
  };
}

export type Reach = 'root' | 'managementGroup' | 'subscription' | 'resourceGroup' | 'resource';

export const reachOf = ({ scope }: Assignment): Reach => levelOf(scope);

export const isBroad = ({ scope }: Assignment): boolean => isBroadScope(scope);

function isBroadScope(scope: ResourceKey): boolean {
  const level = levelOf(scope);
  return level === 'root' || level === 'managementGroup' || level === 'subscription';
}

/** One violation per grant, and per member where it comes through a group. */
export const aspectOf = ({ principal, groups }: HeldGrant): { readonly aspect?: string } =>
  groups.length === 0 ? {} : { aspect: principal.id };

/** `app-identity (1f…) holds Owner at subscription app-prod, through group operators (3d…), since 2026-01-15 09:00 UTC` */
export function holds(input: RuleInput, { principal, assignment, role, groups }: HeldGrant): string {
  const through = groups.length === 0 ? '' : `, through group ${groupsNamed(input, groups)}`;
  const since = assignment.createdAt === undefined ? '' : `, since ${moment(assignment.createdAt)}`;
  return `${nameOf(principal)} holds ${role.name} at ${placeName(input, assignment.scopeId)}${through}${since}`;
}

/** Less severe by some steps, never below `low`: lowered is not hidden. */
export function lowered(severity: Severity, steps: number): Severity {
  const low = severities.indexOf('low');
  const from = severities.indexOf(severity);
  return severities[Math.max(from, Math.min(from + steps, low))] ?? severity;
}

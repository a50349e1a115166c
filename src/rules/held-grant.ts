import type { Power } from '../access/index.ts';
import { levelOf, type Assignment, type PrincipalId, type RoleDefinition, type RoleId } from '../estate/index.ts';
import { nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { RuleInput } from './rule.ts';
import { scopeName } from './scope-name.ts';
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

/** The grants that a rule wants, by scope and evaluated power, most of 100,000 assignments being nobody's concern. */
export function* heldGrants(input: RuleInput, wanted: (assignment: Assignment, power: Power) => boolean): Iterable<HeldGrant> {
  const { estate, access } = input;
  const refs = new Map<PrincipalId, PrincipalRef | undefined>();
  const judged = (id: PrincipalId): PrincipalRef | undefined => {
    if (!refs.has(id)) {
      const ref = principalRef(input, id);
      refs.set(id, ofConcern(ref, input.settings) ? ref : undefined);
    }
    return refs.get(id);
  };
  for (const [id, assignments] of byRole(estate.assignments)) {
    const role = access.roleOf(id);
    const power = role && access.powerOf(id);
    if (role === undefined || power === undefined || !isStrong(power)) continue;
    for (const assignment of assignments) {
      const principal = wanted(assignment, power) ? judged(assignment.principalId) : undefined;
      if (principal !== undefined) yield { principal, assignment, role, power, groups: [] };
    }
  }
  for (const member of estate.memberships.keys()) {
    const principal = judged(member);
    // A group in a group is not judged by itself there: its members are.
    if (principal === undefined || principal.kind === 'group') continue;
    for (const { assignment, role, groups } of access.grantsOf(member)) {
      const power = groups.length > 0 ? access.powerOf(assignment.roleId) : undefined;
      if (power !== undefined && role !== undefined && wanted(assignment, power)) yield { principal, assignment, role, power, groups };
    }
  }
}

const roleIndexes = new WeakMap<readonly Assignment[], ReadonlyMap<RoleId, readonly Assignment[]>>();

/** Few roles and many assignments: five rules ask each role once, and leave the assignments of harmless ones alone. */
function byRole(assignments: readonly Assignment[]): ReadonlyMap<RoleId, readonly Assignment[]> {
  let index = roleIndexes.get(assignments);
  if (index === undefined) {
    index = Map.groupBy(assignments, ({ roleId }) => roleId);
    roleIndexes.set(assignments, index);
  }
  return index;
}

/** Anything that one of the rules could want. */
const isStrong = (power: Power): boolean =>
  [power.broadWrite, power.escalation, power.dataRead, power.dataWrite, power.secretActions, power.wildcards].some(
    (each) => each.length > 0,
  );

export type Reach = 'root' | 'managementGroup' | 'subscription' | 'resourceGroup' | 'resource';

export const reachOf = ({ scope }: Assignment): Reach => levelOf(scope);

export const isBroad = ({ scope }: Assignment): boolean => {
  const level = levelOf(scope);
  return level === 'root' || level === 'managementGroup' || level === 'subscription';
};

/** One violation per grant, and per member where it comes through a group. */
export const aspectOf = ({ principal, groups }: HeldGrant): { readonly aspect?: string } =>
  groups.length === 0 ? {} : { aspect: principal.id };

/** `app-identity (1f…) holds Owner at subscription 2c…, through group 3d…, since 2026-01-15T09:00:00Z` */
export function holds({ principal, assignment, role, groups }: HeldGrant): string {
  const through = groups.length === 0 ? '' : `, through group ${groups.join(' in ')}`;
  const since = assignment.createdAt === undefined ? '' : `, since ${assignment.createdAt}`;
  return `${nameOf(principal)} holds ${role.name} at ${scopeName(assignment.scopeId)}${through}${since}`;
}

/** Less severe by some steps, never below `low`: lowered is not hidden. */
export function lowered(severity: Severity, steps: number): Severity {
  const low = severities.indexOf('low');
  const from = severities.indexOf(severity);
  return severities[Math.max(from, Math.min(from + steps, low))] ?? severity;
}

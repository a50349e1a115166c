import type { RoleId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { heldGrantNeeds, heldGrants, holds, isBroad, type HeldGrant } from './held-grant.ts';
import { nameOf } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Severity, Violation } from './violation.ts';

export const wildcardCustomRole: Rule = {
  id: 'wildcard-custom-role',
  title: 'Custom role with a wildcard over writes or secrets, held by an identity',
  why: [
    'A wildcard in a custom role grants operations that nobody has read: those of today, and each one that the provider adds tomorrow. Custom roles are written to be smaller than a built-in one; a wildcard over writes or secrets',
    'undoes that silently. Wildcards over reads of the control plane do not count, nor do the support, alert-rule and deployment wildcards that built-in roles carry, nor what the same block takes away again.',
  ].join('\n'),
  fix: 'List the operations that are used (the activity log names them) instead of the wildcard, or use a built-in role at a smaller scope.',
  severity: 'medium',
  confidence: 'certain',
  // One finding per role, whose holders may be anywhere.
  needs: { ...heldGrantNeeds, roleAssignments: 'anywhere', roleDefinitions: 'anywhere', identities: 'anywhere' },
  controls: ['CIS 6.0.0 5.4', 'CIS 6.0.0 5.3.7', 'MCSB PA-7', 'NIST 800-53 r5 AC-3', 'NIST 800-53 r5 AC-6'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices#avoid-using-a-wildcard-when-creating-custom-roles',
    'https://learn.microsoft.com/azure/role-based-access-control/custom-roles',
  ],
  // All holders of one role are told together.
  reach: {
    owner: 'subject',
    assignments: (input, isMine) => {
      const known = new Map<RoleId, boolean>();
      return ({ roleId }) => {
        if (!known.has(roleId)) known.set(roleId, isMine(subjectOf(roleId)) && isWildcard(input, roleId));
        return known.get(roleId) === true;
      };
    },
  },
  *judge(input) {
    const holders = new Map<RoleId, HeldGrant[]>();
    for (const held of heldGrants(input, { role: (power, role) => role.custom && power.wildcards.length > 0 })) {
      const others = holders.get(held.role.id);
      if (others === undefined) holders.set(held.role.id, [held]);
      else others.push(held);
    }
    for (const grants of holders.values()) yield violationOf(input, grants.sort(byAssignment));
  },
};

const subjectOf = (role: RoleId): string => `/providers/Microsoft.Authorization/roleDefinitions/${role}`;

const isWildcard = ({ access }: RuleInput, role: RoleId): boolean =>
  access.roleOf(role)?.custom === true && (access.powerOf(role)?.wildcards.length ?? 0) > 0;

/** In one order, so that it does not depend on the order of rows who is named. */
const byAssignment = (a: HeldGrant, b: HeldGrant): number =>
  compare(a.assignment.key, b.assignment.key) || compare(a.principal.id, b.principal.id);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const holdersNamed = 5;

function violationOf(input: RuleInput, grants: readonly HeldGrant[]): Violation {
  const [first] = grants as readonly [HeldGrant, ...HeldGrant[]];
  const { role, power } = first;
  const holders = new Map(grants.map((held) => [held.principal.id, held.principal]));
  return {
    rule: wildcardCustomRole.id,
    subject: subjectOf(role.id),
    severity: severityOf(
      power.wildcards,
      grants.some(({ assignment }) => isBroad(assignment)),
    ),
    confidence: 'certain',
    ...(holders.size === 1 ? { principal: first.principal } : {}),
    role: { id: role.id, name: role.name },
    scope: grants.length === 1 ? first.assignment.scopeId : '/',
    title: `Custom role ${role.name} allows ${power.wildcards[0] ?? ''}`,
    message: [
      `The custom role ${role.name} contains ${power.wildcards.join(', ')}: writes or secrets that nobody listed, and each one that Azure adds there.`,
      grants.length === 1
        ? `${holds(input, first)}.`
        : `${holders.size === 1 ? nameOf(first.principal) : `${holders.size} identities`} hold${holders.size === 1 ? 's' : ''} it in ${grants.length} assignments.`,
    ].join(' '),
    evidence: [
      { label: 'role', value: `${role.name} (${role.id})`, source: 'resource-graph' },
      ...power.wildcards.map((pattern) => ({ label: 'wildcard', value: pattern, source: 'resource-graph' as const })),
      { label: 'assignable at', value: role.assignableScopes.join(', '), source: 'resource-graph' },
      ...grants.slice(0, holdersNamed).map((held) => ({ label: 'held by', value: holds(input, held), source: 'resource-graph' as const })),
      ...(grants.length > holdersNamed
        ? [{ label: 'held by', value: `and ${grants.length - holdersNamed} more`, source: 'resource-graph' as const }]
        : []),
    ],
    fix: [
      az.step('Print the definition.', az.command('role definition list', { name: role.id, 'custom-role-only': 'true' })),
      {
        text: 'In that definition, replace the wildcard by the operations that its holders use: their calls of the last 90 days stand in the activity log. Then save it with `az role definition update`.',
      },
      { text: 'Where a built-in role covers the same work, assign that at the resource instead and delete the assignments of this role.' },
    ],
    related: [...new Set(grants.flatMap(({ assignment, principal }) => [assignment.id, principal.id]))],
  };
}

/** Everything, as with a lone star, then a whole provider, then one resource type; higher where the assignment itself is broad. */
function severityOf(wildcards: readonly string[], assignedBroadly: boolean): Severity {
  const widest = Math.min(...wildcards.map((pattern) => pattern.slice(0, pattern.indexOf('*')).split('/').length - 1));
  if (widest === 0) return 'high';
  if (widest === 1) return assignedBroadly ? 'high' : 'medium';
  return assignedBroadly ? 'medium' : 'low';
}

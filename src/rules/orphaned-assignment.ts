import { moment, type Assignment } from '../estate/index.ts';
import { absentees, resourceKey } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { indexOf } from './estate-index.ts';
import { absenceTrouble, standingOf } from './orphan-proof.ts';
import { placeName } from './place-name.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceGroupId } from './scope-name.ts';
import { successionsOf } from './successor.ts';
import type { Evidence, Fix, Violation } from './violation.ts';

export const orphanedAssignment: Rule = {
  id: 'orphaned-assignment',
  title: 'Role assignment of a deleted principal',
  why: [
    'When a managed identity, application, user or group is deleted, Azure keeps its role assignments. They count against the limit of 4,000 per subscription,',
    'they hide the real grants in every review, and they are the trace of an identity that was re-created without its grants.',
    '',
    'A missing name alone proves nothing: partner tenants, the recycle bin, replication and a missing directory permission all look the same. This rule',
    'reports an assignment only when the principal is absent from the directory *and* from the recycle bin, while a principal known to exist was visible in the',
    'same run, the assignment still stands when re-read over ARM, and nothing about it is younger than the replication window. Seen missing in one run it is',
    '`likely`, in a second one `certain`.',
  ].join('\n'),
  fix: 'Make sure that nothing was re-created in its place (`recreated-identity` names the grants to make first), then delete the assignment.',
  severity: 'low',
  confidence: 'certain',
  needs: {
    roleAssignments: 'each',
    assignmentConfirmations: 'each',
    principals: 'each',
    deletedPrincipals: 'each',
    identities: 'hint',
    hosts: 'hint',
    roleDefinitions: 'hint',
    containers: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.4', 'CIS 6.0.0 5.3.7', 'MCSB PA-3', 'MCSB PA-4', 'NIST 800-53 r5 AC-2(3)'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting#symptom---role-assignments-with-identity-not-found',
    'https://learn.microsoft.com/graph/api/directoryobject-getbyids',
    'https://github.com/cloud-custodian/cloud-custodian/issues/10621',
    'https://github.com/Azure/ARO-HCP/pull/6762',
    'https://github.com/JulianHayward/Azure-MG-Sub-Governance-Reporting/issues/298',
  ],
  inconclusive: absenceTrouble,
  // Whether an orphan is the last administrator of a subscription depends on the others.
  reach: { assignments: (input) => (assignment) => isAdministrator(input, assignment) },
  *judge(input) {
    for (const principal of absentees(input.estate.directory)) {
      for (const assignment of input.access.assignments.ofPrincipal(principal))
        if (standingOf(input, assignment) === 'deleted') yield orphan(input, assignment);
    }
  },
};

function orphan(input: RuleInput, assignment: Assignment): Violation {
  const { access, memory } = input;
  const principal = principalRef(input, assignment.principalId);
  const role = access.roleOf(assignment.roleId);
  const power = access.powerOf(assignment.roleId);
  const roleName = role?.name ?? 'a role that could not be read';
  const missingSince = memory.missingSince.get(assignment.principalId);
  const successor = successionsOf(input).get(assignment.principalId);
  const obstacles = obstaclesOf(input, assignment);
  return {
    rule: orphanedAssignment.id,
    subject: assignment.id,
    severity: power !== undefined && (power.everything || power.escalation.length > 0) ? 'medium' : 'low',
    confidence: missingSince === undefined ? 'likely' : 'certain',
    principal,
    proof: 'deleted',
    role: { id: assignment.roleId, name: role?.name ?? '' },
    scope: assignment.scopeId,
    title: `${roleName} at ${placeName(input, assignment.scopeId)} is held by a deleted principal`,
    message: [
      `${nameOf(principal)} no longer exists, and its assignment of ${roleName} at ${assignment.scopeId} still stands.`,
      missingSince === undefined ? 'This is the first audit that saw it missing.' : `It has been missing since ${moment(missingSince)}.`,
      ...(successor === undefined
        ? []
        : [
            `A live identity took its place (${successor.identity.name}, now ${successor.identity.principalId}): give it the grants it lacks before this one goes.`,
          ]),
      ...obstacles,
    ].join(' '),
    evidence: evidenceOf(assignment, missingSince),
    fix: fixOf(assignment, obstacles, successor !== undefined),
    related: [assignment.principalId, ...(successor === undefined ? [] : [successor.identity.principalId])],
  };
}

function evidenceOf(assignment: Assignment, missingSince: string | undefined): readonly Evidence[] {
  return [
    { label: 'principal', value: `${assignment.principalId}: absent from directoryObjects/getByIds`, source: 'graph' },
    { label: 'recycle bin', value: 'not among the deleted items of the directory', source: 'graph' },
    { label: 'canary', value: 'a principal known to exist was visible in the same run', source: 'graph' },
    { label: 'assignment', value: 're-read over ARM in this run: it stands', source: 'arm' },
    { label: 'made', value: assignment.createdAt ?? 'no date', source: 'resource-graph' },
    {
      label: 'type when made',
      value: assignment.principalType === '' ? 'not stored' : `${assignment.principalType} (a hint that Azure stored, not a proof)`,
      source: 'resource-graph',
    },
    ...(missingSince === undefined ? [] : [{ label: 'missing since', value: missingSince, source: 'graph' } as const]),
  ];
}

function fixOf(assignment: Assignment, obstacles: readonly string[], replaced: boolean): readonly Fix[] {
  const canList = assignment.scope.startsWith('/subscriptions/');
  return [
    ...(replaced
      ? [{ text: 'First make the grants that the identity in its place lacks: the finding recreated-identity has the commands.' }]
      : []),
    ...obstacles.map((text) => ({ text })),
    az.step(`Delete the assignment at its own scope, ${assignment.scopeId}.`, az.deleteAssignment(assignment.id)),
    ...(canList
      ? [
          az.step(
            'If Azure answers ScopeLocked, a lock at or above that scope stands in the way: see which, and whose it is.',
            az.listLocks(assignment.scopeId),
          ),
        ]
      : []),
  ];
}

/** What will stop the deletion, as far as the estate shows it. */
function obstaclesOf(input: RuleInput, assignment: Assignment): readonly string[] {
  const found: string[] = [];
  const group = resourceGroupId(assignment.scopeId);
  const managedBy = group === undefined ? undefined : indexOf(input.estate).containerByKey.get(resourceKey(group))?.managedBy;
  if (managedBy)
    found.push(`The resource group is managed by ${managedBy}, which may deny changes: remove the assignment there, or through its owner.`);
  if (isLastAdministrator(input, assignment)) {
    found.push(
      'It is the last assignment at this subscription that may manage access, and Azure refuses to delete the last one: assign Owner or User Access Administrator to a living principal first.',
    );
  }
  return found;
}

const administrators = new WeakMap<RuleInput, ReadonlyMap<string, number>>();

/** "Cannot delete the last RBAC admin assignment" (Azure RBAC troubleshooting). Only assignments of people and things that live count as others. */
function isLastAdministrator(input: RuleInput, assignment: Assignment): boolean {
  if (!isAdministrator(input, assignment)) return false;
  return (livingAdministrators(input).get(assignment.scope) ?? 0) === 0;
}

function livingAdministrators(input: RuleInput): ReadonlyMap<string, number> {
  const known = administrators.get(input);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const other of input.access.assignments.broad) {
    if (!isAdministrator(input, other) || standingOf(input, other) === 'deleted') continue;
    counts.set(other.scope, (counts.get(other.scope) ?? 0) + 1);
  }
  administrators.set(input, counts);
  return counts;
}

/** Of a subscription: there Azure refuses to delete the last one. */
const isAdministrator = (input: RuleInput, assignment: Assignment): boolean =>
  /^\/subscriptions\/[^/]+$/.test(assignment.scope) && mayManageAccess(input, assignment);

const mayManageAccess = ({ access }: RuleInput, assignment: Assignment): boolean =>
  access
    .powerOf(assignment.roleId)
    ?.escalation.some((operation) => operation.toLowerCase() === 'microsoft.authorization/roleassignments/write') === true;

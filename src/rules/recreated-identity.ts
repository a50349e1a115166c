import type { Grant } from '../access/index.ts';
import type { Assignment, Identity } from '../estate/index.ts';
import { ownAssignments } from './broad-grant.ts';
import { grantStep } from './grant-step.ts';
import { moment } from './moment.ts';
import { placeName } from './place-name.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { successionsOf, type Succession } from './successor.ts';
import type { Violation } from './violation.ts';

export const recreatedIdentity: Rule = {
  id: 'recreated-identity',
  title: 'Identity re-created without its grants',
  why: [
    'A managed identity that is deleted and made again under the same name gets a new principal id. Its role assignments stay with the old id: the workload gets 403 although "the role is there", and',
    'whoever cleans up the orphan removes the only record of what it may do. Templates that name the assignment after the identity then fail with RoleAssignmentUpdateNotPermitted.',
  ].join('\n'),
  fix: 'Make each missing grant for the new principal first, watch the workload recover, and only then delete the assignments of the old one. In templates, name assignments after the principal id.',
  severity: 'high',
  confidence: 'likely',
  needs: {
    identities: 'each',
    roleAssignments: 'anywhere',
    roleDefinitions: 'hint',
    containers: 'hint',
    groupMembers: 'kept',
    hosts: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['MCSB IM-3', 'MCSB PA-3', 'NIST 800-53 r5 AC-2'],
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
    'https://github.com/Azure/acs-engine/issues/2916',
    'https://github.com/Azure/Enterprise-Scale/issues/1280',
    'https://github.com/MicrosoftDocs/azure-docs/issues/74282',
  ],
  // The grants of the predecessor are compared with those of the identity that took its place.
  reach: {
    principals: (input, isMine) =>
      [...successionsOf(input).values()].filter(({ identity }) => isMine(identity.principalId)).map(({ old }) => old),
  },
  *judge(input) {
    for (const succession of successionsOf(input).values()) {
      const lacking = lackingGrants(input, succession);
      if (lacking.length > 0) yield violation(input, succession, lacking);
    }
  },
};

/** Assignments of the old principal that nothing of the new one covers at the same scope or above. */
function lackingGrants(input: RuleInput, { old, identity }: Succession): readonly Assignment[] {
  const held = input.access.grantsOf(identity.principalId);
  const missing = ownAssignments(input, old).filter((assignment) => !held.some((grant) => covers(input, grant, assignment)));
  // One grant per role and scope, in an order that does not depend on the order of rows.
  return [...new Map(missing.map((each) => [`${each.scope} ${each.roleId}`, each])).values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

function covers({ access }: RuleInput, { assignment }: Grant, wanted: Assignment): boolean {
  if (!access.within(wanted.scope, assignment.scope)) return false;
  // A narrowed grant does not stand in for one that was not; the same condition does.
  if (assignment.condition !== undefined && assignment.condition !== wanted.condition) return false;
  return assignment.roleId === wanted.roleId || access.covers(assignment.roleId, wanted.roleId);
}

function violation(input: RuleInput, { old, identity, by, text }: Succession, lacking: readonly Assignment[]): Violation {
  const { estate } = input;
  const groupsUnseen = estate.gaps.some((gap) => gap.slice === 'groupMembers' && gap.harmless !== true);
  const deleted = estate.directory.deleted.get(old);
  return {
    rule: recreatedIdentity.id,
    subject: identity.resourceId,
    aspect: old,
    severity: 'high',
    confidence: by === 'same-name-and-host' || groupsUnseen ? 'possible' : 'likely',
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${identity.name} was re-created and lacks ${lacking.length === 1 ? 'a grant' : `${lacking.length} grants`} of its predecessor`,
    message: [
      `${nameOf(principalRef(input, identity.principalId))} took the place of principal ${old} (${text}).`,
      `The old principal still holds ${lacking.map((each) => describe(input, each)).join(', ')}; the new one holds none of ${lacking.length === 1 ? 'it' : 'them'}, so what runs under it is refused there.`,
      ...(groupsUnseen ? ['Group memberships could not be read: it may hold them through a group.'] : []),
      ...(deleted === undefined
        ? []
        : [`The old principal is in the recycle bin since ${moment(deleted.deletedAt)}; restoring it does not help the new identity.`]),
    ].join(' '),
    evidence: [
      { label: 'old principal', value: `${old}: ${text}`, source: deleted === undefined ? 'resource-graph' : 'graph' },
      { label: 'present principal', value: identity.principalId, source: 'resource-graph' },
      ...lacking.map((each) => ({
        label: 'grant of the old principal',
        value: `${describe(input, each)} (${each.id})`,
        source: 'resource-graph' as const,
      })),
    ],
    fix: [
      ...lacking.map((each) => grantStep(`Give ${identity.name} ${describe(input, each)}.`, wantedGrant(identity, each))),
      { text: 'When the workload works again, delete the assignments of the old principal: orphaned-assignment has the commands.' },
    ],
    related: [old, ...lacking.map((each) => each.id)],
  };
}

const wantedGrant = (identity: Identity, { roleId, scopeId, condition }: Assignment) => ({
  principalId: identity.principalId,
  roleId,
  scopeId,
  condition,
});

const describe = (input: RuleInput, { roleId, scopeId }: Assignment): string =>
  `${input.access.roleOf(roleId)?.name ?? `role ${roleId}`} at ${placeName(input, scopeId)}`;

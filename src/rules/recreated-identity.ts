import type { Grant } from '../access/index.ts';
import * as az from '../remedy/az.ts';
import { moment, type Assignment, type Identity } from '../estate/index.ts';
import { ownAssignments } from './broad-grant.ts';
import { grantStep } from './grant-step.ts';
import { lackingPolicies, type LackingPolicy } from './lacking-policies.ts';
import { placeName } from './place-name.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { successionsOf, type Succession } from './successor.ts';
import { describePermissions } from './vault-roles.ts';
import type { Violation } from './violation.ts';

export const recreatedIdentity: Rule = {
  id: 'recreated-identity',
  title: 'Identity re-created without its grants',
  why: [
    'A managed identity that is deleted and made again under the same name gets a new principal id. Its role assignments stay with the old id: the workload gets 403 although "the role is there", and',
    'whoever cleans up the orphan removes the only record of what it may do. The same goes for entries in access policies of key vaults. Templates that name the assignment after the identity then fail with RoleAssignmentUpdateNotPermitted.',
  ].join('\n'),
  fix: 'Make each missing grant for the new principal first, watch the workload recover, and only then delete the assignments and access policies of the old one. In templates, name assignments after the principal id.',
  severity: 'high',
  confidence: 'likely',
  needs: {
    identities: 'each',
    roleAssignments: 'anywhere',
    roleDefinitions: 'hint',
    containers: 'hint',
    groupMembers: 'kept',
    vaults: 'kept',
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
      const policies = lackingPolicies(input, succession);
      if (lacking.length + policies.length > 0) yield violation(input, succession, lacking, policies);
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

function violation(
  input: RuleInput,
  { old, identity, by, text }: Succession,
  lacking: readonly Assignment[],
  policies: readonly LackingPolicy[],
): Violation {
  const { estate } = input;
  const groupsUnseen = estate.gaps.some((gap) => gap.slice === 'groupMembers' && gap.harmless !== true);
  const deleted = estate.directory.deleted.get(old);
  const count = lacking.length + policies.length;
  const held = [...lacking.map((each) => describe(input, each)), ...policies.map(describePolicy)];
  return {
    rule: recreatedIdentity.id,
    subject: identity.resourceId,
    aspect: old,
    severity: 'high',
    confidence: by === 'same-name-and-host' || groupsUnseen ? 'possible' : 'likely',
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${identity.name} was re-created and lacks ${count === 1 ? 'a grant' : `${count} grants`} of its predecessor`,
    message: [
      `${nameOf(principalRef(input, identity.principalId))} took the place of principal ${old} (${text}).`,
      `The old principal still holds ${held.join(', ')}; the new one holds none of ${count === 1 ? 'it' : 'them'}, so what runs under it is refused there.`,
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
      ...policies.map((each) => ({ label: 'entry of the old principal', value: describePolicy(each), source: 'resource-graph' as const })),
    ],
    fix: [
      ...lacking.map((each) => grantStep(`Give ${identity.name} ${describe(input, each)}.`, wantedGrant(identity, each))),
      ...policies.map((each) =>
        az.step(`Give ${identity.name} ${describePolicy(each)}.`, az.setVaultPolicy(each.vault.id, identity.principalId, each.permissions)),
      ),
      {
        text: `When the workload works again, delete what the old principal holds: ${[...(lacking.length > 0 ? ['orphaned-assignment'] : []), ...(policies.length > 0 ? ['orphaned-vault-policy'] : [])].join(' and ')} ${lacking.length > 0 && policies.length > 0 ? 'have' : 'has'} the commands.`,
      },
    ],
    related: [old, ...lacking.map((each) => each.id), ...policies.map(({ vault }) => vault.id)],
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

const describePolicy = ({ vault, permissions }: LackingPolicy): string =>
  `an access policy on ${vault.name} (${describePermissions(permissions)})`;

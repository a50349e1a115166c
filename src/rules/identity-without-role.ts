import * as az from '../remedy/az.ts';
import { indexOf } from './estate-index.ts';
import { isJustMade } from './identity-age.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { PrincipalId } from '../estate/index.ts';

export const identityWithoutRole: Rule = {
  id: 'identity-without-role',
  title: 'Identity that can do nothing',
  why: [
    'This identity can get tokens, and nothing that we can see lets it do anything with them: no role assignment, no group that has one, no access policy, no application permission, no directory role. Often a grant was',
    'forgotten in a deployment and the workload fails quietly; as often the identity is simply left over.',
    '',
    'What Azure does not list cannot be ruled out: users in SQL and PostgreSQL databases, native roles of Cosmos DB, and your own APIs that only ask who is calling.',
  ].join('\n'),
  fix: 'Ask its owner whether the workload works. Make the grant it lacks, or turn the identity off.',
  severity: 'info',
  confidence: 'possible',
  needs: {
    identities: 'each',
    roleAssignments: 'whole',
    groupMembers: 'whole',
    vaults: 'whole',
    appRoleGrants: 'whole',
    directoryRoles: 'whole',
    principals: 'hint',
  },
  controls: ['MCSB IM-3', 'NIST 800-53 r5 AC-2(3)', 'NIST 800-53 r5 IA-4'],
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
  ],
  *judge(input) {
    const { assignments } = input.access;
    const held = holders(input);
    for (const identity of input.estate.identities) {
      if (assignments.hasAny(identity.principalId) || held.has(identity.principalId) || isJustMade(input, identity.principalId)) continue;
      const userAssigned = identity.kind === 'user-assigned';
      yield {
        rule: identityWithoutRole.id,
        // A host and the identity it carries share their ARM id: the principal tells two identities apart, and a re-created one from its predecessor.
        subject: identity.principalId,
        severity: 'info',
        confidence: 'possible',
        principal: principalRef(input, identity.principalId),
        scope: identity.resourceId,
        title: `${identity.name} can sign in and do nothing`,
        message: `The ${userAssigned ? 'user-assigned identity' : 'system-assigned identity of'} ${identity.name} has no role assignment, group with one, access policy, application permission of Microsoft Graph or directory role. Not visible here: database users, Cosmos DB native roles, and application permissions of other APIs, your own included.`,
        evidence: [
          { label: 'role assignments', value: 'none, nor through a group', source: 'resource-graph' },
          { label: 'access policies', value: 'none', source: 'resource-graph' },
          { label: 'application permissions of Microsoft Graph and directory roles', value: 'none, nor through a group', source: 'graph' },
        ],
        fix: [
          {
            text: 'If the workload needs something, make the smallest grant at the smallest scope, in the template that makes the identity.',
          },
          userAssigned
            ? az.step('If nothing needs it, delete it.', az.deleteIdentity(identity.resourceId))
            : az.step(
                'If nothing needs it, turn the system-assigned identity off on this resource; look at the resource first.',
                az.showResource(identity.resourceId),
              ),
        ],
        related: [identity.resourceId],
      };
    }
  },
};

/** Whoever may do something without an assignment of its own. */
function holders({ estate }: RuleInput): ReadonlySet<PrincipalId> {
  const held = new Set<PrincipalId>();
  // Groups in here hold an assignment, an access policy or a directory role; a member therefore does.
  for (const [principal, groups] of estate.memberships) if (groups.length > 0) held.add(principal);
  for (const principal of indexOf(estate).vaultsByPrincipal.keys()) held.add(principal);
  for (const { principalId } of estate.appRoleGrants) held.add(principalId);
  for (const { principalId } of estate.directoryRoles) held.add(principalId);
  return held;
}

import type { Identity, Slice } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { broadGrantsOf, describeGrants, ownAssignments } from './broad-grant.ts';
import { areCredentialsKnown, credentialsTrouble } from './credentials-known.ts';
import { indexOf } from './estate-index.ts';
import { isJustMade } from './identity-age.ts';
import { principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { scopeName } from './scope-name.ts';
import type { Evidence } from './violation.ts';

export const unattachedIdentity: Rule = {
  id: 'unattached-identity',
  title: 'User-assigned identity that nothing uses',
  why: [
    'A user-assigned identity lives until somebody deletes it. One that is attached to no resource and trusts no outside workload cannot be used by anything that exists, but whoever may attach it',
    '(`userAssignedIdentities/*/assign/action`, which every Contributor of its resource group has) gets all of its grants. With a broad grant it is a key left in a drawer.',
  ].join('\n'),
  fix: 'Ask its owner. Delete its role assignments, then the identity; or attach it to the workload it was made for.',
  severity: 'low',
  confidence: 'likely',
  needs: {
    identities: 'each',
    hosts: 'whole',
    federatedCredentials: 'each',
    roleAssignments: 'hint',
    roleDefinitions: 'hint',
    groupMembers: 'hint',
    principals: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.7', 'MCSB IM-3', 'MCSB PA-3', 'NIST 800-53 r5 AC-2(3)', 'NIST 800-53 r5 IA-4'],
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-manage-user-assigned-managed-identities',
  ],
  inconclusive: credentialsTrouble,
  *judge(input) {
    const kindsUnseen = areKindsUnseen(input);
    for (const identity of input.estate.identities) {
      if (identity.kind !== 'user-assigned' || !isUnattached(input, identity) || isJustMade(input, identity.principalId)) continue;
      if (indexOf(input.estate).credentialsByIdentity.has(identity.key) || !areCredentialsKnown(input, identity)) continue;
      const broad = broadGrantsOf(input, identity.principalId);
      const assignments = ownAssignments(input, identity.principalId);
      const isUnseen = (slice: Slice): boolean => input.estate.gaps.some((gap) => gap.slice === slice && gap.harmless !== true);
      yield {
        rule: unattachedIdentity.id,
        subject: identity.resourceId,
        severity: broad.length > 0 ? 'high' : 'low',
        confidence: kindsUnseen ? 'possible' : 'likely',
        principal: principalRef(input, identity.principalId),
        scope: identity.resourceId,
        title: `${identity.name} is attached to nothing${broad.length > 0 ? ' and holds a broad grant' : ''}`,
        message: [
          `${identity.name} in ${scopeName(identity.resourceId.replace(/\/providers\/.*$/i, ''))} is attached to no resource${kindsUnseen ? ' of the kinds that the auditor may read' : ''} and has no federated credential.`,
          broad.length > 0
            ? `It holds ${describeGrants(broad)}: whoever attaches it to something gets that.`
            : `It holds ${assignments.length === 0 ? 'no role assignment' : `${assignments.length} role ${assignments.length === 1 ? 'assignment' : 'assignments'}`}${isUnseen('roleAssignments') ? ' that we see; role assignments could not be read everywhere' : ''}${isUnseen('groupMembers') ? '; what it holds through groups could not be read' : ''}.`,
        ].join(' '),
        evidence: [
          noHosts(input),
          { label: 'federated credentials', value: 'none', source: 'arm' },
          ...broad.map((grant) => ({ label: 'broad grant', value: describeGrants([grant]), source: 'resource-graph' as const })),
        ],
        fix: [
          {
            text: `Ask the owner of the identity whether a workload that is down right now${kindsUnseen ? ', or a resource of a kind that the auditor may not read,' : ''} needs it.`,
          },
          ...assignments.map((each) => az.step(`Delete its assignment at ${scopeName(each.scopeId)}.`, az.deleteAssignment(each.id))),
          az.step('Delete the identity.', az.deleteIdentity(identity.resourceId)),
        ],
        related: broad.map(({ assignment }) => assignment.id),
      };
    }
  },
};

/** No resource of any kind lists it, in no place of its body. Shared with `dormant-door`. */
export const isUnattached = ({ estate }: RuleInput, identity: Identity): boolean => !indexOf(estate).hostsByAttached.has(identity.key);

/** A role of the auditor that names the kinds it reads hides hosts of other kinds: "nothing uses it" is then a question and no statement. */
export const areKindsUnseen = ({ estate }: RuleInput): boolean => estate.gaps.some((gap) => gap.slice === 'hosts');

export const noHosts = (input: RuleInput): Evidence => ({
  label: 'hosts',
  value: areKindsUnseen(input)
    ? 'none among the kinds of resources that the auditor may read'
    : 'none among all resources with an identity',
  source: 'resource-graph',
});

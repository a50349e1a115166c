import { resourceKey, type Principal, type ResourceKey } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { ownAssignments } from './broad-grant.ts';
import { indexOf, isPolicyAssignment, policyScope } from './estate-index.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { resourceGroupId, resourceName, scopeName, subscriptionId } from './scope-name.ts';
import type { Violation } from './violation.ts';

export const relictPolicyIdentity: Rule = {
  id: 'relict-policy-identity',
  title: 'Identity of an owner that no longer exists',
  why: [
    'A system-assigned identity lives and dies with its owner. Sometimes the owner goes and the service principal stays, most often with Azure Policy assignments that remediate: it then holds Contributor over a whole',
    'management group, and nobody is left who knows what for.',
    '',
    'The owner is read from the service principal itself (`alternativeNames`). It is called gone only where its kind of thing was visible in that very place: an owner in a subscription that',
    'the auditor cannot read is a gap, not a relict. A resource that was moved keeps its identity and is recognised by it.',
  ].join('\n'),
  fix: 'Check that the owner is gone, then delete the role assignments of the identity. The service principal itself disappears with its owner; where it did not, Microsoft support has to remove it.',
  severity: 'medium',
  confidence: 'likely',
  needs: {
    principals: 'each',
    policyAssignments: 'local',
    hosts: 'local',
    identities: 'local',
    containers: 'local',
    roleAssignments: 'each',
    roleDefinitions: 'hint',
    groupMembers: 'hint',
    assignmentConfirmations: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.7', 'MCSB PA-3', 'MCSB PA-4', 'NIST 800-53 r5 AC-2(3)'],
  references: [
    'https://learn.microsoft.com/azure/governance/policy/how-to/remediate-resources',
    'https://learn.microsoft.com/graph/api/resources/serviceprincipal',
    'https://github.com/JulianHayward/Azure-MG-Sub-Governance-Reporting',
  ],
  *judge(input) {
    for (const principal of input.estate.directory.found.values()) {
      if (principal.kind !== 'managed-identity' || principal.isExplicit === true || principal.resourceId === undefined) continue;
      const gone = goneBecause(input, principal, principal.resourceId);
      if (gone !== undefined) yield relict(input, principal, principal.resourceId, gone);
    }
  },
};

/** Why the owner is taken for gone, or undefined when it is there or when its place cannot be seen. */
function goneBecause(input: RuleInput, principal: Principal, ownerId: string): string | undefined {
  const { estate } = input;
  const index = indexOf(estate);
  const owner = resourceKey(ownerId);
  // Alive somewhere: the same principal id under another resource id is a resource that was moved.
  if (
    index.identityByPrincipal.has(principal.id) ||
    index.hostBySystemAssigned.has(principal.id) ||
    index.policyAssignmentByPrincipal.has(principal.id)
  )
    return undefined;
  if (index.hostByKey.has(owner) || index.identityByKey.has(owner)) return undefined;
  const confirmed = estate.confirmations.get(owner);
  if (confirmed === 'stands' || confirmed === 'unresolved') return undefined;
  if (isPolicyAssignment(owner)) return policyGone(input, owner);
  return resourceGone(input, owner, confirmed === 'gone');
}

function policyGone({ estate, access }: RuleInput, owner: ResourceKey): string | undefined {
  const index = indexOf(estate);
  if (index.policyAssignmentByKey.has(owner)) return undefined;
  const place = policyScope(owner);
  // A reader of one subscription sees the chain of management groups above it, not their policy assignments: another one up there is the proof of sight.
  const isSeen = place.startsWith('/providers/microsoft.management/')
    ? [...index.policyScopesAbove].some((other) => access.within(place, other))
    : index.containerByKey.has(resourceKey(subscriptionId(place) ?? 'unknown'));
  return isSeen ? `its Azure Policy assignment ${resourceName(owner)} is not among those of ${scopeName(place)}` : undefined;
}

function resourceGone({ estate }: RuleInput, owner: ResourceKey, confirmedGone: boolean): string | undefined {
  const index = indexOf(estate);
  const subscription = subscriptionId(owner);
  const group = resourceGroupId(owner);
  if (subscription === undefined || group === undefined || !index.containerByKey.has(resourceKey(subscription))) return undefined;
  if (confirmedGone) return 'ARM answers that its owner does not exist';
  if (!index.containerByKey.has(resourceKey(group))) return `the ${scopeName(group)} that held its owner is gone`;
  // Child resources and some types are not in Resource Graph at all: only a type that is seen elsewhere can be missed here.
  const type = /\/providers\/([^/]+\/[^/]+)\/[^/]+$/.exec(owner)?.[1];
  return type !== undefined && index.hostTypes.has(type)
    ? `its owner ${resourceName(owner)} is not among the resources of ${scopeName(group)}`
    : undefined;
}

function relict(input: RuleInput, principal: Principal, ownerId: string, gone: string): Violation {
  const { estate, access } = input;
  const grants = ownAssignments(input, principal.id);
  const ref = principalRef(input, principal.id);
  return {
    rule: relictPolicyIdentity.id,
    subject: principal.id,
    severity: grants.length > 0 ? 'medium' : 'low',
    confidence: estate.confirmations.get(resourceKey(ownerId)) === 'gone' ? 'certain' : 'likely',
    principal: { ...ref, kind: 'system-assigned' },
    scope: ownerId,
    title: `${ref.name === '' ? 'An identity' : ref.name} outlived its owner`,
    message: `${nameOf(ref)} is the system-assigned identity of ${ownerId}, and ${gone}. It still exists in the directory and holds ${grants.length === 0 ? 'no role assignment that we see' : `${grants.length} role ${grants.length === 1 ? 'assignment' : 'assignments'}`}.`,
    evidence: [
      { label: 'owner', value: `${ownerId} (servicePrincipal.alternativeNames)`, source: 'graph' },
      { label: 'why gone', value: gone, source: 'resource-graph' },
      ...grants.map((each) => ({
        label: 'grant',
        value: `${access.roleOf(each.roleId)?.name ?? each.roleId} at ${each.scopeId}`,
        source: 'resource-graph' as const,
      })),
    ],
    fix: [
      az.step('Check that the owner is gone: this should answer that it was not found.', az.showResource(ownerId)),
      ...grants.map((each) => az.step(`Then delete its assignment at ${scopeName(each.scopeId)}.`, az.deleteAssignment(each.id))),
    ],
    related: [ownerId, ...grants.map((each) => each.id)],
  };
}

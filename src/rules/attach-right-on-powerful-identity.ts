import type { Grant } from '../access/index.ts';
import type { Assignment, Identity, PrincipalId, ResourceKey, RoleId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { broadGrantsOf, describeGrants } from './broad-grant.ts';
import { indexOf } from './estate-index.ts';
import { heldGrantNeeds } from './held-grant.ts';
import { ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { scopeName } from './scope-name.ts';
import type { Severity, Violation } from './violation.ts';

export const attachRightOnPowerfulIdentity: Rule = {
  id: 'attach-right-on-powerful-identity',
  title: 'Others may act as an identity that holds a broad grant',
  why: [
    'Who may attach an identity to something of its own (`userAssignedIdentities/*/assign/action`), trust an outside token for it, or run code on its host, holds every grant of that identity without being named in any of them.',
    'These are the indirect owners of its broad grant. Here they are other workloads: break into one of them, and the broad grant is next.',
  ].join('\n'),
  fix: 'Narrow the broad grant. Where it must stay, move the identity and its host into a resource group of their own, on which nobody else may attach identities or run code.',
  severity: 'medium',
  confidence: 'certain',
  needs: { ...heldGrantNeeds, roleAssignments: 'anywhere', roleDefinitions: 'anywhere', hosts: 'anywhere', identities: 'anywhere' },
  controls: ['CIS 6.0.0 5.3.4', 'MCSB PA-1', 'MCSB PA-7', 'NIST 800-53 r5 AC-6', 'NIST 800-53 r5 AC-6(5)'],
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations#consider-the-effect-of-assigning-managed-identities-to-azure-resources-andor-granting-assign-permissions-to-a-user',
    'https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/identity#managed-identity-operator',
  ],
  *judge(input) {
    const attachers = attachersByScope(input);
    if (attachers.size === 0) return;
    for (const identity of input.estate.identities) {
      const broad = broadGrantsOf(input, identity.principalId);
      if (broad.length === 0) continue;
      const owners = indirectOwners(input, identity, broad, attachers);
      if (owners.size > 0) yield violation(input, identity, broad, owners);
    }
  },
};

interface Attacher {
  readonly principal: PrincipalId;
  readonly assignment: Assignment;
  /** Lower case. */
  readonly operations: readonly string[];
}

type Attachers = ReadonlyMap<ResourceKey, readonly Attacher[]>;

function attachersByScope({ estate, access }: RuleInput): Attachers {
  const operationsOf = new Map<RoleId, readonly string[]>();
  const found = new Map<ResourceKey, Attacher[]>();
  const add = (principal: PrincipalId, assignment: Assignment): void => {
    let operations = operationsOf.get(assignment.roleId);
    if (operations === undefined) {
      operations = (access.powerOf(assignment.roleId)?.attach ?? []).map((operation) => operation.toLowerCase());
      operationsOf.set(assignment.roleId, operations);
    }
    // A condition may keep it from exactly that; the rules of broad grants say what it leaves open.
    if (operations.length === 0 || assignment.condition !== undefined) return;
    const others = found.get(assignment.scope);
    if (others === undefined) found.set(assignment.scope, [{ principal, assignment, operations }]);
    else others.push({ principal, assignment, operations });
  };
  for (const assignment of estate.assignments) add(assignment.principalId, assignment);
  for (const member of estate.memberships.keys()) {
    for (const { assignment, groups } of access.grantsOf(member)) if (groups.length > 0) add(member, assignment);
  }
  return found;
}

/** So many candidates are examined for one identity; a place where more may attach anything is told by its other findings. */
const candidatesMax = 200;

function indirectOwners(
  input: RuleInput,
  identity: Identity,
  broad: readonly Grant[],
  attachers: Attachers,
): ReadonlyMap<PrincipalId, Assignment> {
  const owners = new Map<PrincipalId, Assignment>();
  const examined = new Set<PrincipalId>([identity.principalId]);
  for (const { key, operationsBegin } of waysIn(input, identity)) {
    for (const scope of input.access.chain(key)) {
      for (const { principal, assignment, operations } of attachers.get(scope) ?? []) {
        if (examined.size > candidatesMax) return owners;
        if (examined.has(principal) || !operations.some((operation) => operation.startsWith(operationsBegin))) continue;
        examined.add(principal);
        if (ofConcern(principalRef(input, principal), input.settings) && !holdsAlready(input, principal, broad))
          owners.set(principal, assignment);
      }
    }
  }
  return owners;
}

interface WayIn {
  readonly key: ResourceKey;
  readonly operationsBegin: string;
}

/** The identity itself, which can be attached or trusted, and every host on which code can be run as it. */
function waysIn({ estate }: RuleInput, identity: Identity): readonly WayIn[] {
  const index = indexOf(estate);
  const hosts =
    identity.kind === 'user-assigned'
      ? (index.hostsByAttached.get(identity.key) ?? []).map(({ host }) => host)
      : [index.hostByKey.get(identity.key)];
  return [
    ...(identity.kind === 'user-assigned' ? [{ key: identity.key, operationsBegin: 'microsoft.managedidentity/' }] : []),
    ...hosts.filter((host) => host !== undefined).map((host) => ({ key: host.key, operationsBegin: `${host.type}/` })),
  ];
}

/** Nothing is gained by acting as somebody who may do no more than oneself. */
function holdsAlready({ access }: RuleInput, principal: PrincipalId, broad: readonly Grant[]): boolean {
  const own = access.grantsOf(principal);
  return broad.every(({ assignment: wanted }) =>
    own.some(
      ({ assignment }) =>
        assignment.condition === undefined &&
        access.within(wanted.scope, assignment.scope) &&
        (assignment.roleId === wanted.roleId || access.covers(assignment.roleId, wanted.roleId)),
    ),
  );
}

const ownersNamed = 5;

const severityOf = (above: boolean, isNews: boolean): Severity => {
  if (!isNews) return 'low';
  return above ? 'high' : 'medium';
};

function violation(input: RuleInput, identity: Identity, broad: readonly Grant[], owners: ReadonlyMap<PrincipalId, Assignment>): Violation {
  // Who holds a broad grant of its own is named by the other rules already; the others are the news.
  const news = new Set([...owners.keys()].filter((id) => broadGrantsOf(input, id).length === 0));
  const named = [...owners]
    .sort(([a], [b]) => Number(news.has(b)) - Number(news.has(a)) || (a < b ? -1 : 1))
    .slice(0, ownersNamed)
    .map(([id, assignment]) => ({
      id,
      assignment,
      text: `${principalRef(input, id).name || id} (${input.access.roleOf(assignment.roleId)?.name ?? assignment.roleId} at ${scopeName(assignment.scopeId)})`,
    }));
  const above = broad.some(({ assignment }) => !assignment.scope.startsWith('/subscriptions/'));
  return {
    rule: attachRightOnPowerfulIdentity.id,
    subject: identity.principalId,
    severity: severityOf(above, news.size > 0),
    confidence: 'certain',
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${owners.size} other ${owners.size === 1 ? 'identity' : 'identities'} may act as ${identity.name}, which holds a broad grant`,
    message: `${identity.name} holds ${describeGrants(broad)}. ${named.map((owner) => owner.text).join(', ')}${owners.size > named.length ? ` and ${owners.size - named.length} more` : ''} may attach it, trust a token for it, or run code on its host, and hold that grant by way of it.`,
    evidence: [
      ...broad
        .slice(0, ownersNamed)
        .map((grant) => ({ label: 'broad grant', value: describeGrants([grant]), source: 'resource-graph' as const })),
      ...named.map((owner) => ({
        label: 'indirect owner',
        value: `${owner.text}, by ${owner.assignment.id}`,
        source: 'resource-graph' as const,
      })),
    ],
    fix: [
      { text: 'Narrow the broad grant first: then nobody gains anything here.' },
      az.step(
        'See who else reaches it, people included.',
        az.command('role assignment list', { scope: identity.resourceId, 'include-inherited': true }),
      ),
      {
        text: 'Where the grant must stay, move the identity and its host to a resource group of their own, and give these others a role that can neither attach identities nor run code there.',
      },
    ],
    related: named.flatMap((owner) => [owner.id, owner.assignment.id]),
  };
}

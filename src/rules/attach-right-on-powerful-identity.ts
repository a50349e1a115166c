import type { Access, Grant } from '../access/index.ts';
import { principalId, type Assignment, type Identity, type PrincipalId, type ResourceKey, type RoleId } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { opensIdentities } from './attach-scopes.ts';
import { broadGrants, broadGrantsOf, describeGrants, isStrongAndBroad } from './broad-grant.ts';
import { indexOf } from './estate-index.ts';
import { heldGrantNeeds } from './held-grant.ts';
import { placeName } from './place-name.ts';
import { judgedPrincipal, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
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
  // Who may attach an identity, and what broad grants those hold of their own, lies with others.
  reach: {
    assignments(input, isMine) {
      const opensMine = opensIdentities(input, isMine);
      return (assignment) => opensMine(assignment) || isStrongAndBroad(input, assignment);
    },
  },
  *judge(input) {
    const powerful = broadGrants(input);
    const opens = opensIdentities(input, (id) => powerful.has(principalId(id)));
    const attachers = attachersByScope(input, opens);
    if (attachers.size === 0) return;
    const { identityByPrincipal } = indexOf(input.estate);
    for (const [principal, broad] of powerful) {
      const identity = identityByPrincipal.get(principal);
      const owners = identity === undefined ? [] : indirectOwners(input, identity, broad, attachers);
      if (identity !== undefined && owners.length > 0) yield violation(input, identity, broad, owners);
    }
  },
};

interface Attacher {
  readonly principal: PrincipalId;
  readonly assignment: Assignment;
  /** Lower case, one list per role. */
  readonly operations: readonly string[];
}

type Attachers = ReadonlyMap<ResourceKey, readonly Attacher[]>;

/** By principal within a scope, so that it does not depend on the order of rows who is examined first. */
function attachersByScope(input: RuleInput, opens: (assignment: Assignment) => boolean): Attachers {
  const { estate, access } = input;
  const operationsOf = attachingRoles(access);
  const found = new Map<ResourceKey, Attacher[]>();
  const add = (principal: PrincipalId, assignment: Assignment, operations: readonly string[]): void => {
    // A condition may keep it from exactly that; the rules of broad grants say what it leaves open.
    if (assignment.condition !== undefined || !opens(assignment) || judgedPrincipal(input, principal) === undefined) return;
    const others = found.get(assignment.scope);
    if (others === undefined) found.set(assignment.scope, [{ principal, assignment, operations }]);
    else others.push({ principal, assignment, operations });
  };
  for (const [role, operations] of operationsOf)
    for (const assignment of access.assignments.byRole.get(role) ?? []) add(assignment.principalId, assignment, operations);
  for (const member of estate.memberships.keys()) {
    for (const { assignment, groups } of access.grantsOf(member)) {
      const operations = groups.length > 0 ? operationsOf.get(assignment.roleId) : undefined;
      if (operations !== undefined) add(member, assignment, operations);
    }
  }
  for (const attachers of found.values())
    attachers.sort((a, b) => compare(a.principal, b.principal) || compare(a.assignment.key, b.assignment.key));
  return found;
}

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function attachingRoles(access: Access): ReadonlyMap<RoleId, readonly string[]> {
  const found = new Map<RoleId, readonly string[]>();
  for (const role of access.assignments.byRole.keys()) {
    const operations = access.powerOf(role)?.attach ?? [];
    if (operations.length > 0)
      found.set(
        role,
        operations.map((operation) => operation.toLowerCase()),
      );
  }
  return found;
}

/** So many candidates are examined for one identity; a place where more may attach anything is told by its other findings. */
const candidatesMax = 200;

function indirectOwners(input: RuleInput, identity: Identity, broad: readonly Grant[], attachers: Attachers): readonly Attacher[] {
  const owners: Attacher[] = [];
  const examined = new Set<PrincipalId>([identity.principalId]);
  for (const [scope, begins] of waysIn(input, identity, attachers)) {
    const opens = new Map<readonly string[], boolean>();
    for (const attacher of attachers.get(scope) ?? []) {
      const { principal, operations } = attacher;
      if (!opens.has(operations))
        opens.set(
          operations,
          operations.some((operation) => begins.some((begin) => operation.startsWith(begin))),
        );
      if (opens.get(operations) !== true || examined.has(principal)) continue;
      if (examined.size > candidatesMax) return owners;
      examined.add(principal);
      if (!holdsAlready(input, principal, broad)) owners.push(attacher);
    }
  }
  return owners;
}

/**
 * Scopes with attachers at which a right opens the identity, each with how its operations begin there: the identity itself, which can be
 * attached or trusted, every host on which code can be run as it, and all that they lie in.
 */
function waysIn({ estate, access }: RuleInput, identity: Identity, attachers: Attachers): ReadonlyMap<ResourceKey, readonly string[]> {
  const { hostsByAttached, hostBySystemAssigned } = indexOf(estate);
  const own = identity.kind === 'user-assigned';
  const hosts = own ? (hostsByAttached.get(identity.key) ?? []) : [hostBySystemAssigned.get(identity.principalId)];
  const ways = new Map<ResourceKey, string[]>();
  const open = (key: ResourceKey, begin: string): void => {
    for (const scope of access.chain(key)) {
      const begins = ways.get(scope);
      if (begins === undefined) {
        if (attachers.has(scope)) ways.set(scope, [begin]);
      } else if (!begins.includes(begin)) begins.push(begin);
    }
  };
  if (own) open(identity.key, 'microsoft.managedidentity/');
  for (const host of hosts) if (host !== undefined) open(host.key, `${host.type}/`);
  return ways;
}

/** Nothing is gained by acting as somebody who may do no more than oneself. Only a broad grant holds what a broad grant holds. */
function holdsAlready(input: RuleInput, principal: PrincipalId, broad: readonly Grant[]): boolean {
  const own = broadGrantsOf(input, principal);
  return broad.every(({ assignment: wanted }) =>
    own.some(
      ({ assignment }) =>
        assignment.condition === undefined &&
        input.access.within(wanted.scope, assignment.scope) &&
        (assignment.roleId === wanted.roleId || input.access.covers(assignment.roleId, wanted.roleId)),
    ),
  );
}

const ownersNamed = 5;

const severityOf = (above: boolean, isNews: boolean): Severity => {
  if (!isNews) return 'low';
  return above ? 'high' : 'medium';
};

function violation(input: RuleInput, identity: Identity, broad: readonly Grant[], owners: readonly Attacher[]): Violation {
  // Who holds a broad grant of its own is named by the other rules already; the others are the news.
  const { news = [], known = [] } = Object.groupBy(owners, ({ principal }) =>
    broadGrantsOf(input, principal).length === 0 ? 'news' : 'known',
  );
  const byId = (some: readonly Attacher[]): readonly Attacher[] => some.toSorted((a, b) => compare(a.principal, b.principal));
  const named = [...byId(news), ...byId(known)].slice(0, ownersNamed).map(({ principal: id, assignment }) => ({
    id,
    assignment,
    text: `${principalRef(input, id).name || id} (${input.access.roleOf(assignment.roleId)?.name ?? assignment.roleId} at ${placeName(input, assignment.scopeId)})`,
  }));
  const above = broad.some(({ assignment }) => !assignment.scope.startsWith('/subscriptions/'));
  return {
    rule: attachRightOnPowerfulIdentity.id,
    subject: identity.principalId,
    severity: severityOf(above, news.length > 0),
    confidence: 'certain',
    principal: principalRef(input, identity.principalId),
    scope: identity.resourceId,
    title: `${owners.length} other ${owners.length === 1 ? 'identity' : 'identities'} may act as ${identity.name}, which holds a broad grant`,
    message: `${identity.name} holds ${describeGrants(broad)}. ${named.map((owner) => owner.text).join(', ')}${owners.length > named.length ? ` and ${owners.length - named.length} more` : ''} may attach it, trust a token for it, or run code on its host, and hold that grant by way of it.`,
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

import type { Estate, RoleDefinition, RoleId } from '../estate/index.ts';
import type { CollectRequest, EstateSource } from '../ports/index.ts';
import { areasOf, type Area } from './areas.ts';
import { blindSubscriptions, emptyTenant, outsideOfScope } from './blind-spots.ts';
import { callsBetween } from './calls.ts';
import type { Caller } from './caller.ts';
import type { AzureClients } from './clients.ts';
import { completeRoles } from './complete-roles.ts';
import { confirmAssignments } from './confirm-assignments.ts';
import { expectedSubscriptions, groupsOf, principalsToAsk, suspectsOf } from './follow-ups.ts';
import { growHeapSlowly } from './heap-growth.ts';
import { hiddenGroups } from './hidden-groups.ts';
import { ownSight } from './own-sight.ts';
import { principalLookUp, type PrincipalLookUp } from './look-up.ts';
import { readAssignments, type AssignmentReading } from './read-assignments.ts';
import { readContainers } from './read-containers.ts';
import { denyAssignmentsNotRead, readDenyAssignments } from './read-deny-assignments.ts';
import { readDirectory } from './read-directory.ts';
import { readDirectoryPower } from './read-directory-power.ts';
import { readFederatedCredentials, type FederatedLimits } from './read-federated-credentials.ts';
import { readMemberships } from './read-memberships.ts';
import { readPolicies, type PolicyReading } from './read-policies.ts';
import { readResources, type ResourceReading } from './read-resources.ts';
import { readRoles } from './read-roles.ts';
import { pool } from './row.ts';
import { subscriptionsSeen, withUnlisted } from './subscriptions-seen.ts';
import { listSubscriptions } from './subscription-list.ts';

export interface CollectOptions {
  /** The list of built-in roles that we ship, for what Azure does not show. */
  readonly builtInRole: (id: RoleId) => RoleDefinition | undefined;
  readonly limits?: Partial<CollectLimits>;
}

export interface CollectLimits extends FederatedLimits {
  /** Re-reads over ARM of assignments that look orphaned. */
  readonly confirmationsMax: number;
  /** Subscriptions asked for by id because Resource Graph does not show them. */
  readonly probesMax: number;
}

const defaultLimits: CollectLimits = { confirmationsMax: 2000, probesMax: 100, refreshesMin: 50, refreshesMax: 2000 };

/**
 * The tenant, read in one pass. On 200 subscriptions, 4,000 resource groups, 20,000 resources, 10,000 assignments and 3,000 principals that is
 * 33 calls (test/azure/calls.test.ts): Resource Graph one page per 1,000 rows (assignments 10, resources 5, containers 5, roles 1, policies 1),
 * ARM 1, Graph 4 for principals, 1 to 3 for the recycle bin, 1 per 20 groups, 2 for application permissions and directory roles; plus one per
 * identity whose federated credentials are read and one per suspected orphan. Nothing is asked per subscription: 2,000 of them cost 3 pages more.
 */
export function azureEstateSource(clients: AzureClients, options: CollectOptions): EstateSource {
  const limits = { ...defaultLimits, ...options.limits };
  return {
    async collect(request) {
      const letHeapGrow = growHeapSlowly();
      try {
        const before = clients.calls();
        const estate = await collect(clients, request, options.builtInRole, limits);
        return { estate, calls: callsBetween(before, clients.calls()) };
      } finally {
        letHeapGrow();
      }
    },
  };
}

async function collect(
  clients: AzureClients,
  request: CollectRequest,
  builtInRole: CollectOptions['builtInRole'],
  limits: CollectLimits,
): Promise<Estate> {
  const { now, scope, memory, progress } = request;
  const caller = await clients.caller();
  const areas = areasOf(scope);

  // Everything starts at once, and each follow-up question as soon as the rows it hangs on are there: while Resource Graph's quota refills,
  // Microsoft Graph and ARM are asked.
  const once = pool();
  const lookUp = principalLookUp(clients, once);
  const resources = readResources(clients, areas, progress, once);
  const assigned = readAssignments(clients, areas, progress, once, (id) => lookUp.add(id));
  const urgent = Promise.all([resources, readPolicies(clients, areas, progress), assigned]);
  const [[inventory, policies, granted], answers, federated, containers, roles, listing, power, denied] = await Promise.all([
    urgent,
    urgent.then((rows) => askDirectory(clients, lookUp, request, limits, caller, rows)),
    resources.then(({ identities }) => readFederatedCredentials(clients, identities, memory, now, limits)),
    readContainers(clients, areas, progress, urgent),
    readRolesOf(clients, areas, assigned, builtInRole, progress),
    listSubscriptions(clients),
    readDirectoryPower(clients),
    request.denyAssignmentsAt === undefined ? undefined : readDenyAssignments(clients, request.denyAssignmentsAt),
  ]);
  const { assignments } = granted;
  const { directory, identities } = answers;

  const hosts = [...inventory.hosts, ...policies.hosts];
  const whole = areas[0]?.kind === 'tenant';
  const resourceIds = [...hosts, ...inventory.vaults, ...inventory.clusters, ...inventory.workspaces].map(({ id }) => id);
  const seen = subscriptionsSeen(containers.containers, resourceIds, identities);
  const completed = withUnlisted(containers.containers, seen);
  const expected = expectedSubscriptions({ scope, whole, listed: listing.listed, memory, assignments, hosts, directory });
  const [blind, hidden] = await Promise.all([
    blindSubscriptions(clients, { seen, expected }, limits.probesMax),
    hiddenGroups(
      clients,
      { containers: containers.containers, hosts, identities, policyAssignments: policies.policyAssignments, resourceIds, directory, seen },
      limits.probesMax,
    ),
  ]);
  const nothing = seen.size === 0 && blind.length === 0 && assignments.length === 0;

  const estate: Estate = {
    tenantId: (caller.tenantId ?? containers.tenantId ?? '').toLowerCase(),
    collectedAt: now,
    containers: completed.containers,
    identities,
    hosts,
    assignments,
    roles: roles.roles,
    confirmations: answers.confirmations,
    ...(denied === undefined ? {} : { denyAssignments: denied.denyAssignments }),
    federatedCredentials: federated.credentials,
    policyAssignments: policies.policyAssignments,
    vaults: inventory.vaults,
    clusters: inventory.clusters,
    workspaces: inventory.workspaces,
    directory,
    memberships: answers.memberships,
    appRoleGrants: power.appRoleGrants,
    directoryRoles: power.directoryRoles,
    ...(caller.principalId === undefined ? {} : { auditorPrincipalId: caller.principalId }),
    gaps: [
      ...(nothing ? emptyTenant() : []),
      ...(whole ? [] : outsideOfScope(areas.flatMap((area) => area.scopes))),
      ...inventory.gaps,
      ...policies.gaps,
      ...containers.gaps,
      ...completed.gaps,
      ...granted.gaps,
      ...roles.gaps,
      ...listing.gaps,
      ...blind,
      ...hidden,
      ...answers.gaps,
      ...federated.gaps,
      ...power.gaps,
      ...(denied === undefined ? [denyAssignmentsNotRead] : denied.gaps),
    ],
  };
  return { ...estate, gaps: [...estate.gaps, ...ownSight(estate)] };
}

/** Roles as Resource Graph defines them, completed by those that assignments name besides. */
async function readRolesOf(
  clients: AzureClients,
  areas: readonly Area[],
  assigned: Promise<AssignmentReading>,
  builtInRole: CollectOptions['builtInRole'],
  progress: CollectRequest['progress'],
) {
  const defined = await readRoles(clients, areas, progress);
  const completed = await completeRoles(clients, defined.roles, (await assigned).roleDefinitionIds, builtInRole);
  return { roles: completed.roles, gaps: [...defined.gaps, ...completed.gaps] };
}

/** Who the principals of the first rows are, who is in their groups, and whether the assignments of missing ones still stand. */
async function askDirectory(
  clients: AzureClients,
  lookUp: PrincipalLookUp,
  { memory, principals, progress }: CollectRequest,
  limits: CollectLimits,
  caller: Caller,
  [resources, policies, { assignments }]: readonly [ResourceReading, PolicyReading, AssignmentReading],
) {
  const identities = [...resources.identities, ...policies.identities];
  const { directory, gaps } = await readDirectory(clients, lookUp, {
    principals: new Map([
      ...(principals ?? []).map((id) => [id, ''] as const),
      ...principalsToAsk(assignments, resources.vaults, (caller.tenantId ?? '').toLowerCase()),
    ]),
    alive: new Set(identities.map((identity) => identity.principalId)),
    auditor: caller.principalId,
  });
  progress(`Microsoft Graph: ${directory.found.size} of ${directory.asked.size} principals found`);
  const [members, confirmed] = await Promise.all([
    readMemberships(clients, groupsOf(assignments, directory, principals)),
    confirmAssignments(clients, suspectsOf(assignments, directory), memory.missing, limits.confirmationsMax),
  ]);
  const { memberships } = members;
  const { confirmations } = confirmed;
  return { identities, directory, memberships, confirmations, gaps: [...gaps, ...members.gaps, ...confirmed.gaps] };
}

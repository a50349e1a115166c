import type { Estate, Gap, RoleDefinition, RoleId } from '../estate/index.ts';
import type { CollectRequest, EstateSource } from '../ports/index.ts';
import { areasOf, type Area } from './areas.ts';
import { blindSubscriptions, emptyTenant, outsideOfScope } from './blind-spots.ts';
import { callsBetween } from './calls.ts';
import type { AzureClients } from './clients.ts';
import { completeRoles } from './complete-roles.ts';
import { confirmAssignments } from './confirm-assignments.ts';
import { expectedSubscriptions, groupsOf, principalsToAsk, suspectsOf } from './follow-ups.ts';
import { readAssignments } from './read-assignments.ts';
import { readContainers } from './read-containers.ts';
import { denyAssignmentsNotRead, readDenyAssignments } from './read-deny-assignments.ts';
import { readDirectory } from './read-directory.ts';
import { readDirectoryPower } from './read-directory-power.ts';
import { readFederatedCredentials, type FederatedLimits } from './read-federated-credentials.ts';
import { readMemberships } from './read-memberships.ts';
import { readPolicies } from './read-policies.ts';
import { readResources } from './read-resources.ts';
import { readRoles } from './read-roles.ts';
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
 * The tenant, read in one pass. Calls on a tenant of 200 subscriptions, 4,000 resource groups, 20,000 resources, 10,000 assignments and 3,000
 * principals: Resource Graph 1 page per 1,000 rows (resources with an identity up to 20, assignments 10, containers 1 to 5, role definitions 1,
 * policies 1), ARM 1, Graph 3 for principals, 1 to 3 for the recycle bin, 1 per 20 groups, 2 for application permissions and directory roles;
 * plus 1 per identity whose federated credentials are read and 1 per suspected orphan. None of it grows with the number of subscriptions.
 */
export function azureEstateSource(clients: AzureClients, options: CollectOptions): EstateSource {
  const limits = { ...defaultLimits, ...options.limits };
  return {
    async collect(request) {
      const before = clients.calls();
      const estate = await collect(clients, request, options.builtInRole, limits);
      return { estate, calls: callsBetween(before, clients.calls()) };
    },
  };
}

async function collect(clients: AzureClients, request: CollectRequest, builtInRole: CollectOptions['builtInRole'], limits: CollectLimits): Promise<Estate> {
  const { now, scope, memory, progress } = request;
  const caller = await clients.caller();
  const areas = areasOf(scope);

  const [inventory, policies, containers, granted, listing, power, denied] = await Promise.all([
    readInventory(clients, areas, request, limits),
    readPolicies(clients, areas, progress),
    readContainers(clients, areas, progress),
    readGrants(clients, areas, builtInRole, progress),
    listSubscriptions(clients),
    readDirectoryPower(clients),
    request.denyAssignmentsAt === undefined ? undefined : readDenyAssignments(clients, request.denyAssignmentsAt),
  ]);
  const tenantId = (caller.tenantId ?? containers.tenantId ?? '').toLowerCase();
  const identities = [...inventory.identities, ...policies.identities];
  const { assignments } = granted;

  const { directory, gaps: directoryGaps } = await readDirectory(clients, {
    principals: principalsToAsk(assignments, inventory.vaults, tenantId),
    alive: new Set(identities.map((identity) => identity.principalId)),
    auditor: caller.principalId,
  });
  progress(`Microsoft Graph: ${directory.found.size} of ${directory.asked.size} principals found`);
  const [memberships, confirmed] = await Promise.all([
    readMemberships(clients, groupsOf(assignments, directory)),
    confirmAssignments(clients, suspectsOf(assignments, directory), memory.missing, limits.confirmationsMax),
  ]);

  const hosts = [...inventory.hosts, ...policies.hosts];
  const whole = areas[0]?.kind === 'tenant';
  const seen = subscriptionsSeen(containers.containers, [...hosts, ...inventory.vaults, ...inventory.clusters, ...inventory.workspaces].map(({ id }) => id), identities);
  const completed = withUnlisted(containers.containers, seen);
  const expected = expectedSubscriptions({ scope, whole, listed: listing.listed, memory, assignments, hosts, directory });
  const blind = await blindSubscriptions(clients, { seen, expected }, limits.probesMax);
  const nothing = seen.size === 0 && blind.length === 0 && assignments.length === 0;

  return {
    tenantId,
    collectedAt: now,
    containers: completed.containers,
    identities,
    hosts,
    assignments,
    roles: granted.roles,
    confirmations: confirmed.confirmations,
    ...(denied === undefined ? {} : { denyAssignments: denied.denyAssignments }),
    federatedCredentials: inventory.credentials,
    policyAssignments: policies.policyAssignments,
    vaults: inventory.vaults,
    clusters: inventory.clusters,
    workspaces: inventory.workspaces,
    directory,
    memberships: memberships.memberships,
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
      ...listing.gaps,
      ...blind,
      ...directoryGaps,
      ...memberships.gaps,
      ...confirmed.gaps,
      ...power.gaps,
      ...(denied === undefined ? [denyAssignmentsNotRead] : denied.gaps),
    ],
  };
}

/** Resources, then the federated credentials of the identities among them. */
async function readInventory(clients: AzureClients, areas: readonly Area[], { now, memory, progress }: CollectRequest, limits: CollectLimits) {
  const resources = await readResources(clients, areas, progress);
  const federated = await readFederatedCredentials(clients, resources.identities, memory, now, limits);
  return { ...resources, credentials: federated.credentials, gaps: [...resources.gaps, ...federated.gaps] };
}

/** Assignments and the roles they name. */
async function readGrants(clients: AzureClients, areas: readonly Area[], builtInRole: CollectOptions['builtInRole'], progress: (line: string) => void) {
  const [granted, defined] = await Promise.all([readAssignments(clients, areas, progress), readRoles(clients, areas, progress)]);
  const completed = await completeRoles(clients, defined.roles, granted.roleDefinitionIds, builtInRole);
  const gaps: readonly Gap[] = [...granted.gaps, ...defined.gaps, ...completed.gaps];
  return { assignments: granted.assignments, roles: completed.roles, gaps };
}

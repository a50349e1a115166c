import { principalId, type Assignment, type Estate, type RoleDefinition, type RoleId } from '../estate/index.ts';
import type { CollectRequest } from '../ports/index.ts';
import { areasOf, type Area } from './areas.ts';
import { blindSubscriptions, emptyTenant, outsideOfScope, unplannedSubscriptions } from './blind-spots.ts';
import type { Caller } from './caller.ts';
import type { AzureClients } from './clients.ts';
import { completeRoles } from './complete-roles.ts';
import { confirmAssignments } from './confirm-assignments.ts';
import { expectedSubscriptions, groupsOf, isSuspect, principalsToAsk } from './follow-ups.ts';
import { hiddenAssignments } from './hidden-assignments.ts';
import { hiddenGroups } from './hidden-groups.ts';
import { ownSight } from './own-sight.ts';
import type { PrincipalLookUp } from './look-up.ts';
import type { AssignmentReading } from './read-assignments.ts';
import { readContainers } from './read-containers.ts';
import { denyAssignmentsNotRead, readDenyAssignments } from './read-deny-assignments.ts';
import { readDirectory } from './read-directory.ts';
import { readDirectoryPower } from './read-directory-power.ts';
import { readFederatedCredentials, type FederatedLimits } from './read-federated-credentials.ts';
import { readMemberships } from './read-memberships.ts';
import { readNativeRoles } from './read-native-roles.ts';
import type { PolicyReading } from './read-policies.ts';
import type { ResourceReading } from './read-resources.ts';
import { readRoles } from './read-roles.ts';
import { subscriptionsSeen, withUnlisted } from './subscriptions-seen.ts';
import { listSubscriptions } from './subscription-list.ts';

export interface CollectLimits extends FederatedLimits {
  /** Re-reads over ARM of assignments that look orphaned. */
  readonly confirmationsMax: number;
  /** Subscriptions asked for by id because Resource Graph does not show them. */
  readonly probesMax: number;
}

/** The rows of a tenant that the other questions hang on: while they are still being read, or of shards that were read before. */
export interface ReadRows {
  readonly resources: Promise<ResourceReading>;
  readonly policies: Promise<PolicyReading>;
  /** All of them, or enough to stand for all: one for each principal and for each area. */
  readonly assigned: Promise<AssignmentReading>;
  /** Of all assignments those. */
  pick(wanted: (assignment: Assignment) => boolean): Promise<readonly Assignment[]>;
  /** Subscriptions that were read (lower-case GUIDs); undefined: all there are. */
  readonly subscriptions: ReadonlySet<string> | undefined;
}

export interface Surroundings {
  readonly rows: ReadRows;
  /** Has been told the principals that came so far. */
  readonly lookUp: PrincipalLookUp;
  readonly builtInRole: (id: RoleId) => RoleDefinition | undefined;
  readonly limits: CollectLimits;
}

/** What is known once for the tenant, around its rows, and the estate of both. */
export async function collectAround(
  clients: AzureClients,
  request: CollectRequest,
  { rows, lookUp, builtInRole, limits }: Surroundings,
): Promise<Estate> {
  const { now, scope, memory, progress } = request;
  const caller = await clients.caller();
  const areas = areasOf(scope);

  // Each follow-up question goes out as soon as the rows it hangs on are there: while Resource Graph's quota refills, Microsoft Graph and ARM are asked.
  const { resources, assigned } = rows;
  const urgent = Promise.all([resources, rows.policies, assigned]);
  const directoryPower = readDirectoryPower(clients);
  const [[inventory, policies, granted], answers, federated, containers, roles, listing, power, denied, native] = await Promise.all([
    urgent,
    Promise.all([urgent, directoryPower]).then(([read, { directoryRoles }]) =>
      askDirectory(clients, request, { rows, lookUp, limits, caller, read, directoryRoles }),
    ),
    resources.then(({ identities }) => readFederatedCredentials(clients, identities, memory, now, limits)),
    readContainers(clients, areas, progress, urgent),
    readRolesOf(clients, areas, assigned, builtInRole, progress),
    listSubscriptions(clients),
    directoryPower,
    request.denyAssignmentsAt === undefined ? undefined : readDenyAssignments(clients, request.denyAssignmentsAt),
    readNativeRoles(clients, request.denyAssignmentsAt ?? []),
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
    ...(native.nativeRoleAssignments === undefined ? {} : { nativeRoleAssignments: native.nativeRoleAssignments }),
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
      ...unplannedSubscriptions(completed.containers, rows.subscriptions),
      ...blind,
      ...hidden,
      ...answers.gaps,
      ...federated.gaps,
      ...power.gaps,
      ...(denied === undefined ? [denyAssignmentsNotRead] : denied.gaps),
      ...native.gaps,
    ],
  };
  const own = caller.principalId === undefined ? [] : await rows.pick(heldBy(caller.principalId, estate));
  const hiddenGrants = await hiddenAssignments(clients, estate, { seen, own }, limits.probesMax);
  return {
    ...estate,
    gaps: [...estate.gaps, ...hiddenGrants, ...ownSight({ ...estate, assignments: withThose(assignments, own) })],
  };
}

/** Roles as Resource Graph defines them, completed by those that assignments name besides. */
async function readRolesOf(
  clients: AzureClients,
  areas: readonly Area[],
  assigned: Promise<AssignmentReading>,
  builtInRole: Surroundings['builtInRole'],
  progress: CollectRequest['progress'],
) {
  const defined = await readRoles(clients, areas, progress);
  const completed = await completeRoles(clients, defined.roles, (await assigned).roleDefinitionIds, builtInRole);
  return { roles: completed.roles, gaps: [...defined.gaps, ...completed.gaps] };
}

/** Who the principals of the first rows are, who is in their groups, and whether the assignments of missing ones still stand. */
async function askDirectory(
  clients: AzureClients,
  { memory, principals, progress }: CollectRequest,
  {
    rows,
    lookUp,
    limits,
    caller,
    read: [resources, policies, { assignments }],
    directoryRoles,
  }: Pick<Surroundings, 'rows' | 'lookUp' | 'limits'> & {
    readonly caller: Caller;
    readonly read: readonly [ResourceReading, PolicyReading, AssignmentReading];
    readonly directoryRoles: Estate['directoryRoles'];
  },
) {
  const identities = [...resources.identities, ...policies.identities];
  // A group may hold a directory role or stand in an access policy without any assignment.
  const besides = [
    ...(principals ?? []),
    ...directoryRoles.map(({ principalId: holder }) => holder),
    ...resources.vaults.flatMap((vault) => vault.policies.map(({ objectId }) => objectId)),
  ];
  const { directory, gaps } = await readDirectory(clients, lookUp, {
    principals: new Map([
      ...(principals ?? []).map((id) => [id, ''] as const),
      ...directoryRoles.map(({ principalId: holder }) => [holder, ''] as const),
      ...principalsToAsk(assignments, resources.vaults, (caller.tenantId ?? '').toLowerCase()),
    ]),
    alive: new Set(identities.map((identity) => identity.principalId)),
    auditor: caller.principalId,
  });
  progress(`Microsoft Graph: ${directory.found.size} of ${directory.asked.size} principals found`);
  const [members, confirmed] = await Promise.all([
    readMemberships(clients, groupsOf(assignments, directory, besides)),
    rows.pick(isSuspect(directory)).then((suspects) => confirmAssignments(clients, suspects, memory.missing, limits.confirmationsMax)),
  ]);
  const { memberships } = members;
  const { confirmations } = confirmed;
  return { identities, directory, memberships, confirmations, gaps: [...gaps, ...members.gaps, ...confirmed.gaps] };
}

/** Held by the auditor, itself or through a group. */
function heldBy(auditor: string, { memberships }: Pick<Estate, 'memberships'>): (assignment: Assignment) => boolean {
  const holder = principalId(auditor);
  const holders = new Set([holder, ...(memberships.get(holder) ?? [])]);
  return (assignment) => holders.has(assignment.principalId);
}

function withThose(assignments: readonly Assignment[], own: readonly Assignment[]): readonly Assignment[] {
  const ids = new Set(own.map(({ key }) => key));
  return [...assignments.filter(({ key }) => !ids.has(key)), ...own];
}

import { hostKinds, type HostName } from '../host-kinds.ts';
import type { ManagementGroup, ResourceGroup, Subscription } from '../rows/container.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import { seeded, type Seeded } from '../seeded.ts';
import type { TenantSize } from './tenant-size.ts';

/** Who a principal number belongs to. */
export type PlannedPrincipal =
  | { readonly kind: 'user-assigned'; readonly number: number; readonly id: string }
  | { readonly kind: 'system-assigned'; readonly number: number; readonly id: string }
  | { readonly kind: 'application' | 'user' | 'group'; readonly number: number; readonly id: string };

/**
 * A sized tenant, computed instead of kept: everything follows from its number, so that a million rows need no memory. Numbers of
 * resources run: user-assigned identities, hosts with a system-assigned identity, hosts with a user-assigned one, and the rest.
 */
export interface TenantPlan {
  readonly size: TenantSize;
  readonly seeded: Seeded;
  readonly tenantId: string;
  /** `customerId` of the one workspace that logs go to. */
  readonly workspaceId: string;
  readonly managementGroups: readonly ManagementGroup[];
  readonly subscriptions: readonly Subscription[];
  readonly groupCount: number;
  readonly systemAssignedHosts: number;
  readonly userAssignedHosts: number;
  group(number: number): ResourceGroup;
  identity(number: number): ManagedIdentity;
  /** Number of the identity that the host of that number, counted from the first one with a user-assigned identity, has attached. */
  attachedIdentity(number: number): number;
  host(number: number): PlannedHost;
  /** The identity of the host of that number; only the first `systemAssignedHosts` have one. */
  systemIdentity(number: number): ManagedIdentity;
  /** A resource that roles are assigned at: storage account, vault, namespace, disk, … */
  target(number: number): PlannedTarget;
  readonly targets: number;
  principal(number: number): PlannedPrincipal;
}

export interface PlannedHost {
  readonly kind: HostName;
  readonly id: string;
  readonly name: string;
  readonly group: ResourceGroup;
}

export interface PlannedTarget {
  readonly type: string;
  /** Built-in roles that fit it. */
  readonly roles: readonly string[];
  readonly id: string;
  readonly name: string;
}

export function planTenant(size: TenantSize): TenantPlan {
  const from = seeded(size.seed);
  const tenantId = from.guid('tenant', size.subscriptions);
  const managementGroups = plannedManagementGroups(size, tenantId);
  const subscriptions = Array.from({ length: size.subscriptions }, (_, number): Subscription => {
    const subscriptionId = from.guid('subscription', number);
    const name = `sub-${from.pick(units, 'unit', number)}-${number % 3 === 0 ? 'dev' : 'prod'}-${pad(number)}`;
    return {
      id: `/subscriptions/${subscriptionId}`,
      subscriptionId,
      name,
      managementGroup: managementGroups[number % managementGroups.length]!,
    };
  });
  const groupCount = size.subscriptions * size.resourceGroupsPerSubscription;
  const group = (number: number): ResourceGroup => {
    const subscription = subscriptions[number % subscriptions.length]!;
    const name = `rg-${apps[number % apps.length]!}-${pad(number)}`;
    return { id: `${subscription.id}/resourceGroups/${name}`, name, subscription };
  };

  // One principal in fifty is a group, one in ten a user, one in twelve an application; the rest are managed identities.
  const groups = Math.floor(size.principals / 50);
  const users = Math.floor(size.principals / 10);
  const applications = Math.floor(size.principals / 12);
  const people = groups + users + applications;
  const roomForHosts = Math.max(0, size.resources - size.identities);
  const systemAssignedHosts = Math.min(roomForHosts, Math.max(0, size.principals - people - size.identities));
  const userAssignedHosts = Math.min(roomForHosts - systemAssignedHosts, Math.ceil(size.identities * 1.5));
  const targets = roomForHosts - systemAssignedHosts - userAssignedHosts;

  /** Every twentieth identity is left over; the hosts of the others stand in their identity's group, but for one in twenty-five. */
  const attachedIdentity = (number: number): number => {
    const identity = number % Math.max(1, size.identities);
    return identity % 20 === 19 ? identity - 1 : identity;
  };
  const host = (number: number): PlannedHost => {
    const kind = hostNames[number % hostNames.length]!;
    const beyond = number - systemAssignedHosts;
    const home = group((beyond >= 0 && beyond % 25 !== 24 ? attachedIdentity(beyond) : number) % groupCount);
    const name = `${kind.toLowerCase()}-${apps[number % apps.length]!}-${pad(number)}`;
    return { kind, id: `${home.id}/providers/${hostKinds[kind].type}/${name}`, name, group: home };
  };
  return {
    size,
    seeded: from,
    tenantId,
    workspaceId: from.guid('workspace'),
    managementGroups,
    subscriptions,
    groupCount,
    systemAssignedHosts,
    userAssignedHosts,
    targets,
    group,
    host,
    attachedIdentity,
    systemIdentity(number) {
      const { id, name } = host(number);
      return { kind: 'system-assigned', id, name, principalId: from.guid('system', number), clientId: from.guid('system client', number) };
    },
    identity(number) {
      const home = group(number % groupCount);
      const name = `id-${apps[number % apps.length]!}-${pad(number)}`;
      const id = `${home.subscription.id}/resourcegroups/${home.name}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
      return {
        kind: 'user-assigned',
        id,
        name,
        principalId: from.guid('identity', number),
        clientId: from.guid('identity client', number),
      };
    },
    target(number) {
      const [type, roles] = targetTypes[number % targetTypes.length]!;
      const name = `${type.slice(type.lastIndexOf('/') + 1, type.lastIndexOf('/') + 4).toLowerCase()}${apps[number % apps.length]!}${pad(number)}`;
      return { type, name, roles, id: `${group(number % groupCount).id}/providers/${type}/${name}` };
    },
    principal(number) {
      let rest = number;
      if (rest < size.identities) return { kind: 'user-assigned', number: rest, id: from.guid('identity', rest) };
      rest -= size.identities;
      if (rest < systemAssignedHosts) return { kind: 'system-assigned', number: rest, id: from.guid('system', rest) };
      rest -= systemAssignedHosts;
      if (rest < applications) return { kind: 'application', number: rest, id: from.guid('application', rest) };
      rest -= applications;
      if (rest < users) return { kind: 'user', number: rest, id: from.guid('user', rest) };
      rest = (rest - users) % Math.max(1, groups);
      return { kind: 'group', number: rest, id: from.guid('group', rest) };
    },
  };
}

/** A tree of four children a node below the tenant's root group: never deeper than Azure's six levels. */
function plannedManagementGroups(size: TenantSize, tenantId: string): readonly ManagementGroup[] {
  const made: ManagementGroup[] = [{ id: managementGroupId(tenantId), name: tenantId, displayName: 'Tenant Root Group' }];
  for (let number = 1; number < Math.max(1, size.managementGroups); number++) {
    const name = `mg-${units[number % units.length]!}-${number}`;
    made.push({ id: managementGroupId(name), name, displayName: name, parent: made[Math.floor((number - 1) / 4)] });
  }
  return made;
}

const managementGroupId = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;
const pad = (number: number): string => String(number).padStart(5, '0');
const units = ['corp', 'online', 'platform', 'retail', 'logistics', 'finance', 'research', 'shared'] as const;
const apps = [
  'storefront',
  'payments',
  'ledger',
  'catalog',
  'basket',
  'loyalty',
  'shipping',
  'search',
  'notifications',
  'returns',
  'pricing',
  'reporting',
] as const;
const hostNames = [
  'webApp',
  'functionApp',
  'virtualMachine',
  'containerApp',
  'logicApp',
  'containerJob',
  'dataFactory',
  'cluster',
] as const satisfies readonly HostName[];
/** What stands about in a tenant, in about the proportions it does, and the roles that one assigns there. */
const targetTypes: readonly (readonly [type: string, roles: readonly string[]])[] = [
  [
    'Microsoft.Storage/storageAccounts',
    ['Storage Blob Data Contributor', 'Storage Blob Data Reader', 'Storage Queue Data Contributor', 'Storage Table Data Contributor'],
  ],
  ['Microsoft.Network/networkInterfaces', ['Reader', 'Network Contributor']],
  ['Microsoft.Compute/disks', ['Reader']],
  ['Microsoft.KeyVault/vaults', ['Key Vault Secrets User', 'Key Vault Crypto User', 'Key Vault Reader']],
  ['Microsoft.Storage/storageAccounts', ['Storage Blob Data Contributor', 'Storage Blob Data Reader']],
  ['Microsoft.ServiceBus/namespaces', ['Azure Service Bus Data Sender', 'Azure Service Bus Data Receiver']],
  ['Microsoft.Network/networkInterfaces', ['Reader']],
  ['Microsoft.EventHub/namespaces', ['Azure Event Hubs Data Sender', 'Azure Event Hubs Data Receiver']],
  ['Microsoft.Compute/disks', ['Disk Snapshot Contributor']],
  ['Microsoft.ContainerRegistry/registries', ['AcrPull', 'AcrPush']],
  ['Microsoft.Storage/storageAccounts', ['Storage Blob Data Reader', 'Storage Account Contributor']],
  ['Microsoft.Sql/servers', ['Reader', 'Contributor']],
];

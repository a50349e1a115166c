import { armKey, managementGroupPrefix } from './arm-id.ts';
import { armObject } from './arm-object.ts';
import type { ArmRequest } from './arm.ts';
import { Failure, notInSandbox } from './failure.ts';
import type { Reply } from './http.ts';
import type { Inventory } from './inventory.ts';
import { textAt, valueAt, type JsonObject } from './json.ts';
import { pageOf } from './paging.ts';
import type { World } from './world.ts';

const sizes = { usual: 1000, max: 1000 };

/** Tenants, management groups, subscriptions and resource groups. */
export function containers(world: World, inventory: Inventory): (request: ArmRequest) => Reply | undefined {
  return ({ call, path, key }) => {
    const subscription = /^\/subscriptions\/([^/]+)$/.exec(key)?.[1];
    const group = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(key);
    const groups = /^(\/subscriptions\/([^/]+))\/resourcegroups$/.exec(key);
    const management = key === managementGroupPrefix.slice(0, -1);
    const managementGroup = key.startsWith(managementGroupPrefix) && !key.slice(managementGroupPrefix.length).includes('/');
    if (
      key !== '/tenants' &&
      key !== '/subscriptions' &&
      subscription === undefined &&
      !group &&
      groups === null &&
      !management &&
      !managementGroup
    )
      return undefined;
    if (call.method !== 'GET') throw notInSandbox(`${call.method} ${path}`);
    for (const option of ['$filter', '$expand']) if (call.query.has(option)) throw notInSandbox(`${option} on ${path}`);

    const list = (values: readonly unknown[]): Reply => {
      const { items, nextLink } = pageOf(call, values, sizes);
      return { status: 200, body: { value: items, ...(nextLink === undefined ? {} : { nextLink }) } };
    };
    if (key === '/tenants') return list([tenantOf(world)]);
    if (key === '/subscriptions') return list(world.tree().subscriptions.map((row) => subscriptionOf(world, row)));
    if (management)
      return list(
        world
          .tree()
          .managementGroups.filter(
            (row) => !world.denied.armAt(armKey(textAt(row, 'id') ?? ''), world.tree().ancestors(armKey(textAt(row, 'id') ?? ''))),
          )
          .map((row) => managementGroupOf(world, row, false)),
      );
    if (subscription !== undefined)
      return {
        status: 200,
        body: subscriptionOf(
          world,
          containerRow(world, key, `The subscription '${subscription}' could not be found.`, 'SubscriptionNotFound'),
        ),
      };
    if (managementGroup) {
      const name = key.slice(managementGroupPrefix.length);
      return {
        status: 200,
        body: managementGroupOf(
          world,
          containerRow(world, key, `The Management Group resource '${name}' was not found.`, 'NotFound'),
          true,
        ),
      };
    }
    if (group) {
      const row =
        inventory.get(path) ??
        containerRow(world, key, `Resource group '${path.slice(path.lastIndexOf('/') + 1)}' could not be found.`, 'ResourceGroupNotFound');
      return { status: 200, body: resourceGroupOf(row) };
    }
    containerRow(world, groups?.[1] ?? '', `The subscription '${groups?.[2] ?? ''}' could not be found.`, 'SubscriptionNotFound');
    const rows = [...world.arg('resourcecontainers').ofType('microsoft.resources/subscriptions/resourcegroups')];
    return list(
      rows
        .filter((row) => armKey(textAt(row, 'id') ?? '').startsWith(`${key}/`) && !world.denied.armAt(armKey(textAt(row, 'id') ?? ''), []))
        .map(resourceGroupOf),
    );
  };
}

function containerRow(world: World, key: string, message: string, code: string): JsonObject {
  const row = world.arm.byId(key) ?? world.arg('resourcecontainers').byId(key);
  if (row === undefined || row['deleted'] === true) throw new Failure(404, code, message);
  return row;
}

function tenantOf(world: World): JsonObject {
  return {
    id: `/tenants/${world.tenantId}`,
    tenantId: world.tenantId,
    countryCode: 'US',
    displayName: world.settings.name ?? 'Sandbox',
    domains: [],
    tenantCategory: 'Home',
  };
}

function subscriptionOf(world: World, row: JsonObject): JsonObject {
  const id = textAt(row, 'id') ?? '';
  return {
    id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: textAt(row, 'subscriptionId') ?? id.slice(id.lastIndexOf('/') + 1),
    tenantId: textAt(row, 'tenantId') ?? world.tenantId,
    displayName: textAt(row, 'name') ?? textAt(row, 'displayName') ?? '',
    state: textAt(row, 'properties', 'state') ?? 'Enabled',
    subscriptionPolicies: valueAt(row, 'properties', 'subscriptionPolicies') ?? {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'PayAsYouGo_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}

function managementGroupOf(world: World, row: JsonObject, details: boolean): JsonObject {
  const id = textAt(row, 'id') ?? '';
  return {
    id,
    type: 'Microsoft.Management/managementGroups',
    name: textAt(row, 'name') ?? id.slice(id.lastIndexOf('/') + 1),
    properties: {
      tenantId: textAt(row, 'properties', 'tenantId') ?? world.tenantId,
      displayName: textAt(row, 'properties', 'displayName') ?? textAt(row, 'name') ?? '',
      ...(details ? { details: valueAt(row, 'properties', 'details') ?? {} } : {}),
    },
  };
}

function resourceGroupOf(row: JsonObject): JsonObject {
  return {
    ...armObject(row, ''),
    type: 'Microsoft.Resources/resourceGroups',
    properties: valueAt(row, 'properties') ?? { provisioningState: 'Succeeded' },
  };
}

import { randomUUID } from 'node:crypto';
import type { Inventory } from './inventory.ts';
import { isObject, textAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

/**
 * A write that switches identities on: Azure makes the system-assigned principal, fills in the ids of the user-assigned ones that are named, and the directory knows the new principal.
 * So `az webapp identity assign` changes what the next audit sees.
 */
export function withPrincipals(world: World, inventory: Inventory, object: JsonObject, before: JsonObject | undefined): JsonObject {
  const withIds =
    textAt(object, 'type')?.toLowerCase() === 'microsoft.managedidentity/userassignedidentities'
      ? userAssigned(world, object, before)
      : object;
  const identity = withIds['identity'];
  if (!isObject(identity)) return withIds;
  const type = (textAt(identity, 'type') ?? 'None').toLowerCase();
  const { principalId: _, tenantId: __, userAssignedIdentities, ...rest } = identity;
  return {
    ...withIds,
    identity: {
      ...rest,
      ...(type.includes('systemassigned')
        ? {
            principalId: textAt(before, 'identity', 'principalId') ?? newPrincipal(world, textAt(object, 'id') ?? '', false, randomUUID()),
            tenantId: world.tenantId,
          }
        : {}),
      ...(type.includes('userassigned') && isObject(userAssignedIdentities)
        ? { userAssignedIdentities: attached(inventory, userAssignedIdentities) }
        : {}),
    },
  };
}

function userAssigned(world: World, object: JsonObject, before: JsonObject | undefined): JsonObject {
  const clientId = textAt(before, 'properties', 'clientId') ?? randomUUID();
  const principalId = textAt(before, 'properties', 'principalId') ?? newPrincipal(world, textAt(object, 'id') ?? '', true, clientId);
  const properties = isObject(object['properties']) ? object['properties'] : {};
  return { ...object, properties: { ...properties, principalId, clientId, tenantId: world.tenantId } };
}

/** `{ "<id>": {} }` or null values as clients send them → with the ids that Azure answers. */
function attached(inventory: Inventory, named: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(named).map((id) => {
      const identity = inventory.get(id);
      return [id, { principalId: textAt(identity, 'properties', 'principalId'), clientId: textAt(identity, 'properties', 'clientId') }];
    }),
  );
}

function newPrincipal(world: World, resourceId: string, explicit: boolean, clientId: string): string {
  const id = randomUUID();
  world.graph('servicePrincipals').add({
    id,
    appId: clientId,
    displayName: resourceId.slice(resourceId.lastIndexOf('/') + 1),
    servicePrincipalType: 'ManagedIdentity',
    alternativeNames: [`isExplicit=${explicit ? 'True' : 'False'}`, resourceId],
    createdDateTime: world.now,
  });
  return id;
}

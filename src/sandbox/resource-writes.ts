import { armKey, typeOfId } from './arm-id.ts';
import type { ArmRequest } from './arm.ts';
import type { Reply } from './http.ts';
import { withPrincipals } from './identity-attachment.ts';
import type { Inventory } from './inventory.ts';
import { isObject, textAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

/** PUT, and PATCH once it is merged: ARM answers the new object, the next Resource Graph query lists it. */
export function writeResource(world: World, inventory: Inventory, request: ArmRequest, body: JsonObject): Reply {
  const id = request.path;
  const before = inventory.get(id);
  const object = withPrincipals(world, inventory, { ...body, id, name: id.slice(id.lastIndexOf('/') + 1), type: typeOfId(id) }, before);
  const table = [...world.argTables].find(([, rows]) => rows.byId(id) !== undefined)?.[0];
  const row = table === undefined ? undefined : world.arg(table).byId(id);
  inventory.put(
    object,
    table === undefined || row === undefined ? undefined : { table, row: { ...row, ...object, id: row['id'], type: row['type'] } },
  );
  // Cosmos DB answers 200 (or 202) for a role of its own, and az takes nothing else.
  return { status: before === undefined && !/\/sqlRole(?:Assignments|Definitions)\/[^/]+$/i.test(id) ? 201 : 200, body: object };
}

/** RFC 7396, which ARM's PATCH follows closely enough: null takes a property away, objects are merged, the rest is replaced. */
export function merged(into: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, unknown> = { ...into };
  for (const [name, value] of Object.entries(patch)) {
    const before = result[name];
    if (value === null) delete result[name];
    else result[name] = isObject(value) && isObject(before) ? merged(before, value) : value;
  }
  return result;
}

/** What hangs below a resource goes with it: the federated credentials of an identity. Its role assignments stay, as in Azure. */
export function removeResource(world: World, inventory: Inventory, request: ArmRequest): Reply {
  const object = inventory.get(request.path);
  if (object === undefined) return { status: 204 };
  const children = [...world.arm.all()]
    .map((one) => textAt(one, 'id') ?? '')
    .filter((id) => armKey(id).startsWith(`${request.key}/`) && !armKey(id).includes('/providers/microsoft.authorization/'));
  for (const id of [...children, request.path]) inventory.remove(id);
  const principal =
    typeOfId(request.path).toLowerCase() === 'microsoft.managedidentity/userassignedidentities'
      ? textAt(object, 'properties', 'principalId')
      : undefined;
  if (principal !== undefined) world.graph('servicePrincipals').remove(principal);
  return { status: 200 };
}

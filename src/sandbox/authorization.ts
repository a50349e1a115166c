import { armKey, isAtOrBelow, parseArmPath, type ArmPath } from './arm-id.ts';
import { armObject } from './arm-object.ts';
import type { ArmRequest } from './arm.ts';
import { conditionOf } from './authorization-filter.ts';
import { Failure, notInSandbox } from './failure.ts';
import type { Reply } from './http.ts';
import type { Inventory } from './inventory.ts';
import { listAt, textAt, type JsonObject } from './json.ts';
import { pageOf } from './paging.ts';
import { createRoleAssignment, deleteRoleAssignment } from './role-assignment-writes.ts';
import type { World } from './world.ts';

const versions = new Set([
  '2014-04-01-preview', '2015-07-01', '2016-07-01', '2016-09-01', '2017-04-01', '2017-10-01-preview', '2018-01-01-preview', '2018-05-01-preview', '2018-07-01-preview', '2018-09-01-preview', '2019-08-01-preview',
  '2020-03-01-preview', '2020-04-01-preview', '2020-05-01', '2020-08-01-preview', '2020-10-01', '2020-10-01-preview', '2021-06-01', '2022-01-01-preview', '2022-04-01', '2022-05-01-preview', '2022-06-01', '2022-08-01-preview',
  '2023-04-01', '2024-04-01', '2024-05-01', '2026-08-01', '2026-09-01',
]); // prettier-ignore
const sizes = { usual: 1000, max: 1000 };

/** `{scope}/providers/Microsoft.Authorization/…`: role assignments and definitions, deny assignments, PIM schedules, policy assignments, locks. */
export function authorization(world: World, inventory: Inventory): (request: ArmRequest) => Reply | undefined {
  return (request) => {
    const path = parseArmPath(request.path);
    if (path === undefined || path.namespace.toLowerCase() !== 'microsoft.authorization') return undefined;
    const version = request.call.query.get('api-version') ?? '';
    if (!versions.has(version)) throw unknownVersion(path, version);
    const kind = (path.types[0] ?? '').toLowerCase();
    if (path.types.length > 1) return undefined;
    switch (request.call.method) {
      case 'GET':
        return path.collection ? list(world, inventory, request, path) : get(inventory, request, path);
      case 'PUT':
        if (kind === 'roleassignments' && !path.collection) return createRoleAssignment(world, inventory, request, path);
        break;
      case 'DELETE':
        if (kind === 'roleassignments' && !path.collection) return deleteRoleAssignment(inventory, request);
        break;
      default:
        break;
    }
    throw notInSandbox(`${request.call.method} on Microsoft.Authorization/${path.types[0] ?? ''}`);
  };
}

function get(inventory: Inventory, request: ArmRequest, path: ArmPath): Reply {
  const kind = (path.types[0] ?? '').toLowerCase();
  const found = inventory.get(request.path) ?? (kind === 'roledefinitions' ? roleByGuid(inventory, path.names[0] ?? '') : undefined);
  if (found === undefined) throw notFound(kind, request.path, path);
  return { status: 200, body: armObject(found, request.path) };
}

/** A built-in role can be read under any scope's prefix. */
export function roleByGuid(inventory: Inventory, guid: string): JsonObject | undefined {
  return inventory
    .ofType('Microsoft.Authorization/roleDefinitions')
    .find((role) => armKey(textAt(role, 'id') ?? '').endsWith(`/${guid.toLowerCase()}`));
}

/**
 * At a scope ARM lists what is assigned at it, above it and below it; `atScope()` leaves out what is below.
 * https://learn.microsoft.com/azure/role-based-access-control/role-assignments-list-rest
 */
function list(world: World, inventory: Inventory, request: ArmRequest, path: ArmPath): Reply {
  const scope = armKey(path.scope);
  const kind = path.types[0] ?? '';
  const wanted = conditionOf(world, kind, request.call.query.get('$filter'), request.caller);
  const tree = world.tree();
  const above = tree.ancestors(scope);
  const values: JsonObject[] = [];
  for (const object of inventory.ofType(`Microsoft.Authorization/${kind}`)) {
    const place = placeOf(object);
    const relation =
      kind.toLowerCase() === 'roledefinitions'
        ? definitionRelation(object, scope, above)
        : relationOf(place, scope, above, () => tree.ancestors(place));
    if (relation === 'elsewhere' || !wanted(object, relation)) continue;
    if (world.denied.armAt(place, tree.ancestors(place))) continue;
    values.push(armObject(object, request.path));
  }
  const { items, nextLink } = pageOf(request.call, values, sizes);
  return { status: 200, body: { value: items, ...(nextLink === undefined ? {} : { nextLink }) } };
}

export type Relation = 'at' | 'above' | 'below' | 'elsewhere';

function relationOf(place: string, scope: string, above: readonly string[], ancestorsOfPlace: () => readonly string[]): Relation {
  if (place === scope) return 'at';
  if (isAtOrBelow(scope, place) || above.includes(place)) return 'above';
  if (isAtOrBelow(place, scope) || ancestorsOfPlace().includes(scope)) return 'below';
  return 'elsewhere';
}

/** A role can be assigned where one of its assignable scopes is at or above; built-in roles can be assigned anywhere. */
function definitionRelation(role: JsonObject, scope: string, above: readonly string[]): Relation {
  const scopes = listAt(role, 'properties', 'assignableScopes').flatMap((one) => (typeof one === 'string' ? [armKey(one)] : []));
  if (scopes.length === 0 || scopes.includes(scope)) return 'at';
  if (scopes.some((one) => isAtOrBelow(scope, one) || above.includes(one))) return 'above';
  return scopes.some((one) => isAtOrBelow(one, scope)) ? 'below' : 'elsewhere';
}

function placeOf(object: JsonObject): string {
  const scope = textAt(object, 'properties', 'scope');
  if (scope !== undefined && scope !== '') return armKey(scope);
  return armKey(parseArmPath(textAt(object, 'id') ?? '')?.scope ?? '');
}

function notFound(kind: string, id: string, path: ArmPath): Failure {
  const name = path.names[0] ?? '';
  if (kind === 'roleassignments') return new Failure(404, 'RoleAssignmentNotFound', `The role assignment '${name}' is not found.`);
  if (kind === 'roledefinitions')
    return new Failure(404, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${name}' does not exist.`);
  if (kind === 'denyassignments') return new Failure(404, 'DenyAssignmentNotFound', `The deny assignment '${name}' is not found.`);
  return new Failure(404, 'ResourceNotFound', `The resource '${id}' was not found.`);
}

function unknownVersion(path: ArmPath, version: string): Failure {
  return new Failure(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location 'global' and API version '${version}' for type '${path.types.join('/')}'. The supported api-versions are '${[...versions].join(', ')}'.`,
  );
}

import { armKey, isAtOrBelow, parseArmPath, subscriptionOf, type ArmPath } from './arm-id.ts';
import { armObject } from './arm-object.ts';
import type { ArmRequest } from './arm.ts';
import { Failure, notInSandbox } from './failure.ts';
import { matches } from './filter-match.ts';
import { conjuncts, parseFilter } from './filter.ts';
import { jsonBody, type Reply } from './http.ts';
import type { Inventory } from './inventory.ts';
import { textAt, type JsonObject } from './json.ts';
import { pageOf } from './paging.ts';
import { merged, removeResource, writeResource } from './resource-writes.ts';
import type { World } from './world.ts';

const sizes = { usual: 1000, max: 1000 };

/** Any resource by its id, any collection under its parent, and the writes that fixes need: PUT, PATCH, DELETE change the world in memory. */
export function resources(world: World, inventory: Inventory): (request: ArmRequest) => Reply | undefined {
  return (request) => {
    const { call, key } = request;
    if (call.method === 'GET' && /^\/subscriptions\/[^/]+(\/resourcegroups\/[^/]+)?\/resources$/.test(key)) return listAll(world, request);
    const namespace = /^\/subscriptions\/[^/]+\/providers\/([^/]+)$/.exec(key)?.[1];
    if (call.method === 'GET' && namespace !== undefined) return { status: 200, body: providerOf(world, request.path, namespace) };
    if (call.method === 'POST' && /^\/subscriptions\/[^/]+\/providers\/[^/]+\/register$/.test(key))
      return { status: 200, body: { id: request.path.slice(0, -'/register'.length), registrationState: 'Registered' } };
    const path = parseArmPath(request.path);
    // Tags and deployments are Resource Manager's own affairs, not objects of the world.
    if (path === undefined || path.namespace.toLowerCase() === 'microsoft.resources') return undefined;
    if (path.collection) return call.method === 'GET' ? list(world, inventory, request, path) : undefined;
    switch (call.method) {
      case 'GET':
        return { status: 200, body: armObject(found(inventory, request, path), request.path) };
      case 'PUT':
        return writeResource(world, inventory, request, jsonBody(call));
      case 'PATCH':
        return writeResource(world, inventory, request, merged(armObject(found(inventory, request, path), request.path), jsonBody(call)));
      case 'DELETE':
        return removeResource(world, inventory, request);
      default:
        return undefined;
    }
  };
}

function found(inventory: Inventory, request: ArmRequest, path: ArmPath): JsonObject {
  const object = inventory.get(request.path);
  if (object !== undefined) return object;
  const group = /\/resourceGroups\/([^/]+)/i.exec(request.path)?.[1];
  const resource = [path.namespace, ...path.types.flatMap((type, index) => [type, path.names[index] ?? ''])].join('/');
  const where = group === undefined ? '' : ` under resource group '${group}'`;
  throw new Failure(
    404,
    'ResourceNotFound',
    `The Resource '${resource}'${where} was not found. For more details please go to https://aka.ms/ARMResourceNotFoundFix`,
  );
}

/** `…/vaults` of a group or a whole subscription, or the children of one resource (federated credentials of an identity). */
function list(world: World, inventory: Inventory, request: ArmRequest, path: ArmPath): Reply {
  for (const option of ['$filter', '$expand', '$orderby'])
    if (request.call.query.has(option)) throw notInSandbox(`${option} on ${request.path}`);
  const parent = request.path.slice(0, request.path.lastIndexOf('/'));
  if (path.names.length > 0 && inventory.get(parent) === undefined) {
    throw new Failure(
      404,
      'ParentResourceNotFound',
      `Failed to perform 'read' on resource(s) of type '${path.types.join('/')}', because the parent resource '${parent}' could not be found.`,
    );
  }
  refuseUnknownScope(world, path.scope);
  const below = path.names.length > 0 ? armKey(parent) : armKey(path.scope);
  const values = inventory
    .ofType([path.namespace, ...path.types].join('/'))
    .filter((object) => isAtOrBelow(armKey(textAt(object, 'id') ?? ''), below) && !isDenied(world, object))
    .map((object) => armObject(object, request.path));
  const { items, nextLink } = pageOf(request.call, values, sizes);
  return { status: 200, body: { value: items, ...(nextLink === undefined ? {} : { nextLink }) } };
}

/** `/subscriptions/{id}/resources`: everything Resource Graph has there. */
function listAll(world: World, request: ArmRequest): Reply {
  const scope = request.key.slice(0, -'/resources'.length);
  refuseUnknownScope(world, scope);
  const wanted = listFilter(request.call.query.get('$filter'));
  const rows = [...world.arg('resources').all()].filter(
    (row) => isAtOrBelow(armKey(textAt(row, 'id') ?? ''), scope) && !isDenied(world, row),
  );
  const values = rows.map((row) => armObject(row, request.path)).filter(wanted);
  const { items, nextLink } = pageOf(request.call, values, sizes);
  return { status: 200, body: { value: items, ...(nextLink === undefined ? {} : { nextLink }) } };
}

const filterFields = ['resourcetype', 'name', 'location', 'resourcegroup'];

/** https://learn.microsoft.com/rest/api/resources/resources/list: equality on a few fields, joined by `and`. */
function listFilter(text: string | null): (object: JsonObject) => boolean {
  if (text === null || text.trim() === '') return () => true;
  const parts = conjuncts(parseFilter(text));
  if (!parts.every((part) => part.kind === 'compare' && part.op === 'eq' && filterFields.includes(part.path.toLowerCase())))
    throw notInSandbox(`the $filter '${text}' on resources: ask Resource Graph`);
  return (object) => {
    const resourceGroup = /\/resourceGroups\/([^/]+)/i.exec(textAt(object, 'id') ?? '')?.[1];
    return parts.every((part) => matches(part, { ...object, resourceType: object['type'], resourceGroup }, () => false));
  };
}

/** A provider as far as this world uses it: `az resource` reads the versions here before it asks for a resource. */
function providerOf(world: World, id: string, namespace: string): JsonObject {
  const types = new Set<string>();
  for (const row of [...world.arg('resources').all(), ...world.arm.all()]) {
    const path = parseArmPath(textAt(row, 'id') ?? '');
    if (path?.namespace.toLowerCase() === namespace) types.add(path.types.join('/'));
  }
  if (types.size === 0 && !namespace.startsWith('microsoft.'))
    throw new Failure(404, 'InvalidResourceNamespace', `The resource namespace '${namespace}' is invalid.`);
  return {
    id,
    namespace,
    registrationState: 'Registered',
    registrationPolicy: 'RegistrationRequired',
    resourceTypes: [...types].map((resourceType) => ({ resourceType, locations: [], apiVersions: ['2024-01-01'], capabilities: 'None' })),
  };
}

function isDenied(world: World, object: JsonObject): boolean {
  if (!world.denied.arm) return false;
  if (world.denied.readOf(textAt(object, 'type') ?? '')) return true;
  const key = armKey(textAt(object, 'id') ?? '');
  return world.denied.armAt(key, world.tree().ancestors(key));
}

function refuseUnknownScope(world: World, scope: string): void {
  const subscription = subscriptionOf(armKey(scope));
  const known = world.tree().subscriptions;
  if (subscription === undefined || known.length === 0) return;
  if (!known.some((row) => armKey(textAt(row, 'id') ?? '') === `/subscriptions/${subscription}`))
    throw new Failure(404, 'SubscriptionNotFound', `The subscription '${subscription}' could not be found.`);
}

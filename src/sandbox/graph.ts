import { randomUUID } from 'node:crypto';
import type { Gate } from './bearer.ts';
import { Failure, notInSandbox } from './failure.ts';
import {
  deletedObject,
  deletedObjects,
  deletedType,
  directoryObject,
  objectsOf,
  partnerType,
  selectedProperties,
  type DirectoryObject,
} from './graph-objects.ts';
import { graphList, refuseOptions } from './graph-list.ts';
import { runBatch } from './graph-batch.ts';
import { jsonBody, type Call, type Reply, type Service } from './http.ts';
import { listAt, textAt, valueAt, type JsonObject } from './json.ts';
import { directMembers, groupsAbove, membersBelow } from './membership.ts';
import type { World } from './world.ts';

const idsMax = 1000;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Microsoft Graph v1.0, as far as principals, groups, grants and the recycle bin go. */
export function graph(world: World, gate: Gate): Service {
  async function handle(call: Call): Promise<Reply> {
    await gate.admit(call);
    const path = decoded(call.path);
    if (!path.toLowerCase().startsWith('/v1.0/')) throw notInSandbox(`${call.path}: only /v1.0 is served`);
    if (path.toLowerCase() === '/v1.0/$batch') return runBatch(call, (inner) => settled(inner));
    if (world.denied.graph()) throw requestDenied();
    return route(world, call, path.slice('/v1.0'.length));
  }
  async function settled(call: Call): Promise<Reply> {
    try {
      if (world.denied.graph()) throw requestDenied();
      return route(world, call, decoded(call.path).replace(/^\/v1\.0/i, ''));
    } catch (cause) {
      if (cause instanceof Failure) return refuse(cause);
      throw cause;
    }
  }
  return { name: 'graph', handle, refuse };
}

function refuse(failure: Failure): Reply {
  const id = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id };
  return {
    status: failure.status,
    headers: { 'request-id': id, ...failure.headers },
    body: { error: { code: failure.code, message: failure.message, innerError } },
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (cause) {
    throw new Failure(400, 'BadRequest', `The request path '${path}' is not valid percent-encoding.`, { cause });
  }
}

const sets: Readonly<Record<string, string>> = {
  serviceprincipals: 'servicePrincipals',
  users: 'users',
  groups: 'groups',
  applications: 'applications',
  devices: 'devices',
};

function route(world: World, call: Call, path: string): Reply {
  const [first = '', second, third, fourth, ...rest] = path.split('/').filter((part) => part !== '');
  const [collection, keyed] = keyedSegment(first);
  const name = collection.toLowerCase();
  if (name === 'directoryobjects' && second?.toLowerCase() === 'getbyids' && call.method === 'POST') return getByIds(world, call);
  if (call.method !== 'GET') throw notInSandbox(`${call.method} ${call.path}`);
  if (rest.length > 0) throw notInSandbox(`GET ${call.path}`);
  if (name === 'directory' && second?.toLowerCase() === 'deleteditems')
    return third === undefined ? needsCast() : deleted(world, call, third, fourth);
  if (
    name === 'rolemanagement' &&
    second?.toLowerCase() === 'directory' &&
    third?.toLowerCase() === 'roleassignments' &&
    fourth === undefined
  )
    return directoryRoles(world, call);
  if (name === 'organization' && second === undefined)
    return graphList(call, [{ id: world.tenantId, displayName: world.settings.name ?? 'Sandbox' }], 'organization');
  if (name === 'directoryobjects' && second !== undefined && third === undefined)
    return single(call, found(directoryObject(world, second), second));

  const set = sets[name];
  if (set === undefined) throw notInSandbox(`GET ${call.path}`);
  const id = keyed ?? second;
  const relation = (keyed === undefined ? third : second)?.toLowerCase();
  const cast = keyed === undefined ? fourth : third;
  if (id === undefined) return list(world, call, set);
  const object = found(byKey(world, set, id), id);
  if (relation === undefined) {
    if (world.denied.graph(set)) throw requestDenied();
    return single(call, object);
  }
  return related(world, call, set, object, relation, cast);
}

/** `servicePrincipals(appId='…')` → its name and the alternate key. */
function keyedSegment(segment: string): readonly [string, string | undefined] {
  const match = /^(\w+)\((.*)\)$/.exec(segment);
  return match === null ? [segment, undefined] : [match[1] ?? '', match[2]];
}

function byKey(world: World, set: string, key: string): DirectoryObject | undefined {
  const appId = /^appId\s*=\s*'([^']+)'$/i.exec(key)?.[1];
  if (appId !== undefined) {
    const match = [...world.graph(set).all()].find((object) => textAt(object, 'appId')?.toLowerCase() === appId.toLowerCase());
    return match === undefined ? undefined : directoryObject(world, textAt(match, 'id') ?? '');
  }
  const object = directoryObject(world, key.replace(/^'|'$/g, ''));
  return object?.set === set ? object : undefined;
}

function found(object: DirectoryObject | undefined, id: string): DirectoryObject {
  if (object !== undefined) return object;
  throw new Failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

function single(call: Call, { object, set }: DirectoryObject): Reply {
  refuseOptions(call, ['$select']);
  return {
    status: 200,
    body: { '@odata.context': `${call.origin}/v1.0/$metadata#${set}/$entity`, ...selectedProperties(object, call.query.get('$select')) },
  };
}

function list(world: World, call: Call, set: string): Reply {
  if (world.denied.graph(set)) throw requestDenied();
  return graphList(
    call,
    objectsOf(world, set).map(({ object }) => object),
    set,
  );
}

function related(world: World, call: Call, set: string, { object }: DirectoryObject, relation: string, cast: string | undefined): Reply {
  const id = textAt(object, 'id')?.toLowerCase() ?? '';
  const grants = (field: string): readonly JsonObject[] => {
    if (world.denied.graph('appRoleAssignments')) throw requestDenied();
    return [...world.graph('appRoleAssignments').all()].filter((grant) => textAt(grant, field)?.toLowerCase() === id);
  };
  if (relation === 'approleassignedto' && cast === undefined) return graphList(call, grants('resourceId'), 'appRoleAssignments');
  if (relation === 'approleassignments' && cast === undefined) return graphList(call, grants('principalId'), 'appRoleAssignments');
  const relations: Readonly<Record<string, () => ReadonlySet<string>>> =
    set === 'groups'
      ? {
          transitivemembers: () => membersBelow(world, id),
          members: () => directMembers(world, id),
          transitivememberof: () => groupsAbove(world, id),
        }
      : { transitivememberof: () => groupsAbove(world, id) };
  const ids = Object.hasOwn(relations, relation) ? relations[relation] : undefined;
  if (ids === undefined) throw notInSandbox(`GET ${call.path}`);
  if (world.denied.graph('groupMembers')) throw requestDenied();
  const objects = [...ids()].flatMap((one) => directoryObject(world, one) ?? []);
  const wanted = cast === undefined ? undefined : cast.replace(/^microsoft\.graph\./i, '').toLowerCase();
  return graphList(
    call,
    objects.filter(({ type }) => wanted === undefined || type.toLowerCase() === wanted).map((one) => one.object),
    'directoryObjects',
  );
}

/** Ids that are not there are simply not in the answer; partner references come only to who asks for that type. */
function getByIds(world: World, call: Call): Reply {
  const body = jsonBody(call);
  const ids = stringsOf(body, 'ids');
  if (ids === undefined || ids.length === 0) throw badRequest("The 'ids' collection is required and must hold object ids.");
  if (ids.length > idsMax) throw badRequest(`The number of ids (${ids.length}) exceeds the maximum of ${idsMax}.`);
  const wrong = ids.find((id) => !guid.test(id));
  if (wrong !== undefined) throw badRequest(`Invalid GUID:${wrong}`);
  const types = valueAt(body, 'types') === undefined || valueAt(body, 'types') === null ? ['directoryObject'] : stringsOf(body, 'types');
  if (types === undefined) throw badRequest("The 'types' collection must hold names of directory object types.");
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  const isWanted = (type: string): boolean =>
    wanted.has(type.toLowerCase()) || (type !== partnerType && (wanted.has('directoryobject') || wanted.size === 0));
  const objects = [...new Set(ids.map((id) => id.toLowerCase()))]
    .flatMap((id) => directoryObject(world, id) ?? [])
    .filter(({ type }) => isWanted(type));
  return {
    status: 200,
    body: { '@odata.context': `${call.origin}/v1.0/$metadata#directoryObjects`, value: objects.map(({ object }) => object) },
  };
}

function stringsOf(body: JsonObject, field: string): readonly string[] | undefined {
  const values = listAt(body, field);
  if (!Array.isArray(body[field])) return undefined;
  const strings = values.filter((value) => typeof value === 'string');
  return strings.length === values.length ? strings : undefined;
}

function deleted(world: World, call: Call, third: string, fourth: string | undefined): Reply {
  if (world.denied.graph('deletedItems')) throw requestDenied();
  if (fourth !== undefined) throw notInSandbox(`GET ${call.path}`);
  if (/^microsoft\.graph\./i.test(third)) {
    const type = third.slice('microsoft.graph.'.length).toLowerCase();
    const objects = deletedObjects(world).filter((object) => deletedType(object).toLowerCase() === type);
    return graphList(
      call,
      objects.map((object) => ({ '@odata.type': `#microsoft.graph.${deletedType(object)}`, ...object })),
      'directoryObjects',
    );
  }
  const object = deletedObject(world, third);
  return single(
    call,
    found(
      object === undefined
        ? undefined
        : {
            set: 'directoryObjects',
            type: deletedType(object),
            object: { '@odata.type': `#microsoft.graph.${deletedType(object)}`, ...object },
          },
      third,
    ),
  );
}

function needsCast(): never {
  throw badRequest('The deletedItems collection needs a type: /directory/deletedItems/microsoft.graph.servicePrincipal.');
}

function directoryRoles(world: World, call: Call): Reply {
  if (world.denied.graph('directoryRoleAssignments')) throw requestDenied();
  const expand = call.query.get('$expand');
  if (expand !== null && !['roledefinition', 'principal'].includes(expand.toLowerCase()))
    throw notInSandbox(`$expand=${expand} on ${call.path}`);
  const rows = [...world.graph('directoryRoleAssignments').all()].map((row) => {
    const { roleDefinition, ...plain } = row;
    if (expand?.toLowerCase() === 'roledefinition') return { ...plain, roleDefinition: roleDefinition ?? null };
    return expand?.toLowerCase() === 'principal'
      ? { ...plain, principal: directoryObject(world, textAt(row, 'principalId') ?? '')?.object ?? null }
      : plain;
  });
  return graphList(call, rows, 'roleManagement/directory/roleAssignments', ['$expand']);
}

const requestDenied = (): Failure => new Failure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
const badRequest = (message: string): Failure => new Failure(400, 'Request_BadRequest', message);

import { randomUUID } from 'node:crypto';
import { grantAppRole } from './app-role-writes.ts';
import type { Gate } from './bearer.ts';
import { Failure, notInSandbox } from './failure.ts';
import { found, requestDenied, single } from './graph-answers.ts';
import { runBatch } from './graph-batch.ts';
import { getByIds } from './graph-by-ids.ts';
import { graphList } from './graph-list.ts';
import { directoryObject, objectsOf, type DirectoryObject } from './graph-objects.ts';
import { recycleBin } from './graph-recycle-bin.ts';
import { directoryRoles, related } from './graph-relations.ts';
import type { Call, Reply, Service } from './http.ts';
import { textAt } from './json.ts';
import type { World } from './world.ts';

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

const sets: ReadonlyMap<string, string> = new Map(
  ['servicePrincipals', 'users', 'groups', 'applications', 'devices'].map((set) => [set.toLowerCase(), set]),
);

function route(world: World, call: Call, path: string): Reply {
  const parts = path.split('/').filter((part) => part !== '');
  const key = parts.join('/').toLowerCase();
  if (key === 'directoryobjects/getbyids' && call.method === 'POST') return getByIds(world, call);
  if (call.method === 'POST') return write(world, call, parts);
  if (call.method !== 'GET') throw notInSandbox(`${call.method} ${call.path}`);
  if (key.startsWith('directory/deleteditems')) return recycleBin(world, call, parts.slice(2));
  if (key === 'rolemanagement/directory/roleassignments') return directoryRoles(world, call);
  if (key === 'organization')
    return graphList(call, [{ id: world.tenantId, displayName: world.settings.name ?? 'Sandbox' }], 'organization');
  const [first = '', ...rest] = parts;
  if (first.toLowerCase() === 'directoryobjects' && rest.length === 1)
    return single(call, found(directoryObject(world, rest[0] ?? ''), rest[0] ?? ''));
  return inSet(world, call, first, rest);
}

function write(world: World, call: Call, [set, id, relation, ...more]: readonly string[]): Reply {
  if (set?.toLowerCase() !== 'serviceprincipals' || id === undefined || relation?.toLowerCase() !== 'approleassignments' || more.length > 0)
    throw notInSandbox(`POST ${call.path}`);
  return grantAppRole(world, call, found(byKey(world, 'servicePrincipals', id), id));
}

/** `{set}`, `{set}/{id}`, `{set}(appId='…')`, and one relation of an object, perhaps with a cast. */
function inSet(world: World, call: Call, first: string, rest: readonly string[]): Reply {
  const [collection, alternate] = keyedSegment(first);
  const set = sets.get(collection.toLowerCase());
  const [id, relation, cast, ...more] = alternate === undefined ? rest : [alternate, ...rest];
  if (set === undefined || more.length > 0) throw notInSandbox(`GET ${call.path}`);
  if (id === undefined) return list(world, call, set);
  const object = found(byKey(world, set, id), id);
  if (relation !== undefined) return related(world, call, set, object, relation.toLowerCase(), cast);
  if (world.denied.graph(set)) throw requestDenied();
  return single(call, object);
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

function list(world: World, call: Call, set: string): Reply {
  if (world.denied.graph(set)) throw requestDenied();
  return graphList(
    call,
    objectsOf(world, set).map(({ object }) => object),
    set,
  );
}

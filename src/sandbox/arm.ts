import { randomUUID } from 'node:crypto';
import { activityLog } from './activity-log.ts';
import { armKey, parseArmPath, typeOfId } from './arm-id.ts';
import { authorization } from './authorization.ts';
import type { Caller, Gate } from './bearer.ts';
import { containers } from './containers.ts';
import { Failure, notInSandbox } from './failure.ts';
import type { Call, Reply, Service } from './http.ts';
import { inventoryOf } from './inventory.ts';
import { resourceGraph } from './resource-graph.ts';
import { resources } from './resources.ts';
import type { World } from './world.ts';

/** What an ARM handler gets besides the call. */
export interface ArmRequest {
  readonly call: Call;
  readonly caller: Caller;
  /** The path, decoded and without a slash at its end. */
  readonly path: string;
  /** The path in comparison form. */
  readonly key: string;
}

/** Azure Resource Manager: looks at the token and the version, then hands the call to the provider it names. */
export function arm(world: World, gate: Gate): Service {
  const inventory = inventoryOf(world);
  const queries = resourceGraph(world);
  const routes = [containers(world, inventory), activityLog(world), authorization(world, inventory), resources(world, inventory)];

  async function handle(call: Call): Promise<Reply> {
    const caller = await gate.admit(call);
    checkVersion(call);
    const path = decodePath(call.path);
    const key = armKey(path);
    if (key === '/providers/microsoft.resourcegraph/resources') {
      if (call.method !== 'POST') throw new Failure(405, 'MethodNotAllowed', `The resource graph is asked by POST, not by ${call.method}.`);
      return queries(call);
    }
    const request: ArmRequest = { call, caller, path, key };
    refuseDenied(world, request);
    for (const route of routes) {
      const reply = route(request);
      if (reply !== undefined) return reply;
    }
    throw notInSandbox(`${call.method} ${call.path}`);
  }
  return { name: 'arm', handle: async (call) => withIds(await handle(call)), refuse: (failure) => withIds(refuse(failure)) };
}

function refuse(failure: Failure): Reply {
  return {
    status: failure.status,
    headers: failure.headers,
    body: { error: { code: failure.code, message: failure.message, ...failure.details } },
  };
}

function withIds(reply: Reply): Reply {
  const id = randomUUID();
  return { ...reply, headers: { 'x-ms-request-id': id, 'x-ms-correlation-request-id': id, ...reply.headers } };
}

function decodePath(path: string): string {
  try {
    const decoded = path
      .split('/')
      .map(decodeURIComponent)
      .join('/')
      .replace(/\/{2,}/g, '/');
    return decoded.length > 1 && decoded.endsWith('/') ? decoded.slice(0, -1) : decoded;
  } catch (cause) {
    throw new Failure(400, 'BadRequest', `The request path '${path}' is not valid percent-encoding.`, { cause });
  }
}

function checkVersion(call: Call): void {
  const version = call.query.get('api-version');
  if (version === null || version === '')
    throw new Failure(400, 'MissingApiVersionParameter', 'The api-version query parameter (?api-version=) is required for all requests.');
  if (!/^\d{4}-\d{2}-\d{2}(-[a-z]+[\w.-]*)?$/i.test(version))
    throw new Failure(
      400,
      'InvalidApiVersionParameter',
      `The api-version '${version}' is invalid. A version is a date such as 2022-04-01, or one with -preview after it.`,
    );
}

/** GETs in a denied area are refused in ARM's words. `GET /subscriptions` still lists a denied subscription, as Azure lists one in which the caller holds any narrow role. */
function refuseDenied(world: World, { call, caller, path, key }: ArmRequest): void {
  if (!world.denied.arm || key === '/tenants') return;
  const kept = world.denied.readOf(typeOfId(path)) || (key !== '/subscriptions' && world.denied.armAt(key, world.tree().ancestors(key)));
  if (!kept) return;
  // The Activity Log answers an unauthorised caller with an empty list (Azure/azure-sdk-for-java#2097); its own handler does that.
  if (key.endsWith('/providers/microsoft.insights/eventtypes/management/values')) return;
  throw authorizationFailed(caller, call.method, path);
}

export function authorizationFailed(caller: Caller, method: string, path: string): Failure {
  const parsed = parseArmPath(path);
  const verb = method === 'GET' || method === 'HEAD' ? 'read' : method === 'DELETE' ? 'delete' : method === 'POST' ? 'action' : 'write';
  const scope = parsed?.collection === true ? parsed.scope : path;
  const action = `${typeOfId(path)}/${verb}`;
  return new Failure(
    403,
    'AuthorizationFailed',
    `The client '${caller.objectId}' with object id '${caller.objectId}' does not have authorization to perform action '${action}' over scope '${scope === '' ? '/' : scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
  );
}

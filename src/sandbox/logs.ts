import { randomUUID } from 'node:crypto';
import { armKey, isAtOrBelow } from './arm-id.ts';
import type { Gate } from './bearer.ts';
import { Failure, notInSandbox } from './failure.ts';
import type { Call, Reply, Service } from './http.ts';
import { isObject, listAt, textAt, type JsonObject } from './json.ts';
import { logTables } from './log-tables.ts';
import { QueryProblem, runQuery, type Answer } from './query.ts';
import type { Rows } from './rows.ts';
import { parseTimespan } from './timespan.ts';
import type { World } from './world.ts';

/** https://learn.microsoft.com/azure/azure-monitor/service-limits#log-queries-and-language */
const rowsMax = 500_000;

/** `POST /v1/workspaces/{id}/query` and `POST /v1/{resource id}/query`. */
export function logs(world: World, gate: Gate): Service {
  async function handle(call: Call): Promise<Reply> {
    await gate.admit(call).catch((cause: unknown) => {
      // The service tells a bad token (403) from none (401).
      if (cause instanceof Failure && cause.code !== 'AuthenticationFailed')
        throw new Failure(403, 'InvalidAuthenticationToken', 'The access token is invalid.', { headers: cause.headers, cause });
      throw cause;
    });
    const target = targetOf(call.path);
    if (target === undefined) throw new Failure(404, 'PathNotFoundError', 'The requested path does not exist');
    if (call.method !== 'POST') throw notInSandbox(`${call.method} ${call.path}: send the query by POST`);
    // Documented oddity: without a JSON content type the answer is 200 and empty.
    if (!(call.headers['content-type'] ?? '').toLowerCase().includes('json')) return { status: 200 };
    const body = readBody(call);
    const query = textAt(body, 'query');
    if (query === undefined || query.trim() === '')
      throw badArgument({ code: 'QueryValidationError', message: 'Failed parsing the query: the query is missing.' });
    return { status: 200, body: answer(world, target, body, query) };
  }
  return { name: 'logs', handle, refuse };
}

function refuse(failure: Failure): Reply {
  return {
    status: failure.status,
    headers: failure.headers,
    body: { error: { message: failure.message, code: failure.code, correlationId: randomUUID(), ...failure.details } },
  };
}

type Target = { readonly kind: 'workspace'; readonly customerId: string } | { readonly kind: 'resource'; readonly key: string };

function targetOf(path: string): Target | undefined {
  const workspace = /^\/v1\/workspaces\/([^/]+)\/query$/i.exec(path)?.[1];
  if (workspace !== undefined) return { kind: 'workspace', customerId: decodeURIComponent(workspace).toLowerCase() };
  const resource = /^\/v1(\/subscriptions\/.+)\/query$/i.exec(path)?.[1];
  return resource === undefined ? undefined : { kind: 'resource', key: armKey(decodeURIComponent(resource)) };
}

function readBody(call: Call): JsonObject {
  try {
    const value: unknown = JSON.parse(call.body);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the same refusal.
  }
  throw badArgument({ code: 'InvalidJsonBody', message: 'The request body is not a JSON object.' });
}

function answer(world: World, target: Target, body: JsonObject, query: string): unknown {
  const workspaces =
    target.kind === 'workspace'
      ? [target.customerId, ...otherWorkspaces(body)].map((id) => workspaceOf(world, id))
      : [...world.workspaces].filter(([id]) => !world.denied.logs(id)).map(([, tables]) => tables);
  const timespan = textAt(body, 'timespan');
  const period = timespan === undefined ? undefined : parseTimespan(timespan, world.now);
  const nowMs = Date.parse(world.now);
  const visible = (row: JsonObject): boolean => {
    const at = Date.parse(textAt(row, 'TimeGenerated') ?? '');
    const ingestedAt = Date.parse(textAt(row, '_IngestionTime') ?? '');
    // What is ingested later than now is not there yet: a world may hold the future of this `now`.
    if ((Number.isNaN(ingestedAt) ? at : ingestedAt) > nowMs) return false;
    if (period !== undefined && !(at >= period.fromMs && at <= period.toMs)) return false;
    return target.kind === 'workspace' || isAtOrBelow(armKey(textAt(row, '_ResourceId') ?? textAt(row, 'ResourceId') ?? ''), target.key);
  };
  return wire(run(query, logTables(query, workspaces, visible), world.now));
}

function otherWorkspaces(body: JsonObject): readonly string[] {
  return listAt(body, 'workspaces').flatMap((one) => (typeof one === 'string' ? [one.toLowerCase()] : []));
}

/** A workspace is there when the world has rows for it or Resource Graph lists it. */
function workspaceOf(world: World, customerId: string): ReadonlyMap<string, Rows> {
  if (world.denied.logs(customerId))
    throw new Failure(
      403,
      'InsufficientAccessError',
      'The provided credentials have insufficient access to perform the requested operation',
    );
  const tables = world.workspaces.get(customerId);
  if (tables !== undefined) return tables;
  for (const row of world.arg('resources').ofType('microsoft.operationalinsights/workspaces')) {
    if (textAt(row, 'properties', 'customerId')?.toLowerCase() === customerId) return new Map();
  }
  throw new Failure(404, 'WorkspaceNotFoundError', `The workspace '${customerId}' could not be found`);
}

function run(query: string, tables: Parameters<typeof runQuery>[1], now: string): Answer {
  try {
    return runQuery(query, tables, { now, caseInsensitiveTables: false });
  } catch (cause) {
    if (!(cause instanceof QueryProblem)) throw cause;
    const place = cause.position === undefined ? {} : { line: lineOf(query, cause.position), pos: columnOf(query, cause.position) };
    if (cause.kind === 'syntax')
      throw badArgument({
        code: 'SyntaxError',
        message: 'A recognition error occurred in the query.',
        innererror: { code: 'SYN0002', message: cause.message, ...place },
      });
    if (cause.kind === 'semantic')
      throw badArgument({
        code: 'SemanticError',
        message: 'A semantic error occurred.',
        innererror: { code: 'SEM0100', message: cause.message, ...place },
      });
    throw badArgument({ code: 'QueryExecutionError', message: cause.message });
  }
}

const lineOf = (text: string, position: number): number => text.slice(0, position).split('\n').length;
const columnOf = (text: string, position: number): number => position - text.lastIndexOf('\n', position - 1);

function badArgument(innererror: JsonObject): Failure {
  return new Failure(400, 'BadArgumentError', 'The request had some invalid properties', { details: { innererror } });
}

function wire(found: Answer): unknown {
  const tables = [{ name: 'PrimaryResult', columns: found.columns.map(({ name, type }) => ({ name, type })), rows: found.arrays(rowsMax) }];
  if (found.count <= rowsMax) return { tables };
  const message = `Query result set has exceeded the internal record count limit ${rowsMax} (E_QUERY_RESULT_SET_TOO_LARGE).`;
  return {
    tables,
    error: {
      code: 'PartialError',
      message: 'There were some errors when processing your query.',
      details: [{ code: 'EngineError', message, innererror: { code: '-2133196797', message, severity: 3, severityName: 'Warning' } }],
    },
  };
}

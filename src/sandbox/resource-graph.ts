import { randomUUID } from 'node:crypto';
import { notInSandbox, type Failure } from './failure.ts';
import { jsonBody, type Call, type Reply } from './http.ts';
import { listAt, textAt, valueAt, type JsonObject } from './json.ts';
import type { KqlColumn } from './kql/index.ts';
import { runQuery, QueryProblem, type Answer } from './query.ts';
import { quotaOf } from './quota.ts';
import { invalidQuery, invalidRequest, resourceGraphFailure } from './resource-graph-failure.ts';
import { checkLanguage } from './resource-graph-language.ts';
import { resourceGraphScope } from './resource-graph-scope.ts';
import { resourceGraphTables } from './resource-graph-tables.ts';
import type { World } from './world.ts';

const rowsMax = 1000;
/** Answers kept for their further pages; an older one is computed again from the request, which repeats the query. */
const answersMax = 8;

/** `POST /providers/Microsoft.ResourceGraph/resources`. */
export function resourceGraph(world: World): (call: Call) => Reply {
  const quota = quotaOf(world.settings.quota?.resourceGraph, () => performance.now());
  const answers = new Map<string, Kept>();

  return (call) => {
    const { allowed, remaining, resetsAfterMs } = quota.take();
    const headers = {
      'x-ms-user-quota-remaining': String(remaining),
      'x-ms-user-quota-resets-after': spanText(resetsAfterMs),
      'x-ms-resource-graph-request-duration': '0:00:00:00.0100000',
    };
    if (!allowed) throw throttled(headers, resetsAfterMs);
    const body = jsonBody(call);
    const request = readRequest(body);
    const kept = answers.get(request.token?.key ?? '') ?? keep(answers, { key: randomUUID(), ...answer(world, body, request.query) });
    return { status: 200, headers, body: page(kept, request) };
  };
}

interface Kept {
  readonly key: string;
  readonly answer: Answer;
  readonly limited: boolean;
}

interface Request {
  readonly query: string;
  readonly top: number;
  readonly skip: number;
  readonly token: { readonly key: string; readonly from: number } | undefined;
  readonly format: 'objectArray' | 'table';
}

function keep(answers: Map<string, Kept>, kept: Kept): Kept {
  const oldest = answers.keys().next();
  if (answers.size >= answersMax && oldest.done === false) answers.delete(oldest.value);
  answers.set(kept.key, kept);
  return kept;
}

function readRequest(body: JsonObject): Request {
  const query = textAt(body, 'query');
  if (query === undefined || query.trim() === '') throw invalidRequest('InvalidQuery', 'Query cannot be null or empty.');
  if (listAt(body, 'facets').length > 0) throw notInSandbox('facets in a Resource Graph query');
  const top = valueAt(body, 'options', '$top') ?? rowsMax;
  const skip = valueAt(body, 'options', '$skip') ?? 0;
  if (typeof top !== 'number' || !Number.isInteger(top) || top < 1 || top > rowsMax)
    throw invalidRequest('InvalidPageSize', `$top must be a whole number from 1 to ${rowsMax}.`);
  if (typeof skip !== 'number' || !Number.isInteger(skip) || skip < 0)
    throw invalidRequest('InvalidSkip', '$skip must be a whole number of 0 or more.');
  const format = textAt(body, 'options', 'resultFormat') ?? 'objectArray';
  if (format !== 'objectArray' && format !== 'table')
    throw invalidRequest('InvalidResultFormat', `resultFormat '${format}' is not objectArray or table.`);
  return { query, top, skip, token: readToken(textAt(body, 'options', '$skipToken')), format };
}

function answer(world: World, body: JsonObject, query: string): Omit<Kept, 'key'> {
  const { limited } = checkLanguage(query);
  const visible = resourceGraphScope(world, body);
  try {
    const found = runQuery(query, resourceGraphTables(world, visible), { now: world.now, caseInsensitiveTables: true });
    return { answer: found, limited };
  } catch (cause) {
    if (cause instanceof QueryProblem)
      throw invalidQuery(cause.kind === 'syntax' ? 'ParserFailure' : 'SemanticFailure', cause.message, cause);
    throw cause;
  }
}

/** Further pages only where Azure gives them: not after limit or take, and not where every column is dynamic or null. */
function page(kept: Kept, request: Request): JsonObject {
  const from = request.token?.from ?? request.skip;
  const data = kept.answer.objects(from, from + request.top);
  const more = from + data.length < kept.answer.count;
  const paged = more && !kept.limited && kept.answer.columns.some((column) => column.type !== 'dynamic');
  return {
    totalRecords: kept.answer.count,
    count: data.length,
    data: request.format === 'objectArray' ? data : asTable(kept.answer.columns, data),
    facets: [],
    resultTruncated: more && !paged ? 'true' : 'false',
    ...(paged ? { $skipToken: writeToken(kept.key, from + data.length) } : {}),
  };
}

function asTable(columns: readonly KqlColumn[], data: readonly Readonly<Record<string, unknown>>[]): JsonObject {
  return {
    columns: columns.map(({ name, type }) => ({ name, type: wireTypes[type] })),
    rows: data.map((row) => columns.map(({ name }) => row[name] ?? null)),
  };
}

const wireTypes = {
  string: 'string',
  guid: 'string',
  datetime: 'string',
  timespan: 'string',
  int: 'integer',
  long: 'integer',
  real: 'number',
  decimal: 'number',
  bool: 'boolean',
  dynamic: 'object',
} as const satisfies Record<KqlColumn['type'], string>;

const writeToken = (key: string, from: number): string => Buffer.from(JSON.stringify({ key, from })).toString('base64url');

function readToken(token: string | undefined): Request['token'] {
  if (token === undefined || token === '') return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    const key = textAt(value, 'key');
    const from = valueAt(value, 'from');
    if (key !== undefined && typeof from === 'number' && from >= 0) return { key, from };
  } catch {
    // Falls through: a token that we did not write.
  }
  throw invalidRequest('InvalidSkipToken', 'The $skipToken is not one that this service issued.');
}

function throttled(headers: Readonly<Record<string, string>>, resetsAfterMs: number): Failure {
  const message =
    'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.';
  return resourceGraphFailure(429, 'RateLimiting', [{ code: 'RateLimiting', message }], {
    headers: { ...headers, 'retry-after': String(Math.max(1, Math.ceil(resetsAfterMs / 1000))) },
  });
}

/** `hh:mm:ss`, rounded up: a client that waits this long finds the window open. */
function spanText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

import { Failure, notInSandbox } from './failure.ts';
import { jsonBody, type Call, type Reply } from './http.ts';
import { isObject, listAt, textAt, type JsonObject } from './json.ts';

const requestsMax = 20;

/** `$batch`: up to 20 requests in one, each with its own status. */
export async function runBatch(call: Call, run: (inner: Call) => Promise<Reply>): Promise<Reply> {
  if (call.method !== 'POST') throw new Failure(405, 'Request_BadRequest', `$batch takes POST, not ${call.method}.`);
  const requests = listAt(jsonBody(call), 'requests');
  if (requests.length === 0)
    throw new Failure(400, 'BadRequest', 'Invalid batch payload format: requests must be an array of at least one request.');
  if (requests.length > requestsMax)
    throw new Failure(400, 'BadRequest', `Number of batch request steps exceeds the maximum value of ${requestsMax}.`);
  const ids = requests.map((request) => textAt(request, 'id'));
  if (ids.includes(undefined) || new Set(ids).size !== ids.length)
    throw new Failure(400, 'BadRequest', 'Invalid batch payload format: each request needs an id of its own.');
  if (requests.some((request) => listAt(request, 'dependsOn').length > 0)) throw notInSandbox('dependsOn in a $batch');
  const responses = await Promise.all(requests.map((request) => answer(call, request, run)));
  return { status: 200, body: { responses } };
}

async function answer(call: Call, request: unknown, run: (inner: Call) => Promise<Reply>): Promise<JsonObject> {
  const url = textAt(request, 'url') ?? '';
  const [path = '', search = ''] = url.split(/\?(.*)/s);
  const body = isObject(request) && request['body'] !== undefined ? JSON.stringify(request['body']) : '';
  const given = isObject(request) && isObject(request['headers']) ? request['headers'] : {};
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  const inner: Call = {
    ...call,
    method: (textAt(request, 'method') ?? 'GET').toUpperCase(),
    path: `/v1.0/${path}`.replace(/\/{2,}/g, '/'),
    query: new URLSearchParams(search),
    headers,
    body,
  };
  const reply = await run(inner);
  return {
    id: textAt(request, 'id'),
    status: reply.status,
    headers: { 'Content-Type': 'application/json', ...reply.headers },
    body: reply.body,
  };
}

import {
  createServer as createPlainServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Faults } from './faults.ts';
import { Failure } from './failure.ts';
import { isObject, type JsonObject } from './json.ts';

export type ServiceName = 'identity' | 'arm' | 'graph' | 'logs' | 'authority' | 'teams' | 'mailbox' | 'email';

export interface Call {
  readonly method: string;
  /** As sent, undecoded, with doubled slashes made single. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** `https://localhost:8443`, for links to further pages. */
  readonly origin: string;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; undefined is an empty body. */
  readonly body?: unknown;
  /** Sent as it is, in the place of a body; its type stands in the headers. */
  readonly text?: string;
}

export interface RequestRecord {
  readonly service: ServiceName;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export interface Service {
  readonly name: ServiceName;
  handle(call: Call): Reply | Promise<Reply>;
  /** The service's own error shape. */
  refuse(failure: Failure): Reply;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

const bodyBytesMax = 16 * 1024 * 1024;

/** What answers a call; `drop` breaks the connection. */
export type Answering = (call: Call) => Promise<Reply | 'drop'>;

/** A service behind the world's faults, with each call on record. What is not a Failure is a 500 that says what broke. */
export function answering(
  service: Service,
  around: { readonly faults: Faults; readonly record: (request: RequestRecord) => void },
): Answering {
  return async (call) => {
    const reply = await settle(service, () =>
      around.faults.around(
        call,
        () => service.handle(call),
        (failure) => service.refuse(failure),
      ),
    );
    around.record({ service: service.name, method: call.method, path: call.path, status: reply === 'drop' ? 0 : reply.status });
    return reply;
  };
}

/** Listens on loopback. Nothing a caller sends may end the process. */
export async function listen(
  answer: Answering,
  on: { readonly port: number; readonly tls?: { readonly key: string; readonly cert: string } },
): Promise<Listening> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    respond(request, response).catch((cause: unknown) => {
      response.destroy(cause instanceof Error ? cause : undefined);
    });
  };
  const server = on.tls === undefined ? createPlainServer(listener) : createTlsServer(on.tls, listener);

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, search] = splitOnce(request.url ?? '/', '?');
    const origin = `${on.tls === undefined ? 'http' : 'https'}://localhost:${portOf(server)}`;
    const body = await readBody(request);
    if (body === undefined)
      return send(response, {
        status: 413,
        body: {
          error: { code: 'RequestContentTooLarge', message: `The request content size exceeds the maximum size of ${bodyBytesMax} bytes.` },
        },
      });
    const reply = await answer({
      method: request.method ?? 'GET',
      path: path.replace(/\/{2,}/g, '/'),
      query: new URLSearchParams(search),
      headers: request.headers,
      body,
      origin,
    });
    if (reply === 'drop') response.destroy();
    else send(response, reply);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    // By address: `localhost` may mean ::1 first, and clients try both anyway.
    server.listen(on.port, '127.0.0.1', resolve);
  });
  return {
    port: portOf(server),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function settle(service: Service, work: () => Promise<Reply | 'drop'>): Promise<Reply | 'drop'> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Failure) return service.refuse(cause);
    const why = cause instanceof Error ? cause.message : String(cause);
    return service.refuse(new Failure(500, 'InternalServerError', `The sandbox failed: ${why}`, { cause }));
  }
}

/** Undefined when it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  }
  return bytes > bodyBytesMax ? undefined : Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, reply: Reply): void {
  const text = reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body));
  response.writeHead(reply.status, {
    ...(text === '' ? {} : { 'content-type': reply.text === undefined ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8' }),
    ...(reply.status === 204 ? {} : { 'content-length': String(Buffer.byteLength(text)) }),
    ...reply.headers,
  });
  response.end(reply.status === 204 ? undefined : text);
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

/** The body as an object, or a 400 as Azure words it. */
export function jsonBody(call: Call): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(call.body);
  } catch (cause) {
    throw new Failure(
      400,
      'InvalidRequestContent',
      `The request content was invalid and could not be deserialized: '${cause instanceof Error ? cause.message : String(cause)}'.`,
      { cause },
    );
  }
  if (!isObject(value)) throw new Failure(400, 'InvalidRequestContent', 'The request content was invalid: a JSON object is expected.');
  return value;
}

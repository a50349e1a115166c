import { lookup as systemLookup } from 'node:dns/promises';
import { access, readFile } from 'node:fs/promises';
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { connect as tcpConnect, isIP } from 'node:net';
import { callbackify } from 'node:util';
import { connect as tlsConnect, getCACertificates } from 'node:tls';
import { AzureCliCredential, ManagedIdentityCredential } from '@azure/identity';
import type { HostAnswer, HostProbe, HostReply, HostRequest, Silence } from '../ports/index.ts';

export interface HostProbeOptions {
  /** PEM of a further authority, as CLOUD_CA_FILE names it. */
  readonly ca?: string | undefined;
  /** Identity endpoints answer within a second or not at all. */
  readonly timeoutSeconds?: number;
  /** Replaces the system's name service, in tests. */
  readonly lookUp?: (name: string) => Promise<readonly string[]>;
  readonly nowMs?: () => number;
}

const bodyBytesMax = 64 * 1024;

/** The host's own network, asked with Node's clients alone: no retries, no redirects, no proxy unless named, so that what is seen is what is there. */
export function hostProbe(options: HostProbeOptions = {}): HostProbe {
  const timeoutMs = (options.timeoutSeconds ?? 5) * 1000;
  const resolve = options.lookUp ?? systemNames;
  const ca = options.ca === undefined ? undefined : [...getCACertificates('default'), options.ca];
  return {
    ask: (request) => settled(() => ask(request, { timeoutMs, ca, resolve })),
    async lookUp(name) {
      if (isIP(name) !== 0) return { kind: 'addresses', addresses: [name] };
      return settled(async () => ({ kind: 'addresses', addresses: await inTime(resolve(name), timeoutMs) }) as const);
    },
    connect: (to) => settled(() => connected(to, { timeoutMs, ca, resolve })),
    exists: (path) =>
      access(path).then(
        () => true,
        () => false,
      ),
    readText: (path) => readFile(path, 'utf8').catch(() => undefined),
    async libraryToken({ by, resource, clientId }) {
      const credential =
        by === 'azure-cli'
          ? new AzureCliCredential()
          : clientId === undefined
            ? new ManagedIdentityCredential()
            : new ManagedIdentityCredential({ clientId });
      try {
        const token = await credential.getToken(`${resource.replace(/\/+$/, '')}/.default`, { abortSignal: AbortSignal.timeout(60_000) });
        return { kind: 'token', token: token.token };
      } catch (error) {
        return { kind: 'refused', text: error instanceof Error ? error.message : String(error) };
      }
    },
    nowMs: options.nowMs ?? Date.now,
  };
}

interface Wire {
  readonly timeoutMs: number;
  readonly ca: readonly string[] | undefined;
  readonly resolve: (name: string) => Promise<readonly string[]>;
}

async function ask({ url: given, headers = {}, form, proxy }: HostRequest, wire: Wire): Promise<HostReply> {
  const url = new URL(given);
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  const tls = url.protocol === 'https:';
  const agent = agentFor(tls, proxy);
  const options: RequestOptions = {
    agent,
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'user-agent': 'mi-audit-doctor',
      accept: 'application/json',
      ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    signal: AbortSignal.timeout(wire.timeoutMs),
    ...(proxy === undefined && { autoSelectFamily: true, lookup: lookupBy(wire.resolve) }),
  };
  try {
    const message = await new Promise<IncomingMessage>((done, fail) => {
      const request = tls
        ? tlsRequest(url, { ...options, ...(wire.ca !== undefined && { ca: [...wire.ca] }) }, done)
        : plainRequest(url, options, done);
      request.on('error', fail).end(body);
    });
    return await readAnswer(message);
  } finally {
    agent.destroy();
  }
}

/** Node's own agents speak to proxies; an agent without `proxyEnv` ignores the environment. */
function agentFor(tls: boolean, proxy: string | undefined): PlainAgent {
  const via = proxy === undefined ? undefined : /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  const proxyEnv = via === undefined ? {} : { proxyEnv: { HTTP_PROXY: via, HTTPS_PROXY: via } };
  return tls ? new TlsAgent({ keepAlive: false, ...proxyEnv }) : new PlainAgent({ keepAlive: false, ...proxyEnv });
}

async function readAnswer(message: IncomingMessage): Promise<HostAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= bodyBytesMax) break;
  }
  const headers = Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(', ')] as const);
  return {
    kind: 'answer',
    status: message.statusCode ?? 0,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).subarray(0, bodyBytesMax).toString('utf8'),
  };
}

async function connected(
  { host, port, tls }: { readonly host: string; readonly port: number; readonly tls: boolean },
  wire: Wire,
): Promise<{ readonly kind: 'connected' }> {
  const where = { host, port, autoSelectFamily: true, lookup: lookupBy(wire.resolve) };
  const socket = tls
    ? tlsConnect({ ...where, ...(isIP(host) === 0 && { servername: host }), ...(wire.ca !== undefined && { ca: [...wire.ca] }) })
    : tcpConnect(where);
  try {
    await new Promise<void>((done, fail) => {
      socket.setTimeout(wire.timeoutMs, () =>
        fail(Object.assign(new Error(`no answer within ${wire.timeoutMs / 1000} s`), { code: 'ETIMEDOUT' })),
      );
      socket.once(tls ? 'secureConnect' : 'connect', () => done()).once('error', fail);
    });
    return { kind: 'connected' };
  } finally {
    socket.on('error', () => undefined).destroy();
  }
}

const systemNames = async (name: string): Promise<readonly string[]> =>
  (await systemLookup(name, { all: true })).map(({ address }) => address);

/** In the callback form that sockets want: they ask for all addresses, as `autoSelectFamily` is on. */
function lookupBy(resolve: Wire['resolve']): NonNullable<RequestOptions['lookup']> {
  const found = callbackify(async (name: string) => {
    const addresses = await resolve(name);
    if (addresses.length === 0) throw Object.assign(new Error(`${name} has no address`), { code: 'ENOTFOUND' });
    return addresses.map((address) => ({ address, family: isIP(address) }));
  });
  return (name, _options, callback) => found(name, callback);
}

async function inTime<Value>(work: Promise<Value>, timeoutMs: number): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' })), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function settled<Value>(work: () => Promise<Value>): Promise<Value | Silence> {
  try {
    return await work();
  } catch (error) {
    return silence(error);
  }
}

function silence(error: unknown): Silence {
  const all = error instanceof AggregateError ? [error, ...(error.errors as unknown[])] : [error];
  const codes = all.flatMap((one) => (one instanceof Error && 'code' in one && typeof one.code === 'string' ? [one.code] : []));
  const timedOut = all.some((one) => one instanceof Error && (one.name === 'TimeoutError' || one.name === 'AbortError'));
  const words = all.map((one) => (one instanceof Error ? one.message : String(one))).find((text) => text !== '') ?? '';
  const reason = timedOut ? 'timeout' : (codes.map(reasonOf).find((known) => known !== undefined) ?? 'broken');
  return { kind: 'silence', reason, text: timedOut ? 'no complete answer in time' : words === '' ? codes.join(', ') : words };
}

function reasonOf(code: string): Silence['reason'] | undefined {
  if (code === 'ETIMEDOUT') return 'timeout';
  if (code === 'ECONNREFUSED') return 'refused';
  if (/^(EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL|EACCES)$/.test(code)) return 'unreachable';
  if (/^(ENOTFOUND|EAI_AGAIN|EAI_NODATA|ENODATA)$/.test(code)) return 'unknown-name';
  if (/CERT|TLS|SSL|ISSUER|SELF_SIGNED|ERR_OSSL/.test(code)) return 'certificate';
  return undefined;
}

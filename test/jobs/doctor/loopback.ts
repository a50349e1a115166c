import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { generate } from 'selfsigned';
import { afterEach } from 'vitest';

/** Servers that play the host's surroundings: identity endpoints, proxies, vaults. All are closed after each test. */
export type Answer = (
  request: IncomingMessage,
  body: string,
) => { readonly status?: number; readonly headers?: Record<string, string>; readonly body: string };

const open: Server[] = [];
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

export async function listen(answer: Answer, tls?: { readonly key: string; readonly cert: string }): Promise<number> {
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const reply = answer(request, body);
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers }).end(reply.body);
    });
  };
  return started(tls === undefined ? createServer(listener) : createTlsServer(tls, listener));
}

/** A proxy that tunnels every CONNECT to one port here, and counts. */
export async function tunnel(to: number): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((_request, response) => void response.writeHead(502).end());
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    asked.push(request.url ?? '');
    const upstream = connect(to, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    for (const end of [upstream, client]) end.on('error', () => undefined);
  });
  return { port: await started(server), asked };
}

async function started(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port that nothing listens on. */
export async function deadPort(): Promise<number> {
  const server = createServer();
  const port = await started(server);
  open.splice(open.indexOf(server), 1);
  await new Promise((resolve) => void server.close(resolve));
  return port;
}

export async function certificateFor(
  ...names: readonly string[]
): Promise<{ readonly key: string; readonly cert: string; readonly ca: string }> {
  const pems = await generate([{ name: 'commonName', value: names[0]! }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
      { name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  return { key: pems.private, cert: pems.cert, ca: pems.cert };
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Shaped like Entra's, signed by nobody. */
export const token = (claims: object): string => `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}.c2lnbmF0dXJl`;

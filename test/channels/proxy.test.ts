import { createServer as createProxy, type Server } from 'node:http';
import { createServer } from 'node:https';
import { connect } from 'node:net';
import { generate } from 'selfsigned';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { teamsWebhook } from '../../src/channels/teams-webhook.ts';
import { card } from './receivers.ts';

const host = 'workflow.contoso.example';
const open: Pick<Server, 'close' | 'closeAllConnections'>[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function portOf(server: Server): Promise<number> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A proxy that lets through to this port, whatever the name, or nobody. */
function proxy(to: number | undefined): Promise<number> {
  const server = createProxy();
  server.on('connect', (_, socket) => {
    socket.on('error', () => undefined);
    if (to === undefined) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  return portOf(server);
}

describe('behind a proxy of the environment', () => {
  test('a card arrives, and the private authority still counts', async () => {
    const pair = await generate([{ name: 'commonName', value: host }], {
      keyType: 'ec',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: host }] }],
    });
    const bodies: string[] = [];
    const to = await portOf(
      createServer({ key: pair.private, cert: pair.cert }, (request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          bodies.push(body);
          response.writeHead(202).end();
        });
      }),
    );
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await proxy(to)}`);
    const send = teamsWebhook({ url: `https://${host}/w?sig=x`, ca: pair.cert, timeoutSeconds: 10 });
    expect(await send(card(), 'delivery-1')).toEqual({ kind: 'delivered' });
    expect(bodies).toEqual([card()]);
  });

  test('that lets nobody through, nothing was sent, and the proxy is named as the reason', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await proxy(undefined)}`);
    const send = teamsWebhook({ url: `https://${host}/w?sig=x`, timeoutSeconds: 10 });
    expect(await send(card(), 'delivery-1')).toEqual({
      kind: 'later',
      why: expect.stringContaining('proxy on the way to the Teams webhook answered HTTP 407'),
    });
  });
});

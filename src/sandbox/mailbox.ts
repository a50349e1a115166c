import { randomBytes } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { Certificates } from './certificates.ts';
import type { Faults } from './faults.ts';
import { Failure } from './failure.ts';
import type { RequestRecord } from './http.ts';

/** A mail as the mail server took it. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Uint8Array;
}

export interface Mailbox {
  /** `smtps://user:password@localhost:port` */
  readonly url: string;
  envelopes(): readonly Envelope[];
  close(): Promise<void>;
}

const mailBytesMax = 25 * 1024 * 1024;
const user = 'mi-audit';

/**
 * A real SMTP server on loopback: TLS, a user and a password, mailboxes for everybody. The world's faults match its commands like calls:
 * `AUTH /`, `MAIL /<sender>`, `RCPT /<recipient>`, `DATA /`.
 */
export async function openMailbox(
  { key, cert }: Pick<Certificates, 'key' | 'cert'>,
  around: {
    readonly faults: Faults;
    readonly record: (request: RequestRecord) => void;
    readonly arrived: (envelope: Envelope) => void;
  },
): Promise<Mailbox> {
  const password = randomBytes(18).toString('base64url');
  const kept: Envelope[] = [];
  const sockets = new Map<number, Socket>();
  let server: Promise<SMTPServer> | undefined;
  const keep = (envelope: Envelope): void => {
    kept.push(envelope);
    around.arrived(envelope);
  };

  /** Undefined: go on. `drop` has broken the connection: nobody is left to answer. */
  async function command(method: string, path: string, session: SMTPServerSession, work: () => void): Promise<Error | undefined | 'drop'> {
    const call = { method, path, query: new URLSearchParams(), headers: {}, body: '', origin: '' };
    const reply = await around.faults.around(
      call,
      () => {
        work();
        return { status: 250 };
      },
      ({ status, message }) => ({ status, body: message }),
    );
    around.record({ service: 'mailbox', method, path, status: reply === 'drop' ? 0 : reply.status });
    if (reply === 'drop') {
      sockets.get(session.remotePort)?.destroy();
      return 'drop';
    }
    return reply.status < 400 ? undefined : Object.assign(new Error(String(reply.body)), { responseCode: reply.status });
  }
  async function settle(outcome: Promise<Error | undefined | 'drop'>, callback: (error?: Error | null) => void): Promise<void> {
    let result: Error | undefined | 'drop';
    try {
      result = await outcome;
    } catch (cause) {
      result = cause instanceof Error ? cause : new Error(String(cause));
    }
    if (result !== 'drop') callback(result ?? null);
  }

  /** Loaded with the first connection: most runs of a world send no mail. */
  const started = async (): Promise<SMTPServer> => {
    const { SMTPServer } = await import('smtp-server');
    return new SMTPServer({
      secure: true,
      key,
      cert,
      size: mailBytesMax,
      rejectOversized: true,
      disableReverseLookup: true,
      logger: false,
      onAuth(auth, session, callback) {
        const known = auth.username === user && auth.password === password;
        const denied = new Failure(535, '5.7.8', 'Authentication credentials invalid');
        void settle(
          command('AUTH', '/', session, () => undefined).then((trouble) => trouble ?? (known ? undefined : withCode(denied))),
          (error) => (error ? callback(error) : callback(null, { user })),
        );
      },
      onMailFrom: ({ address }, session, callback) =>
        void settle(
          command('MAIL', `/${address}`, session, () => undefined),
          callback,
        ),
      onRcptTo: ({ address }, session, callback) =>
        void settle(
          command('RCPT', `/${address}`, session, () => undefined),
          callback,
        ),
      onData(stream, session, callback) {
        void settle(
          read(stream).then((raw) => command('DATA', '/', session, () => keep(envelopeOf(session, raw)))),
          callback,
        );
      },
    }).on('error', () => undefined);
  };

  const front = createServer((socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.on('close', () => sockets.delete(remotePort)).on('error', () => undefined);
    server ??= started();
    server.then(
      (ready) => ready.server.emit('connection', socket),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(0, '127.0.0.1', resolve);
  });
  const address = front.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `smtps://${user}:${password}@localhost:${port}`,
    envelopes: () => [...kept],
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets.values()) socket.destroy();
      }),
  };
}

const withCode = (failure: Failure): Error => Object.assign(new Error(failure.message), { responseCode: failure.status });

async function read(stream: SMTPServerDataStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const envelopeOf = ({ envelope }: SMTPServerSession, raw: Buffer): Envelope => ({
  from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
  to: envelope.rcptTo.map(({ address }) => address),
  raw,
});

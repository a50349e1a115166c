import { Readable } from 'node:stream';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Delivery, Messenger } from '../ports/index.ts';
import { isLoopback, mailServerOf, type MailServer } from './mail-server.ts';
import { mimeOf } from './mime.ts';
import { failedDelivery, takenDelivery } from './smtp-answer.ts';
import { trusting } from './trust.ts';

export interface SmtpOptions {
  /** `smtps://user:password@host:port`: a secret. */
  readonly url: string;
  readonly from: string;
  /** PEM of an authority that counts besides those that the machine trusts. */
  readonly ca?: string;
  /** To connect, to be greeted, and between two answers. */
  readonly timeoutSeconds?: number;
}

/** Hands mails to a mail server, one connection each: they are few, and a kept one is often dead when needed. */
export function smtp({ url, from, ca, timeoutSeconds = 30 }: SmtpOptions): Messenger['sendMail'] {
  const trust = trusting(ca);
  return async (mail, recipients, reference) => {
    const server = mailServerOf(url);
    if (server === undefined) return refused('SMTP_URL is not smtps://USER:PASSWORD@HOST:PORT');
    const wrong = [from, ...recipients].filter((address) => !isAddress(address));
    if (recipients.length === 0) return refused('nobody is to get it');
    if (wrong.length > 0) return refused(`${wrong.length === 1 ? 'an address is' : `${wrong.length} addresses are`} not usable`);
    let message: Buffer;
    try {
      message = await mimeOf(mail, from, recipients, messageIdOf(reference, from));
    } catch {
      // The composer's words repeat what it was given.
      return refused('it could not be put together');
    }
    return hand({ from, to: [...recipients], size: message.length }, message, server, { trust: trust(), timeoutMs: timeoutSeconds * 1000 });
  };
}

interface Connecting {
  readonly trust: object;
  readonly timeoutMs: number;
}

/** From the greeting to the answer to the last dot. Never throws. */
async function hand(envelope: SMTPConnection.Envelope, message: Buffer, server: MailServer, on: Connecting): Promise<Delivery> {
  const { default: Connection } = await import('nodemailer/lib/smtp-connection');
  const connection: SMTPConnection = new Connection({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && !isLoopback(server),
    connectionTimeout: on.timeoutMs,
    greetingTimeout: on.timeoutMs,
    dnsTimeout: on.timeoutMs,
    socketTimeout: on.timeoutMs,
    tls: { minVersion: 'TLSv1.2', ...on.trust },
    // Its log would hold what was said to the server.
    logger: false,
  });
  const going = { begun: false };
  // Read from the moment on that the server asked for the message; until then none of it can have arrived.
  const body = new Readable({
    read() {
      going.begun = true;
      this.push(message);
      this.push(null);
    },
  });
  return new Promise((resolve) => {
    const end = (delivery: Delivery): void => {
      clearTimeout(overall);
      resolve(delivery);
      connection.close();
    };
    const fail = (error: unknown): void => end(failedDelivery(error, going.begun));
    // A server that says a word now and then never runs into the time-out between two answers.
    const overall = setTimeout(() => fail(undefined), on.timeoutMs * 4);
    const send = (): void => {
      connection.send(envelope, body, (error, info) => (error ? fail(error) : end(takenDelivery(info))));
    };
    connection.on('error', fail);
    connection.connect((error) => {
      if (error !== undefined) return fail(error);
      if (server.auth === undefined) return send();
      connection.login({ user: server.auth.user, credentials: server.auth }, (denied) => (denied ? fail(denied) : send()));
    });
  });
}

/** As the settings check it, once more: these become commands to the server. */
const isAddress = (address: string): boolean =>
  /^[^\s@<>,;:"()[\]\\]{1,64}@[A-Za-z0-9.-]{1,253}$/.test(address) && /^[!-~]*$/.test(address);

/** The same for each attempt, so that many mail servers and readers show a repeated mail once. */
const messageIdOf = (reference: string, from: string): string =>
  `<${reference.replace(/[^\w.-]/g, '-').slice(0, 200)}@${from.slice(from.lastIndexOf('@') + 1)}>`;

const refused = (reason: string): Delivery => ({ kind: 'refused', why: `The mail was not sent: ${reason}.` });

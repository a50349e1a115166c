import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Delivery } from '../../src/ports/index.ts';
import { card, mail, people, receivers } from './receivers.ts';

/** Each row: what the world does to the first attempt, what the sender makes of it, and how many arrived. */
const cardCases: readonly (readonly [name: string, fault: object, expected: object, arrived: number])[] = [
  ['takes it', { times: 0 }, { kind: 'delivered' }, 1],
  ['throttles, with seconds', { status: 429, retryAfterSeconds: 17 }, { kind: 'later', retryAfterSeconds: 17 }, 0],
  ['throttles, without a word', { status: 429 }, { kind: 'later' }, 0],
  ['is broken', { status: 500 }, { kind: 'later' }, 0],
  ['is down', { status: 503, retryAfterSeconds: 5 }, { kind: 'later', retryAfterSeconds: 5 }, 0],
  ['times out behind its gateway', { status: 504, afterwards: true }, { kind: 'unknown' }, 1],
  ['drops the connection', { dropConnection: true }, { kind: 'unknown' }, 0],
  ['takes it and dies', { dropConnection: true, afterwards: true }, { kind: 'unknown' }, 1],
  ['does not like the payload', { status: 400 }, { kind: 'refused', why: expect.stringContaining('does not take this payload') }, 0],
  [
    'is turned off',
    { status: 400, code: 'WorkflowTriggerIsNotEnabled' },
    { kind: 'refused', why: expect.stringContaining('Turn it on') },
    0,
  ],
  ['does not know the signature', { status: 401 }, { kind: 'refused', why: expect.stringContaining('its owner left') }, 0],
  ['lets nobody in', { status: 403 }, { kind: 'refused', why: expect.stringContaining('Anyone') }, 0],
  ['is gone', { status: 404 }, { kind: 'refused', why: expect.stringContaining('was deleted') }, 0],
  ['is gone for good', { status: 410 }, { kind: 'refused', why: expect.stringContaining('was deleted') }, 0],
  ['finds it too large', { status: 413 }, { kind: 'refused', why: expect.stringContaining('larger') }, 0],
  ['moved', { status: 302 }, { kind: 'refused', why: expect.stringContaining('redirect') }, 0],
];

const mailCases: readonly (readonly [name: string, fault: object, expected: object, arrived: number])[] = [
  ['takes it', { match: 'DATA /', times: 0 }, { kind: 'delivered' }, 1],
  ['is busy', { match: 'DATA /', status: 451 }, { kind: 'later', why: expect.stringContaining('451') }, 0],
  ['wants this sender later', { match: 'MAIL /', status: 421 }, { kind: 'later' }, 0],
  ['refuses the content', { match: 'DATA /', status: 554 }, { kind: 'refused', why: expect.stringContaining('554') }, 0],
  ['refuses the sender', { match: 'MAIL /', status: 553 }, { kind: 'refused', why: expect.stringContaining('EMAIL_FROM') }, 0],
  [
    'knows none of the recipients',
    { match: 'RCPT /', status: 550 },
    { kind: 'refused', why: expect.stringContaining('none of the recipients') },
    0,
  ],
  [
    'does not know one of them',
    { match: `RCPT /${people[0]}`, status: 550 },
    { kind: 'delivered', note: expect.stringContaining(people[0]!) },
    1,
  ],
  ['refuses the password', { match: 'AUTH /', status: 535 }, { kind: 'refused', why: expect.stringContaining('user and password') }, 0],
  ['cannot check the password now', { match: 'AUTH /', status: 454 }, { kind: 'later' }, 0],
  ['dies at the sign-in', { match: 'AUTH /', dropConnection: true }, { kind: 'later' }, 0],
  ['dies before it asked for the mail', { match: 'RCPT /', dropConnection: true }, { kind: 'later' }, 0],
  ['dies before it took the mail', { match: 'DATA /', dropConnection: true }, { kind: 'unknown' }, 0],
  ['takes the mail and dies', { match: 'DATA /', dropConnection: true, afterwards: true }, { kind: 'unknown' }, 1],
];

describe('the messenger', () => {
  test.each(cardCases)('of a card: the Workflow %s', async (_, fault, expected, arrived) => {
    await using at = await receivers({ faults: [{ match: 'POST /powerautomate', ...fault }] });
    const outcome = await at.messenger.sendCard(card(), 'delivery-1');
    expect(outcome).toMatchObject(expected);
    expect((await at.received()).posts.map(({ reference }) => reference)).toEqual(Array.from({ length: arrived }, () => 'delivery-1'));
    expect(leaks(outcome, at.secrets)).toEqual([]);
  });

  test.each(mailCases)('of a mail: the server %s', async (_, fault, expected, arrived) => {
    await using at = await receivers({ faults: [fault] });
    const outcome = await at.messenger.sendMail(mail(), people, 'delivery-1');
    expect(outcome).toMatchObject(expected);
    expect((await at.received()).mails.map(({ messageId }) => messageId)).toEqual(
      Array.from({ length: arrived }, () => '<delivery-1@contoso.example>'),
    );
    expect(leaks(outcome, at.secrets)).toEqual([]);
  });

  test('keeps to the rate of the channel that a world sets', async () => {
    await using at = await receivers({ quota: { teams: { posts: 2, windowSeconds: 60 } } });
    const outcomes: Delivery[] = [];
    for (let n = 0; n < 3; n += 1) outcomes.push(await at.messenger.sendCard(card(), `delivery-${n}`));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'later']);
    expect(outcomes[2]).toMatchObject({ retryAfterSeconds: expect.closeTo(60, -1) });
  });

  test.each([
    ['larger than Teams takes', card('x'.repeat(29_000))],
    ['of a version that Teams does not show', card().replace('"1.5"', '"1.6"')],
    ['that is no message', '{"text":"hello"}'],
    ['that is no JSON', 'hello'],
  ])('is refused a card %s', async (_, payload) => {
    await using at = await receivers();
    expect(await at.messenger.sendCard(payload, 'delivery-1')).toMatchObject({ kind: 'refused' });
    expect((await at.received()).posts).toEqual([]);
  });

  test.each([
    ['a card as large as Teams keeps', 'ü'.repeat(14_000), 'delivered'],
    ['a card that is small on the wire and too large as Teams keeps it', '"'.repeat(9_000), 'refused'],
  ])('of %s', async (_, text, kind) => {
    await using at = await receivers();
    expect(await at.messenger.sendCard(card(text).replace(/,"fallbackText":.*(?=}}]})/, ''), 'delivery-1')).toMatchObject({ kind });
  });
});

describe('a receiver that is not the one', () => {
  const open: Server[] = [];
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of open.splice(0)) server.close();
  });

  /** Says these lines, one for each line that it hears, and then falls silent. */
  async function talker(lines: readonly string[]): Promise<number> {
    const server = createServer((socket) => {
      sockets.push(socket);
      const left = [...lines];
      const say = (): void => void (left.length > 0 && socket.write(`${left.shift()}\r\n`));
      socket.on('error', () => undefined).on('data', say);
      say();
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  const secret = 's3cret/With%25signs';
  const query = '?api-version=1&sig=c2lnbmF0dXJlLW9mLWEtd29ya2Zsb3c';

  test.each([
    ['where nobody listens', 'https://localhost:9/w', 'later'],
    ['whose name is unknown', 'https://nowhere.invalid/w', 'later'],
    ['without TLS', 'http://localhost:9/w', 'refused'],
    ['with a password in it', 'https://user:pass@localhost:9/w', 'refused'],
    ['that is none', 'not an address', 'refused'],
  ])('a webhook %s', async (_, webhook, kind) => {
    await using at = await receivers();
    const url = URL.canParse(webhook) ? `${webhook}${query}` : webhook;
    const { openMessenger } = await import('../../src/channels/index.ts');
    const outcome = await openMessenger({ webhook: url }, { communicationEmail: never }).sendCard(card(), 'delivery-1');
    expect(outcome).toMatchObject({ kind });
    expect(leaks(outcome, [url, 'c2lnbmF0dXJlLW9mLWEtd29ya2Zsb3c', ...at.secrets])).toEqual([]);
  });

  test('a mail server where nobody listens is not reached', async () => {
    const { smtp } = await import('../../src/channels/smtp.ts');
    const url = `smtp://user:${encodeURIComponent(secret)}@localhost:9`;
    const outcome = await smtp({ url, from: 'a@b.example' })(mail(), people, 'delivery-1');
    expect(outcome).toMatchObject({ kind: 'later', why: expect.stringContaining('ECONNREFUSED') });
    expect(leaks(outcome, [secret, url])).toEqual([]);
  });

  test('a webhook whose certificate nobody vouches for gets nothing', async () => {
    await using at = await receivers();
    const { openMessenger } = await import('../../src/channels/index.ts');
    const webhook = at.sandbox.environment['TEAMS_WEBHOOK_URL'] ?? '';
    const outcome = await openMessenger({ webhook }, { communicationEmail: never }).sendCard(card(), 'delivery-1');
    expect(outcome).toMatchObject({ kind: 'later', why: expect.stringMatching(/CERT|SIGNATURE|ISSUER/) });
    expect((await at.received()).posts).toEqual([]);
  });

  test.each([
    [
      'that repeats the password when it refuses it',
      ['220 hi', '250-me\r\n250 AUTH LOGIN', '334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6', `535 bad password ${secret}`],
      'refused',
    ],
    [
      'that repeats everything as an error',
      ['220 hi', '250-me\r\n250 AUTH PLAIN', `454 ${secret} ${Buffer.from(secret).toString('base64')}`],
      'later',
    ],
    ['that talks nonsense', ['GET / HTTP/1.1 400'], 'later'],
    ['that hangs up on everybody', ['421 go away'], 'later'],
    ['that falls silent', [], 'later'],
  ])('a mail server %s', async (_, lines, kind) => {
    const { smtp } = await import('../../src/channels/smtp.ts');
    const url = `smtp://us%40er:${encodeURIComponent(secret)}@localhost:${await talker(lines)}`;
    const outcome = await smtp({ url, from: 'a@b.example', timeoutSeconds: 0.3 })(mail(), people, 'delivery-1');
    expect(outcome).toMatchObject({ kind });
    expect(leaks(outcome, [secret, encodeURIComponent(secret), url, Buffer.from(secret).toString('base64')])).toEqual([]);
  });

  test('a mail server away from this machine without STARTTLS gets neither password nor mail', async () => {
    const { smtp } = await import('../../src/channels/smtp.ts');
    const heard: string[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', (chunk) => {
        heard.push(String(chunk).trim());
        socket.write(String(chunk).startsWith('EHLO') ? '250 AUTH PLAIN\r\n' : '502 not here\r\n');
      });
      socket.write('220 hi\r\n');
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '::ffff:127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    // The same machine by a name that is not taken for loopback.
    const url = `smtp://user:${encodeURIComponent(secret)}@[::ffff:7f00:1]:${port}`;
    const outcome = await smtp({ url, from: 'a@b.example', timeoutSeconds: 2 })(mail(), people, 'delivery-1');
    expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining('STARTTLS') });
    expect(heard.map((line) => line.split(' ')[0])).toEqual(['EHLO', 'STARTTLS']);
  });

  test.each([
    ['a line break', 'a@b.example\r\nRCPT TO:<c@d.example>'],
    ['two addresses in one', 'a@b.example,c@d.example'],
    ['an angle bracket', 'a@b.example>'],
    ['letters beyond ASCII', 'ä@b.example'],
  ])('a recipient with %s is not sent to', async (_, address) => {
    await using at = await receivers();
    expect(await at.messenger.sendMail(mail(), [people[0]!, address], 'delivery-1')).toMatchObject({ kind: 'refused' });
    expect((await at.received()).mails).toEqual([]);
  });
});

const never = (): never => {
  throw new Error('not asked for here');
};

/** Wherever somebody might print it: as text, as JSON, or as an object looked into. */
const leaks = (outcome: Delivery, secrets: readonly string[]): readonly string[] =>
  secrets.filter(
    (secret) => JSON.stringify(outcome).includes(secret) || Object.values(outcome).some((value) => String(value).includes(secret)),
  );

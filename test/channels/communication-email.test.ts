import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ManagedIdentityCredential } from '@azure/identity';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { communicationEmail, operationIdOf } from '../../src/azure/communication-email.ts';
import type { Messenger } from '../../src/ports/index.ts';
import { auditor, serve, type Serving } from '../sandbox/small-world.ts';
import { mail, people } from './receivers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function sender(s: Serving, endpoint = s.sandbox.environment['ACS_ENDPOINT'] ?? ''): Messenger['sendMail'] {
  for (const [name, value] of Object.entries(s.sandbox.environment)) vi.stubEnv(name, value);
  const credential = new ManagedIdentityCredential({ clientId: process.env['AZURE_CLIENT_ID'] ?? '' });
  const ca = readFileSync(s.sandbox.environment['CLOUD_CA_FILE'] ?? '', 'utf8');
  return communicationEmail({ endpoint, from: 'mi-audit@contoso.example', credential, ca, wait: async () => {}, timeoutSeconds: 5 });
}

const calls = (s: Serving): readonly string[] =>
  s.sandbox
    .requests()
    .filter(({ service }) => service === 'email')
    .map(({ method, status }) => `${method} ${status}`);
/** MSAL keeps tokens by client id for the life of the process: each sandbox gets an auditor of its own. */
const world = (...faults: readonly object[]): Promise<Serving> =>
  serve({ settings: { auditor: { ...auditor, clientId: randomUUID() }, faults } }, { mail: 'communication-services' });

describe('mail by Communication Services', () => {
  test('arrives with its headers and attachments, signed in as the managed identity', async () => {
    await using s = await world();
    const content = Buffer.from('name\r\nGrün & Söhne\r\n');
    const outcome = await sender(s)(
      mail({
        headers: {
          'Message-ID': '<a@contoso.example>',
          'List-Id': '<mi-audit.contoso.example>',
          'x-ms-acsemail-validate-message-id': 'true',
          Bcc: 'x@y.example',
        },
        attachments: [{ name: 'identities.csv', contentType: 'text/csv', content }],
      }),
      people,
      'delivery-1',
    );
    expect(outcome).toEqual({ kind: 'delivered' });
    const { mails } = await s.sandbox.received();
    expect(mails).toMatchObject([
      { from: 'mi-audit@contoso.example', to: people, subject: 'Something fails', messageId: '<a@contoso.example>' },
    ]);
    expect(Object.keys(mails[0]?.headers ?? {}).toSorted()).toEqual(['list-id', 'message-id']);
    expect(mails[0]?.attachments.map((one) => [one.name, Buffer.from(one.content).equals(content)])).toEqual([['identities.csv', true]]);
  });

  test('is sent once, although the answer to the first attempt was lost', async () => {
    await using s = await world({ match: 'POST /emails:send', dropConnection: true, afterwards: true, times: 1 });
    const send = sender(s);
    expect(await send(mail(), people, 'delivery-1')).toMatchObject({ kind: 'unknown' });
    expect(await send(mail(), people, 'delivery-1')).toEqual({ kind: 'delivered' });
    expect(await send(mail(), people, 'delivery-2')).toEqual({ kind: 'delivered' });
    expect((await s.sandbox.received()).mails).toHaveLength(2);
    expect(calls(s).filter((call) => call.startsWith('POST'))).toEqual(['POST 0', 'POST 202']);
  });

  test.each([
    ['throttled', { status: 429, retryAfterSeconds: 77 }, { kind: 'later', retryAfterSeconds: 77 }],
    ['down', { status: 503 }, { kind: 'later' }],
    ['timed out behind its gateway', { status: 504 }, { kind: 'unknown' }],
    ['forbidden', { status: 403 }, { kind: 'refused', why: expect.stringContaining('docs/channels.md') }],
    [
      'told a sender it does not know',
      { status: 400, code: 'DomainNotLinked' },
      { kind: 'refused', why: expect.stringContaining('DomainNotLinked') },
    ],
    ['cut off before it took the mail', { dropConnection: true }, { kind: 'unknown' }],
  ])('says what became of it: the service is %s', async (_, fault, expected) => {
    await using s = await world({ match: 'POST /emails:send', ...fault });
    expect(await sender(s)(mail(), people, 'delivery-1')).toMatchObject(expected);
    expect((await s.sandbox.received()).mails).toEqual([]);
    expect(calls(s).filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  test('counts as delivered when it was taken and its status cannot be asked', async () => {
    await using s = await world({ match: 'GET /emails/operations', status: 429, retryAfterSeconds: 3600 });
    expect(await sender(s)(mail(), people, 'delivery-1')).toMatchObject({
      kind: 'delivered',
      note: expect.stringContaining('still sending'),
    });
    expect((await s.sandbox.received()).mails).toHaveLength(1);
  });

  test('waits where nobody answers', async () => {
    await using s = await world();
    expect(await sender(s, 'https://localhost:9')(mail(), people, 'delivery-1')).toMatchObject({
      kind: 'later',
      why: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('derives a GUID from the reference', () => {
    expect(operationIdOf('delivery-1')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(operationIdOf('delivery-1')).toBe(operationIdOf('delivery-1'));
    expect(operationIdOf('delivery-1')).not.toBe(operationIdOf('delivery-2'));
  });
});

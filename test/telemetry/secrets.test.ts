import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { readSettings, secretsOf } from '../../src/config/index.ts';
import { safeError } from '../../src/functions/safe-error.ts';
import { inCall, inDelivery, inJob, safeText, tell } from '../../src/telemetry/index.ts';
import { listen, type Listening } from './listening.ts';

/** Planted in settings. */
const accountKey = 'c2VjcmV0LWtleS1vZi10aGUtc3RvcmFnZS1hY2NvdW50LXRoYXQtbm9ib2R5LXNlZXM9PT0=';
const planted = {
  TEAMS_WEBHOOK_URL:
    'https://prod-07.westeurope.logic.azure.com/workflows/0f1e2d3c4b5a/triggers/manual/paths/invoke?sp=%2Frun&sig=pL4ntedSignature%2Fx',
  SMTP_URL: 'smtps://mailer:pl4nted%2DPassw0rd@smtp.example.com:465',
  EMAIL_TO: 'on-call@example.com',
  EMAIL_FROM: 'mi-audit@example.com',
  STORE: `DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=${accountKey};EndpointSuffix=core.windows.net`,
  APPLICATIONINSIGHTS_CONNECTION_STRING: 'InstrumentationKey=5a3d2c1b-0000-4000-8000-00000000c0de;IngestionEndpoint=https://x.in.example/',
};
const read = readSettings(planted);
if (!('settings' in read)) throw new Error(JSON.stringify(read.problems));
const secrets = secretsOf(read.settings);
/** What must be nowhere, in the forms that an error may show it in. */
const needles = ['pL4ntedSignature', 'pl4nted%2DPassw0rd', 'pl4nted-Passw0rd', accountKey, '5a3d2c1b-0000-4000-8000-00000000c0de'];

/** Words of errors as libraries make them. */
const leaks = [
  planted.TEAMS_WEBHOOK_URL,
  `fetch failed: POST ${planted.TEAMS_WEBHOOK_URL} ECONNREFUSED`,
  `Invalid login for ${planted.SMTP_URL}: 535`,
  'Invalid login: user mailer, password pl4nted-Passw0rd',
  `Cannot parse ${planted.STORE}`,
  `{"AccountKey":"${accountKey}"}`,
  `Authorization: SharedKey acc:${accountKey}`,
  `config: ${JSON.stringify(planted)}`,
  `sig=pL4ntedSignature%2Fx&se=2026`,
  `ikey 5a3d2c1b-0000-4000-8000-00000000c0de`,
];

let heard: Listening | undefined;
afterEach(() => heard?.close());

describe('no secret of the settings', () => {
  it.each(leaks)('reaches an exporter, whatever tells it: %s', async (leak) => {
    heard = listen(secrets);
    const error = Object.assign(new Error(leak, { cause: new Error(leak) }), { code: leak, name: leak });
    const words = { why: () => leak, isSkipped: () => false };
    await inJob('audit', words, () => Promise.reject(error)).catch(() => {});
    const url = `https://x.example/${encodeURIComponent(leak)}?${leak}`;
    await inCall({ service: 'arm', method: 'GET', url, resends: 0 }, () => Promise.reject(error)).catch(() => {});
    await inCall({ service: 'arm', method: 'GET', url, resends: 0 }, async () => ({ status: 200, headers: { get: () => leak } }));
    await inDelivery(
      { name: 'on-call', kind: 'teams' },
      () => ({ outcome: 'given_up', why: leak }),
      async () => 1,
    );
    tell('mi_audit.gap', 'warn', { 'mi_audit.why': leak, 'mi_audit.gap.scope': leak });
    const all = await heard.everything();
    expect(all).toContain('[left out]');
    for (const needle of needles) expect(all).not.toContain(needle);
  });

  it.each(leaks)('reaches the log of the host: %s', async (leak) => {
    const error = await safeError(new Error(leak), planted);
    for (const needle of needles) expect(`${error.message} ${error.stack}`).not.toContain(needle);
    expect(error).toBeInstanceOf(Error);
  });

  it('is taken for one where there is none', async () => {
    const error = new TypeError('Reading properties of /subscriptions/5e0c6a2f/resourceGroups/rg failed');
    expect(await safeError(error, planted)).toBe(error);
    expect(secretsOf({ senders: { webhooks: {} }, telemetry: { kind: 'off' } })).toEqual([]);
  });
});

describe('text for an exporter', () => {
  const safe = safeText([]);

  it.each([
    ['Bearer eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0.c2lnbmF0dXJl', 'eyJ'],
    ['token eyJhbGciOiJSUzI1NiJ9.eyJvaWQiOiIxIn0 cut', 'eyJ'],
    ['authorization: Bearer 0.AXEAz-opaque_token', 'opaque_token'],
    ['https://acc.blob.core.windows.net/c?sv=2024&sig=abcDEF%2B', 'abcDEF'],
    ['password=hunter2hunter2;', 'hunter2'],
    ['{"client_secret":"s3cr3tvalue"}', 's3cr3t'],
    ['client_secret: s3cr3tvalue', 's3cr3t'],
    ['smtp://me:hunter2@host', 'hunter2'],
    ['https://contoso.webhook.office.com/webhookb2/11@22/IncomingWebhook/33/44', 'IncomingWebhook/33'],
    [`key ${Buffer.alloc(64, 'k').toString('base64')}`, 'a2tra2tr'],
    ['x-functions-key: abcdef123456==', 'abcdef123456'],
  ])('leaves out %s', (text, needle) => {
    expect(safe(text)).not.toContain(needle);
    expect(safe(text)).toContain('[left out]');
  });

  it.each([
    'Audit 20261120T080000Z: 1 new, 0 resolved, 0 reopened; complete.',
    '/subscriptions/5e0c6a2f-7a0c-4f0e-9a0e-1d2c3b4a5f60/resourceGroups/rg-Prod/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-orders',
    'The auditor needs Storage Table Data Contributor at https://acc.table.core.windows.net/miaudit.',
    'Microsoft.Authorization/roleAssignments/read is missing: tokens were refused.',
    'mi_audit.call',
    'no complete answer within 100 s',
  ])('leaves alone %s', (text) => {
    expect(safe(text)).toBe(text);
  });

  it('is one line without control characters, of bounded length, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_200 }), (text) => {
        const made = safe(text);
        expect(made).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
        expect(made.length).toBeLessThanOrEqual(1_000);
        expect(made.isWellFormed()).toBe(true);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('takes no longer for text that was made to take long', () => {
    for (const unit of ['a', '://', 'https://a?', 'password=', 'eyJ', '/', 'A=', 'secret"'])
      expect(safe(unit.repeat(200_000)).length).toBeLessThanOrEqual(1_000);
  }, 60_000);
});

import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { maskedSettings, readSettings } from '../../src/config/index.ts';

const secretUrl = 'https://prod-1.logic.azure.com/workflows/abc?sig=VERY-SECRET';
const mail = { EMAIL_FROM: 'mi-audit@example.com', SMTP_URL: 'smtps://me:VERY-SECRET@smtp.example.com:465' };

function settingsOf(given: Record<string, string>) {
  const read = readSettings(given);
  if ('settings' in read) return read.settings;
  throw new Error(read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; '));
}
function problemsOf(given: Record<string, string>): readonly string[] {
  const read = readSettings(given);
  return 'problems' in read ? read.problems.map(({ setting, text }) => `${setting} ${text}`) : [];
}
const listed = (channel: object, more: Record<string, string> = {}) =>
  problemsOf({ CHANNELS: JSON.stringify([channel]), ON_CALL: secretUrl, ...mail, ...more });
const onCall = { name: 'on-call', teams: { webhook: 'ON_CALL' } };

describe('channels', () => {
  it('are none where nothing is set', () => {
    expect(settingsOf({})).toMatchObject({ channels: [], senders: { webhooks: {} } });
  });

  it('are one for Teams and one for mail in the simple case', () => {
    const { channels, senders } = settingsOf({ TEAMS_WEBHOOK_URL: secretUrl, EMAIL_TO: 'a@example.com, b@example.com', ...mail });
    expect(channels.map(({ name, kind, purposes, recipients }) => [name, kind, purposes.join(), recipients.join()])).toEqual([
      ['teams', 'teams', 'alerts,digest', ''],
      ['email', 'email', 'alerts,digest,review', 'a@example.com,b@example.com'],
    ]);
    expect(senders).toEqual({ webhooks: { teams: secretUrl }, mail: { kind: 'smtp', url: mail.SMTP_URL, from: mail.EMAIL_FROM } });
    expect(JSON.stringify(channels)).not.toContain('SECRET');
  });

  it('are read in full, with what is left out filled in', () => {
    const { channels, senders } = settingsOf({
      CHANNELS: JSON.stringify([
        {
          ...onCall,
          purposes: ['alerts'],
          filter: { severity: 'high', topics: ['orphaned-assignment', 'role-removed'], tags: ['environment=production'] },
          quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
        },
        { name: 'security', email: { to: ['security@example.com'] }, messagesPerHourMax: 3 },
      ]),
      ON_CALL: secretUrl,
      EMAIL_FROM: 'mi-audit@example.com',
      ACS_ENDPOINT: 'https://acs.communication.azure.com/',
    });
    expect(channels[0]).toEqual({
      name: 'on-call',
      kind: 'teams',
      recipients: [],
      purposes: ['alerts'],
      filter: { severity: 'high', topics: ['orphaned-assignment', 'role-removed'], tags: ['environment=production'] },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin', exceptSeverity: 'critical' },
      messagesPerHourMax: 20,
    });
    expect(channels[1]).toMatchObject({ kind: 'email', purposes: ['alerts', 'digest', 'review'], filter: {}, messagesPerHourMax: 3 });
    expect(senders).toMatchObject({
      webhooks: { 'on-call': secretUrl },
      mail: { kind: 'acs', endpoint: 'https://acs.communication.azure.com' },
    });
  });

  it.each([
    ['an unknown severity', { ...onCall, filter: { severity: 'urgent' } }, /^CHANNELS \[0\]\.filter\.severity must be one of critical/],
    ['an unknown topic', { ...onCall, filter: { topics: ['no-such'] } }, /^CHANNELS \[0\]\.filter\.topics\[0\] names no rule and no cause/],
    ['a name that nothing reads', { ...onCall, filters: {} }, /^CHANNELS \[0\] has a name that nothing reads; it may have name, teams/],
    [
      'a time zone nobody has',
      { ...onCall, quietHours: { from: '22:00', to: '07:00', timeZone: 'Mars/Base' } },
      /timeZone must be an IANA/,
    ],
    ['an offset as time zone', { ...onCall, quietHours: { from: '22:00', to: '07:00', timeZone: '+01:00' } }, /timeZone must be an IANA/],
    [
      'a quiet time without length',
      { ...onCall, quietHours: { from: '22:00', to: '22:00', timeZone: 'UTC' } },
      /begin and end at the same/,
    ],
    ['a time that is none', { ...onCall, quietHours: { from: '24:00', to: '7', timeZone: 'UTC' } }, /from must be a time of day/],
    ['no way to tell', { name: 'x' }, /\[0\] must have either teams or email/],
    ['two ways at once', { ...onCall, email: { to: ['a@example.com'] } }, /\[0\] must have either teams or email/],
    ['a name with capitals', { ...onCall, name: 'On Call' }, /\[0\]\.name must be 1 to 40/],
    [
      'a header in an address',
      { name: 'x', email: { to: ['a@example.com\r\nBcc: b@example.com'] } },
      /email\.to\[0\] must be a mail address/,
    ],
    ['nothing at all to send', { ...onCall, purposes: [] }, /purposes is empty/],
    ['no cap', { ...onCall, messagesPerHourMax: 0 }, /messagesPerHourMax must be a whole number/],
    ['a webhook that is not set', { name: 'x', teams: { webhook: 'ABSENT' } }, /\[0\]\.teams\.webhook names ABSENT, which is not set/],
  ])('refuse %s in words', (_, channel, words) => {
    expect(listed(channel).join('\n')).toMatch(words);
  });

  it('tell everything that is wrong at once', () => {
    expect(listed({ name: 'A', email: { to: [] }, purposes: ['pager'] }, { EMAIL_TO: 'x' })).toHaveLength(3);
    expect(problemsOf({ CHANNELS: JSON.stringify([onCall, onCall]), ON_CALL: 'http://x', EMAIL_TO: 'a@example.com' })).toEqual([
      'CHANNELS [0].teams.webhook names ON_CALL, which must be an https URL',
      'CHANNELS [1].name stands twice',
      'CHANNELS [1].teams.webhook names ON_CALL, which must be an https URL',
      'EMAIL_TO has no effect beside CHANNELS: name the addresses there',
    ]);
  });

  it.each([
    ['mail without a server', { EMAIL_TO: 'a@example.com' }, ['SMTP_URL', 'EMAIL_FROM']],
    ['two ways for mail', { ...mail, ACS_ENDPOINT: 'https://acs' }, ['ACS_ENDPOINT']],
    ['a webhook without TLS', { TEAMS_WEBHOOK_URL: 'http://host/' }, ['TEAMS_WEBHOOK_URL']],
    ['a reference that was not resolved', { TEAMS_WEBHOOK_URL: '@Microsoft.KeyVault(SecretUri=https://v)' }, ['TEAMS_WEBHOOK_URL']],
    ['a webhook that no channel names', { CHANNELS: '[]', TEAMS_WEBHOOK_URL: secretUrl }, ['TEAMS_WEBHOOK_URL']],
    ['a list that is no JSON', { CHANNELS: 'on-call' }, ['CHANNELS']],
    ['a page without TLS', { SITE_URL: 'http://page' }, ['SITE_URL']],
    ['a queue without TLS', { STORE_QUEUES: 'http://queue' }, ['STORE_QUEUES']],
  ])('refuse %s', (_, given: Record<string, string>, settings) => {
    expect(problemsOf(given).map((line) => line.split(' ')[0])).toEqual(settings);
  });

  it('never repeat a secret, wherever it was put', () => {
    for (const given of [
      { TEAMS_WEBHOOK_URL: secretUrl.replace('https', 'http') },
      { SMTP_URL: 'pop3://me:VERY-SECRET@host' },
      { CHANNELS: `[{"name":"x","teams":{"webhook":"${secretUrl}"}}]` },
      { CHANNELS: secretUrl },
      { CHANNELS: `[{"name":"x","teams":{"webhook":"ON_CALL","${secretUrl}":1}}]`, ON_CALL: 'http://VERY-SECRET' },
    ]) {
      expect(problemsOf(given)).not.toEqual([]);
      expect(problemsOf(given).join()).not.toContain('SECRET');
      expect(JSON.stringify(maskedSettings(given))).not.toContain('SECRET');
    }
    expect(JSON.stringify(maskedSettings({ TEAMS_WEBHOOK_URL: secretUrl, ...mail }))).not.toContain('SECRET');
  });

  it('answer any text with settings or problems', () => {
    fc.assert(
      fc.property(fc.json(), (CHANNELS) => {
        const read = readSettings({ CHANNELS });
        expect('settings' in read ? read.settings.channels.length >= 0 : read.problems.length > 0).toBe(true);
      }),
    );
  });
});

describe('the queue', () => {
  it.each([
    [{}, undefined],
    [{ STORE: '.mi-audit' }, undefined],
    [{ STORE: 'https://acc.table.core.windows.net' }, 'https://acc.queue.core.windows.net'],
    [{ STORE: 'https://acc.table.core.chinacloudapi.cn/' }, 'https://acc.queue.core.chinacloudapi.cn'],
    [{ STORE: 'https://acc.table.cosmos.azure.com', STORE_QUEUES: 'https://q.queue.core.windows.net' }, 'https://q.queue.core.windows.net'],
    [{ STORE: 'https://tables.example.com' }, undefined],
    [{ STORE: 'UseDevelopmentStorage=true' }, 'UseDevelopmentStorage=true'],
    [{ STORE: 'TableEndpoint=https://acc.table.core.windows.net;SharedAccessSignature=x' }, undefined],
  ])('of %j is %s', (given: Record<string, string>, expected) => {
    const { queues } = settingsOf(given);
    expect(queues?.kind === 'account' ? queues.url : queues?.connectionString).toBe(expected);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { describeSettings, localSettingsSample, maskedSettings, readSettings } from '../../src/config/index.ts';
import { defaultRuleSettings } from '../../src/rules/index.ts';

const settingsOf = (given: Record<string, string>) => {
  const read = readSettings(given);
  if ('settings' in read) return read.settings;
  throw new Error(read.problems.map(({ setting, text }) => `${setting} ${text}`).join('; '));
};
const problemsOf = (given: Record<string, string>) => {
  const read = readSettings(given);
  return 'problems' in read ? read.problems.map(({ setting }) => setting) : [];
};

const custom = {
  CLOUD: 'custom',
  CLOUD_RESOURCE_MANAGER_URL: 'https://localhost:1/',
  CLOUD_GRAPH_URL: 'https://localhost:1/graph',
  CLOUD_LOGS_URL: 'https://localhost:1/logs',
};

describe('reading settings', () => {
  it('needs nothing at all', () => {
    const settings = settingsOf({});
    expect(settings.cloud).toEqual({ name: 'AzureCloud' });
    expect(settings.credential).toEqual({ kind: 'managed-identity' });
    expect(settings.store).toBeUndefined();
    expect(settings.rules).toEqual(defaultRuleSettings);
  });

  it('takes an empty value for absent', () => {
    expect(readSettings(Object.fromEntries(describeSettings().map(({ name }) => [name, '  '])))).toEqual(readSettings({}));
  });

  it('tells every problem at once, each by its setting', () => {
    expect(
      problemsOf({
        AUDIT_SCHEDULE: '* * * * *',
        BROAD_GRANT_REVIEW_DAYS: '-1',
        AUDIT_NOW: '2026-01-01',
        CLOUD: 'custom',
        EXCLUDE_SCOPES: 'rg-app',
        CREDENTIAL: 'default',
      }).toSorted(),
    ).toEqual([
      'AUDIT_NOW',
      'AUDIT_SCHEDULE',
      'BROAD_GRANT_REVIEW_DAYS',
      'CLOUD_GRAPH_URL',
      'CLOUD_LOGS_URL',
      'CLOUD_RESOURCE_MANAGER_URL',
      'CREDENTIAL',
      'EXCLUDE_SCOPES',
    ]);
  });

  it.each([
    ['AUDIT_SCHEDULE', '0 0 5 * *'],
    ['AUDIT_SCHEDULE', '0 0 5 * * *; rm'],
    ['AUDIT_SUBSCRIPTIONS', 'prod'],
    ['AUDIT_PRINCIPALS', 'everyone'],
    ['AUDIT_NOW', '2026-11-20T08:00:00'],
    ['AUDIT_NOW', '2026-13-20T08:00:00Z'],
    ['REPLICATION_WINDOW_MINUTES', '1.5'],
    ['REPLICATION_WINDOW_MINUTES', '1e3'],
    ['BROAD_GRANT_REVIEW_DAYS', '0'],
    ['ASSIGNMENT_LIMIT_SHARE', '0'],
    ['ASSIGNMENT_LIMIT_SHARE', '80'],
    ['ASSIGNMENT_LIMIT_SHARE', 'most'],
    ['AZURE_CLIENT_ID', 'mi-audit'],
    ['STORE', 'http://account.table.core.windows.net'],
    ['CLOUD', 'public'],
    ['CLOUD_GRAPH_URL', 'https://graph.microsoft.us'],
    ['EXCLUDE_RULES', 'no-such-rule'],
  ])('refuses %s=%s', (name, value) => {
    expect(problemsOf({ [name]: value })).toEqual([name]);
  });

  it('never repeats a connection string in a problem', () => {
    const read = readSettings({ STORE: 'http://account.table.core.windows.net/?sig=secret', AUDIT_SCHEDULE: 'x' });
    expect(JSON.stringify(read)).not.toContain('secret');
  });

  it.each([
    ['.mi-audit', { kind: 'folder', path: '.mi-audit' }],
    ['/var/lib/https', { kind: 'folder', path: '/var/lib/https' }],
    ['C:\\audits', { kind: 'folder', path: 'C:\\audits' }],
    [
      'https://a.table.core.windows.net/',
      { kind: 'account', url: 'https://a.table.core.windows.net', credential: { kind: 'managed-identity' } },
    ],
    ['UseDevelopmentStorage=true', { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' }],
    [
      'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b==',
      { kind: 'connection-string', connectionString: 'DefaultEndpointsProtocol=https;AccountName=a;AccountKey=b==' },
    ],
  ])('understands STORE=%s', (given, store) => {
    expect(settingsOf({ STORE: given }).store).toEqual(store);
  });

  it('lets the store be signed in to differently from Azure', () => {
    const store = settingsOf({
      STORE: 'https://a.table.core.windows.net',
      CREDENTIAL: 'azure-cli',
      STORE_CREDENTIAL: 'managed-identity',
    }).store;
    expect(store).toMatchObject({ credential: { kind: 'managed-identity' } });
    expect(settingsOf({ STORE: 'https://a.table.core.windows.net', CREDENTIAL: 'azure-cli' }).store).toMatchObject({
      credential: { kind: 'azure-cli' },
    });
  });

  it('takes a custom cloud with the authority left out', () => {
    expect(settingsOf(custom).cloud).toEqual({
      name: 'custom',
      resourceManagerUrl: 'https://localhost:1',
      graphUrl: 'https://localhost:1/graph',
      logsUrl: 'https://localhost:1/logs',
    });
  });

  it('knows that the sovereign clouds hold half as many assignments', () => {
    expect(settingsOf({ CLOUD: 'AzureChinaCloud' }).rules.assignmentsPerSubscription).toBe(2000);
  });

  it('splits lists and drops empty parts', () => {
    expect(settingsOf({ REQUIRED_TAGS: ' owner, ,application,' }).rules.requiredTags).toEqual(['owner', 'application']);
  });

  it('writes an instant in one way', () => {
    expect(settingsOf({ AUDIT_NOW: '2026-11-20T09:00:00+01:00' }).now).toBe('2026-11-20T08:00:00.000Z');
  });

  it('answers anything with settings or problems, never with an exception', () => {
    const names = describeSettings().map(({ name }) => name);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), fc.string()), (given) => {
        const read = readSettings(given);
        expect('settings' in read ? true : read.problems.length > 0).toBe(true);
      }),
    );
  });
});

describe('describing settings', () => {
  it('says of each what it is for and how it looks', () => {
    for (const { name, about, example, group } of describeSettings())
      expect([name, about.length > 20, example !== '', group !== '']).toEqual([name, true, true, true]);
  });

  it.each([
    ['UseDevelopmentStorage=true;AccountKey=abc', '•••'],
    ['https://a.table.core.windows.net?sv=1&sig=abc', 'https://a.table.core.windows.net?•••'],
    ['https://a.table.core.windows.net', 'https://a.table.core.windows.net'],
    ['.mi-audit', '.mi-audit'],
  ])('shows STORE=%s as %s', (given, shown) => {
    expect(maskedSettings({ STORE: given }).find(({ name }) => name === 'STORE')?.value).toBe(shown);
  });

  it('keeps local.settings.sample.json up to date', () => {
    expect(readFileSync(new URL('../../local.settings.sample.json', import.meta.url), 'utf8')).toBe(localSettingsSample());
  });

  it('gives a sample that is JSON but for its comments, and that settings read', () => {
    const sample: unknown = JSON.parse(localSettingsSample().replace(/^\s*\/\/.*$/gm, ''));
    const values = (sample as { Values: Record<string, string> }).Values;
    expect(Object.keys(values)).toEqual(expect.arrayContaining(describeSettings().map(({ name }) => name)));
    expect(settingsOf(values)).toMatchObject({ credential: { kind: 'azure-cli' }, store: { kind: 'folder' } });
  });
});

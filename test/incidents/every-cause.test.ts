import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { services, type Denial } from '../../src/denials/index.ts';
import { causes, type Change } from '../../src/incidents/index.ts';
import {
  appSaid,
  armRefused,
  blobRefused,
  change,
  denial,
  diagnosed,
  by,
  removal,
  secretRefused,
  secretRefusedByPolicy,
  signInRefused,
  storageId,
  vaultId,
} from '../build/denials.ts';
import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  federatedCredential,
  host,
  keyVaultSecretsUser,
  pid,
  principal,
  sub,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { poisoned } from '../rules/hostile.ts';
import { gist, readable } from './cause-table.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const variableOf = (id: string): string => id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

describe('every cause', () => {
  it('stands in the list once, in alphabetical order, and has a file of its own', () => {
    const ids = causes.map((cause) => cause.id);
    expect(ids).toEqual([...new Set(ids)].sort());
    const files = readdirSync(join(root, 'src/incidents/causes')).filter((file) =>
      /^export const \w+: Cause = \{$/m.test(read(`src/incidents/causes/${file}`)),
    );
    expect(files.map((file) => file.replace(/\.ts$/, '')).sort()).toEqual(ids);
  });

  it('has a table of scenes', () => {
    const tests = readdirSync(join(root, 'test/incidents/causes'));
    expect(tests.sort()).toEqual(causes.map((cause) => `${cause.id}.test.ts`).sort());
  });
});

describe.each(causes)('$id', (cause) => {
  it('is a file of its own name, and a page', () => {
    expect(read(`src/incidents/causes/${cause.id}.ts`)).toContain(`export const ${variableOf(cause.id)}: Cause = {\n  id: '${cause.id}',`);
    expect(existsSync(join(root, `docs/causes/${cause.id}.md`))).toBe(true);
  });

  it('says what it is, how to recognise it and what to do, to a tired admin', () => {
    expect(cause.title.length).toBeGreaterThan(10);
    expect(cause.title).not.toMatch(/\.$/);
    expect(cause.explain).toMatch(/\*\*(?:Recognise it|Before anything else)\*\*/);
    expect(cause.explain).not.toMatch(/!(\s|$)|TODO|connection string|client secret|account key/i);
    expect(cause.references.length).toBeGreaterThan(0);
    for (const reference of cause.references) expect(new URL(reference).protocol).toBe('https:');
  });
});

const app = userAssigned('app');
const api = userAssigned('api');
const web = attached(host('app'), app, api);
const formerly = pid('formerly');
const world = estate({
  identities: [app, api],
  hosts: [web],
  vaults: [vault('app', { rbac: false })],
  federatedCredentials: [federatedCredential(app, 'app')],
  assignments: [
    assign(app.principalId, contributor, sub('prod')),
    assign(app.principalId, keyVaultSecretsUser, vaultId('app')),
    assign(api.principalId, blobDataReader, storageId('app')),
    assign(formerly, blobDataReader, storageId('app')),
  ],
  directory: directory({
    found: [principal(app), principal(api)],
    deleted: [{ id: formerly, deletedAt: '2026-11-19T00:00:00Z', displayName: 'app', resourceId: app.resourceId }],
  }),
});
const scenes = [
  blobRefused(app, { target: storageId('app') }),
  blobRefused(app, { target: storageId('app'), reason: 'AuthorizationFailure' }),
  secretRefused(app, { target: vaultId('app') }),
  secretRefusedByPolicy(app, { target: vaultId('app') }),
  armRefused(app, 'Microsoft.Storage/storageAccounts/write', storageId('app')),
  appSaid(web.id, 'ManagedIdentityCredential: connect ETIMEDOUT 169.254.169.254:80'),
  appSaid(web.id, `ManagedIdentityCredential: Identity not found, client id ${api.clientId}`),
  signInRefused(app, 'AADSTS700213', "No matching federated identity record found for presented assertion subject 'repo:contoso/app:ref'."),
  denial({ service: 'sql', caller: by(app), reason: '18456', sample: "Login failed for user '<token-identified principal>'." }),
  ...services.map((service) => denial({ service, caller: by(app), target: storageId('app') })),
];
const changes: readonly Change[] = [
  removal(storageId('app')),
  change('identity-written', app.resourceId),
  change('vault-written', vaultId('app')),
];

/** The service is our own word, not the tenant's. */
const renamed = (one: Denial, name: string): Denial => ({ ...poisoned(one, name), service: one.service });

describe('an answer', () => {
  it.each([
    'app',
    "o'brien",
    '$(id)',
    '`id`',
    "x'; az group delete --name prod #",
    '-x',
    '--yes',
    '@/etc/passwd',
    'a\nb',
    '\u202Eppa',
    '"><script>',
    'deny assignment',
    'firewall',
  ])('prints lines that a shell takes whole, with %j for a name', (name) => {
    for (const one of scenes) readable(diagnosed(poisoned(world, name), [renamed(one, name)], { changes: poisoned(changes, name) }));
  });

  it('does not turn on a name: a resource called "firewall" is refused like any other', () => {
    for (const one of scenes) {
      const plain = gist(diagnosed(world, [one], { changes }));
      for (const name of ['firewall', 'scopelocked', 'deny-assignment', 'disallowed by policy', 'readmetadata'])
        expect([name, ...gist(diagnosed(poisoned(world, name), [renamed(one, name)], { changes: poisoned(changes, name) }))]).toEqual([
          name,
          ...plain,
        ]);
    }
  });

  it('is never certain of who holds what where nothing could be read', () => {
    const blind = estate({
      containers: [],
      directory: directory({ canary: 'not-asked' }),
      gaps: [
        { slice: 'roleAssignments', scope: '/', state: 'missing', why: 'signed out' },
        { slice: 'vaults', scope: '/', state: 'missing', why: 'signed out' },
        { slice: 'hosts', scope: '/', state: 'missing', why: 'signed out' },
      ],
    });
    for (const one of scenes.filter(
      ({ reason, service }) => reason !== '18456' && service !== 'cosmos-db' && service !== 'entra' && service !== 'app',
    )) {
      const { causes: found } = diagnosed(blind, [one], { changes: undefined });
      expect(found.filter((cause) => cause.confidence === 'certain').map((cause) => cause.id)).toEqual([]);
    }
  });
});

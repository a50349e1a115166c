import type { VaultPolicy } from '../../src/estate/index.ts';
import { recreatedIdentity } from '../../src/rules/recreated-identity.ts';
import {
  assign,
  attached,
  blobDataReader,
  contributor,
  directory,
  estate,
  host,
  keyVaultSecretsUser,
  owner,
  pid,
  principal,
  sub,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const kv = vault('kv-app');
const app = userAssigned('app-id');
const old = pid('the old app-id');
const stale = { ...host('app-web'), userAssigned: [{ key: app.key, resourceId: app.resourceId, principalId: old, place: 'identity' }] };
const [oldSecrets, oldBlobs] = [assign(old, keyVaultSecretsUser, kv.id), assign(old, blobDataReader, group)];
const entry = (objectId: typeof old, secrets: readonly string[], more: Partial<VaultPolicy> = {}): VaultPolicy => ({
  tenantId: '',
  objectId,
  keys: [],
  secrets,
  certificates: [],
  ...more,
});
const onPolicies = (...policies: readonly VaultPolicy[]) => vault('kv-old-mode', { rbac: false, policies });
const gone = directory({ found: [principal(app)], absent: [old] });

ruleTable(recreatedIdentity, {
  fires: [
    {
      name: 'a host still lists the old principal id: each grant it lacks is named with its command',
      estate: estate({ identities: [app], hosts: [stale], assignments: [oldSecrets, oldBlobs], directory: gone }),
      violations: [
        { subject: app.resourceId, aspect: old, severity: 'high', confidence: 'likely', related: [old, oldBlobs.id, oldSecrets.id] },
      ],
      says: [
        'az role assignment create --assignee-object-id',
        `--role ${keyVaultSecretsUser} --scope '${kv.id}'`,
        `--role ${blobDataReader} --scope '${group}'`,
        'orphaned-assignment has the commands',
        'app-web still lists it',
      ],
    },
    {
      name: 'an access policy is a grant: what the new principal lacks of it is named with its command',
      estate: estate({
        identities: [app],
        hosts: [stale],
        vaults: [onPolicies(entry(old, ['get', 'list']), entry(app.principalId, ['list']))],
        directory: gone,
      }),
      violations: [{ subject: app.resourceId, aspect: old, related: [old, onPolicies().id] }],
      says: [
        'lacks a grant of its predecessor',
        'an access policy on kv-old-mode (secrets get)',
        'az keyvault set-policy',
        '--secret-permissions get',
        'orphaned-vault-policy has the commands',
      ],
    },
    {
      name: 'known from the recycle bin',
      estate: estate({
        identities: [app],
        assignments: [oldBlobs],
        directory: directory({
          found: [principal(app)],
          deleted: [{ id: old, deletedAt: '2026-11-19T08:00:00Z', resourceId: app.resourceId.replace('resourceGroups', 'RESOURCEGROUPS') }],
        }),
      }),
      violations: [{ aspect: old }],
      says: ['restoring it does not help'],
    },
    {
      name: 'known from an earlier run',
      estate: estate({ identities: [app], assignments: [oldBlobs], directory: gone }),
      memory: {
        lastSeen: new Map([
          [old, { kind: 'user-assigned', resourceId: app.resourceId, name: 'app-id', lastSeenAt: '2026-11-19T08:00:00Z' }],
        ]),
      },
      violations: [{ aspect: old, confidence: 'likely' }],
    },
    {
      name: 'a host that was rebuilt with a system-assigned identity',
      estate: estate({ identities: [systemAssignedOf(host('app-vm'))], hosts: [host('app-vm')], assignments: [oldBlobs], directory: gone }),
      memory: {
        lastSeen: new Map([
          [old, { kind: 'system-assigned', resourceId: host('app-vm').id, name: 'app-vm', lastSeenAt: '2026-11-19T08:00:00Z' }],
        ]),
      },
      violations: [{ subject: host('app-vm').id }],
    },
    {
      name: 'same name on the same host under another resource group',
      estate: estate({
        identities: [app],
        hosts: [
          {
            ...attached(host('app-web'), app),
            userAssigned: [
              ...attached(host('app-web'), app).userAssigned,
              {
                key: userAssigned('app-id', `${sub('prod')}/resourceGroups/rg-old`).key,
                resourceId: '',
                principalId: old,
                place: 'identity',
              },
            ],
          },
        ],
        assignments: [oldBlobs],
        directory: gone,
      }),
      violations: [{ confidence: 'possible' }],
    },
    {
      name: 'only what is missing is named',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [oldSecrets, oldBlobs, assign(app.principalId, blobDataReader, group)],
        directory: gone,
      }),
      violations: [{ related: [old, oldSecrets.id] }],
    },
    {
      name: 'works without the directory, since one resource has one principal; groups unseen make it possible only',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [oldBlobs],
        directory: directory({ canary: 'not-asked' }),
        gaps: [
          { slice: 'principals', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' },
          { slice: 'groupMembers', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' },
        ],
      }),
      violations: [{ confidence: 'possible' }],
      says: ['Group memberships could not be read'],
    },
    {
      name: 'a conditioned grant is re-created with its condition, a narrowed one does not stand in for it',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [assign(old, owner, group), assign(app.principalId, owner, group, { condition: "@Resource[x] StringEquals 'y'" })],
        directory: gone,
      }),
      violations: [{ severity: 'high' }],
    },
  ],
  silent: [
    {
      name: 'the new principal is in a group that has the entry',
      estate: estate({
        identities: [app],
        hosts: [stale],
        memberships: new Map([[app.principalId, [pid('readers')]]]),
        vaults: [onPolicies(entry(old, ['get']), entry(pid('readers'), ['get']))],
        directory: gone,
      }),
    },
    {
      name: 'the new principal has the entry as well, or one that allows all; a vault in role mode; an entry for users of an application',
      estate: estate({
        identities: [app],
        hosts: [stale],
        vaults: [
          onPolicies(entry(old, ['get', 'list']), entry(app.principalId, ['list', 'get', 'set'])),
          vault('kv-all', { rbac: false, policies: [entry(old, ['get']), entry(app.principalId, ['all'])] }),
          vault('kv-roles', { rbac: true, policies: [entry(old, ['get'])] }),
          vault('kv-app', { rbac: false, policies: [entry(old, ['get'], { applicationId: 'an app' })] }),
          vault('kv-empty', { rbac: false, policies: [entry(old, [])] }),
        ],
        directory: gone,
      }),
    },
    {
      name: 'the new principal has the same grants',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [oldBlobs, assign(app.principalId, blobDataReader, group)],
        directory: gone,
      }),
    },
    {
      name: 'the new principal has more, further up',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [assign(old, contributor, group), assign(app.principalId, owner, sub('prod'))],
        directory: gone,
      }),
    },
    {
      name: 'through a group',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [oldBlobs, assign(pid('readers'), blobDataReader, group)],
        memberships: new Map([[app.principalId, [pid('readers')]]]),
        directory: gone,
      }),
    },
    { name: 'the old principal had no grants', estate: estate({ identities: [app], hosts: [stale], directory: gone }) },
    {
      name: 'the old principal is alive: its resource was moved and another took its place',
      estate: estate({
        identities: [app],
        hosts: [stale],
        assignments: [oldBlobs],
        directory: directory({ found: [principal(app), { id: old, kind: 'managed-identity' }] }),
      }),
    },
    {
      name: 'the bag lists the present principal',
      estate: estate({
        identities: [app],
        hosts: [attached(host('app-web'), app)],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
    },
    {
      name: 'a vanished identity without a successor',
      estate: estate({ assignments: [oldBlobs], directory: directory({ absent: [old] }) }),
      memory: {
        lastSeen: new Map([
          [old, { kind: 'user-assigned', resourceId: app.resourceId, name: 'app-id', lastSeenAt: '2026-11-19T08:00:00Z' }],
        ]),
      },
    },
    {
      name: 'same name on another host',
      estate: estate({
        identities: [userAssigned('app-id', `${sub('test')}/resourceGroups/rg-app`)],
        hosts: [host('app-web')],
        assignments: [oldBlobs],
        directory: directory({ absent: [old] }),
      }),
    },
  ],
  inconclusive: [
    {
      name: 'no assignment could be read',
      estate: estate({
        identities: [app],
        hosts: [stale],
        gaps: [{ slice: 'roleAssignments', scope: '/', state: 'missing', why: 'Resource Graph answered 403' }],
      }),
      because: /roleAssignments/,
    },
  ],
});

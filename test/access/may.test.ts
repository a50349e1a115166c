import { describe, expect, it } from 'vitest';
import { openAccess, type Answer } from '../../src/access/index.ts';
import { principalId, resourceKey, type DenyAssignment, type Estate } from '../../src/estate/index.ts';
import {
  assign,
  contributor,
  estate,
  guid,
  keyVaultSecretsUser,
  managementGroup,
  mg,
  owner,
  pid,
  reader,
  role,
  sub,
  subscription,
  vault,
  blobDataReader,
} from '../build/estate.ts';

const app = pid('app');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const storage = `${group}/providers/Microsoft.Storage/storageAccounts/st`;
const blob = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';
const getSecret = 'Microsoft.KeyVault/vaults/secrets/getSecret/action';
const keyVault = vault('kv');
const tenantId = estate().tenantId;
const policy = { tenantId, objectId: app, keys: [], secrets: ['Get', 'List'], certificates: [] };

interface Ask {
  readonly action?: string;
  readonly data?: boolean;
  readonly on?: string;
}
function may(world: Estate, { action = blob, data = true, on = storage }: Ask = {}): Answer {
  return openAccess(world).may({ principal: app, action, data, on: resourceKey(on) });
}
const write = (on = storage): Ask => ({ action: 'Microsoft.Storage/storageAccounts/write', data: false, on });
const secret: Ask = { action: getSecret, on: `${keyVault.id}/secrets/db` };
const tree = [managementGroup('tenant'), managementGroup('platform', mg('tenant')), subscription('prod', mg('platform'))];
const denial = (part: Partial<DenyAssignment>): DenyAssignment => ({
  id: '/deny',
  name: 'deny',
  scope: resourceKey(group),
  scopeId: group,
  blocks: [{ actions: ['*'], notActions: [], dataActions: ['*'], notDataActions: [] }],
  principals: [app],
  excludePrincipals: [],
  doNotApplyToChildScopes: false,
  ...part,
});
const denied = (part: Partial<DenyAssignment>, more: Pick<Partial<Estate>, 'memberships'> = {}): Estate =>
  estate({
    assignments: [assign(app, owner, sub('prod')), assign(app, blobDataReader, storage)],
    denyAssignments: [denial(part)],
    ...more,
  });

const cases: [name: string, verdict: Answer['verdict'], world: Estate, ask?: Ask][] = [
  ['a data role on the resource', 'allowed', estate({ assignments: [assign(app, blobDataReader, storage)] })],
  [
    'operations and ids in any case',
    'allowed',
    estate({ assignments: [assign(app, blobDataReader, storage.toUpperCase())] }),
    { action: blob.toUpperCase() },
  ],
  [
    'a data role above, on the target below',
    'allowed',
    estate({ assignments: [assign(app, blobDataReader, group)] }),
    { on: `${storage}/blobServices/default/containers/logs` },
  ],
  ['a data role on a management group', 'allowed', estate({ containers: tree, assignments: [assign(app, blobDataReader, mg('tenant'))] })],
  ['a data role at the root', 'allowed', estate({ assignments: [assign(app, blobDataReader, '/')] })],
  ['Owner, who has no data action', 'no-path', estate({ assignments: [assign(app, owner, sub('prod'))] })],
  [
    'a data role asked for the control plane',
    'no-path',
    estate({ assignments: [assign(app, blobDataReader, storage)] }),
    { action: blob, data: false },
  ],
  ['a group whose name only begins like it', 'no-path', estate({ assignments: [assign(app, blobDataReader, `${group}-prod`)] })],
  [
    'a child of the target',
    'no-path',
    estate({ assignments: [assign(app, blobDataReader, `${storage}/blobServices/default/containers/logs`)] }),
  ],
  ['somebody else', 'no-path', estate({ assignments: [assign(pid('other'), blobDataReader, storage)] })],
  ['Contributor writes', 'allowed', estate({ assignments: [assign(app, contributor, group)] }), write()],
  [
    'Contributor grants',
    'no-path',
    estate({ assignments: [assign(app, contributor, group)] }),
    { action: 'Microsoft.Authorization/roleAssignments/write', data: false },
  ],
  [
    'a notAction of one block does not take from another',
    'allowed',
    estate({
      roles: [
        {
          ...role(guid('two blocks'), 'Two blocks', { actions: ['*'], notActions: ['Microsoft.Storage/*'] }),
          blocks: [
            { actions: ['*'], notActions: ['Microsoft.Storage/*'], dataActions: [], notDataActions: [] },
            { actions: ['Microsoft.Storage/storageAccounts/write'], notActions: [], dataActions: [], notDataActions: [] },
          ],
        },
      ],
      assignments: [assign(app, guid('two blocks'), group)],
    }),
    write(),
  ],
  [
    'a notAction of the same block does',
    'no-path',
    estate({
      roles: [role(guid('one'), 'One', { actions: ['Microsoft.Storage/*'], notActions: ['Microsoft.Storage/*/write'] })],
      assignments: [assign(app, guid('one'), group)],
    }),
    write(),
  ],
  [
    'through a group',
    'allowed',
    estate({ memberships: new Map([[app, [pid('team')]]]), assignments: [assign(pid('team'), blobDataReader, storage)] }),
  ],
  [
    'through a group in a group in itself',
    'allowed',
    estate({
      memberships: new Map([
        [app, [pid('team')]],
        [pid('team'), [pid('all')]],
        [pid('all'), [pid('team')]],
      ]),
      assignments: [assign(pid('all'), blobDataReader, storage)],
    }),
  ],
  ['a role nobody can read', 'unknown', estate({ assignments: [assign(app, guid('hidden'), storage)] })],
  ['a role nobody can read, somewhere else', 'no-path', estate({ assignments: [assign(app, guid('hidden'), `${group}-prod`)] })],
  [
    'a role nobody can read beside one that does',
    'allowed',
    estate({ assignments: [assign(app, guid('hidden'), storage), assign(app, blobDataReader, storage)] }),
  ],
  ['a built-in role that Azure did not show', 'allowed', estate({ roles: [], assignments: [assign(app, blobDataReader, storage)] })],
  ['a management group that may lie above', 'unknown', estate({ assignments: [assign(app, blobDataReader, mg('tenant'))] })],
  [
    'a management group that lies elsewhere',
    'no-path',
    estate({ containers: tree, assignments: [assign(app, blobDataReader, mg('other'))] }),
  ],
  [
    'assignments unread there',
    'unknown',
    estate({ gaps: [{ slice: 'roleAssignments', scope: sub('prod'), state: 'partial', why: 'denied' }] }),
  ],
  [
    'assignments unread elsewhere',
    'no-path',
    estate({ gaps: [{ slice: 'roleAssignments', scope: sub('test'), state: 'missing', why: 'denied' }] }),
  ],
  [
    'members unread, and a group there holds the role',
    'unknown',
    estate({
      gaps: [{ slice: 'groupMembers', scope: '/', state: 'missing', why: 'no Graph' }],
      assignments: [assign(pid('team'), blobDataReader, storage, { principalType: 'Group' })],
    }),
  ],
  [
    'members unread, and no group there would do',
    'no-path',
    estate({
      gaps: [{ slice: 'groupMembers', scope: '/', state: 'missing', why: 'no Graph' }],
      assignments: [assign(pid('team'), reader, storage, { principalType: 'Group' })],
    }),
  ],
  ['denied', 'denied', denied({})],
  ['denied through everyone', 'denied', denied({ principals: [principalId('00000000-0000-0000-0000-000000000000')] })],
  ['denied through a group', 'denied', denied({ principals: [pid('team')] }, { memberships: new Map([[app, [pid('team')]]]) })],
  [
    'excluded from the denial',
    'allowed',
    denied({ principals: [principalId('00000000-0000-0000-0000-000000000000')], excludePrincipals: [app] }),
  ],
  ['excluded through a group', 'allowed', denied({ excludePrincipals: [pid('team')] }, { memberships: new Map([[app, [pid('team')]]]) })],
  ['denied above only', 'allowed', denied({ doNotApplyToChildScopes: true })],
  ['denied exactly there', 'denied', denied({ doNotApplyToChildScopes: true, scope: resourceKey(storage) })],
  ['denied elsewhere', 'allowed', denied({ scope: resourceKey(`${group}-prod`) })],
  ['denied on the other plane', 'allowed', denied({ blocks: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }] })],
  [
    'denied with an exception for this',
    'allowed',
    denied({ blocks: [{ actions: [], notActions: [], dataActions: ['*'], notDataActions: ['*/read'] }] }),
  ],
  [
    'denied under a condition',
    'conditioned',
    denied({
      blocks: [
        { actions: [], notActions: [], dataActions: ['*'], notDataActions: [], condition: '@Environment[isPrivateLink] BoolEquals false' },
      ],
    }),
  ],
  [
    'allowed under a condition',
    'conditioned',
    estate({ assignments: [assign(app, blobDataReader, storage, { condition: '@Environment[isPrivateLink] BoolEquals true' })] }),
  ],
  [
    'a condition that is not understood',
    'conditioned',
    estate({ assignments: [assign(app, blobDataReader, storage, { condition: 'what' })] }),
  ],
  [
    'a data role on a vault with roles',
    'allowed',
    estate({ vaults: [keyVault], assignments: [assign(app, keyVaultSecretsUser, keyVault.id)] }),
    secret,
  ],
  [
    'a data role on a vault with policies',
    'no-path',
    estate({ vaults: [{ ...keyVault, rbac: false }], assignments: [assign(app, keyVaultSecretsUser, group)] }),
    secret,
  ],
  ['a data role on a vault nobody read', 'unknown', estate({ assignments: [assign(app, keyVaultSecretsUser, keyVault.id)] }), secret],
  ['no role on a vault nobody read', 'unknown', estate(), secret],
  ['a policy on a vault with policies', 'allowed', estate({ vaults: [{ ...keyVault, rbac: false, policies: [policy] }] }), secret],
  ['a policy on a vault with roles', 'no-path', estate({ vaults: [{ ...keyVault, policies: [policy] }] }), secret],
  ['a policy for all', 'allowed', estate({ vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, secrets: ['all'] }] }] }), secret],
  [
    'a policy for listing',
    'no-path',
    estate({ vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, secrets: ['list'] }] }] }),
    secret,
  ],
  [
    'a policy for keys',
    'no-path',
    estate({ vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, secrets: [], keys: ['get'] }] }] }),
    secret,
  ],
  [
    'a policy of another tenant',
    'no-path',
    estate({ vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, tenantId: guid('fabrikam') }] }] }),
    secret,
  ],
  [
    'a policy for an application on behalf of users',
    'no-path',
    estate({ vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, applicationId: guid('a') }] }] }),
    secret,
  ],
  [
    'a policy for its group',
    'allowed',
    estate({
      memberships: new Map([[app, [pid('team')]]]),
      vaults: [{ ...keyVault, rbac: false, policies: [{ ...policy, objectId: pid('team') }] }],
    }),
    secret,
  ],
  [
    'a deny assignment, which a policy vault never asks',
    'allowed',
    estate({ vaults: [{ ...keyVault, rbac: false, policies: [policy] }], denyAssignments: [denial({})] }),
    secret,
  ],
  [
    'managing a vault with policies',
    'allowed',
    estate({ vaults: [{ ...keyVault, rbac: false }], assignments: [assign(app, contributor, group)] }),
    { action: 'Microsoft.KeyVault/vaults/write', data: false, on: keyVault.id },
  ],
];

describe('may', () => {
  it.each(cases)('%s: %s', (_, verdict, world, ask) => {
    expect(may(world, ask).verdict).toBe(verdict);
  });

  it('names the groups on the way, nearest first', () => {
    const world = estate({
      memberships: new Map([
        [app, [pid('team')]],
        [pid('team'), [pid('all')]],
      ]),
      assignments: [assign(pid('all'), blobDataReader, storage)],
    });
    expect(may(world).paths).toMatchObject([{ kind: 'role', groups: [pid('team'), pid('all')] }]);
    expect(may(world).because[0]).toContain(`through group ${pid('team')} in ${pid('all')}`);
  });

  it('says that deny assignments were not read, and that a definition comes from the list', () => {
    expect(may(estate({ roles: [], assignments: [assign(app, blobDataReader, storage)] })).because).toEqual([
      expect.stringContaining('list of built-in roles'),
      expect.stringContaining('Deny assignments were not read'),
    ]);
  });
});

describe('Cosmos DB', () => {
  const account = `${group}/providers/Microsoft.DocumentDB/databaseAccounts/c`;
  const ask: Ask = {
    action: 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read',
    on: `${account}/dbs/shop/colls/orders`,
  };
  const native = {
    id: `${account}/sqlRoleAssignments/1`,
    account: resourceKey(account),
    principalId: app,
    roleName: 'Cosmos DB Built-in Data Reader',
    dataActions: [
      'Microsoft.DocumentDB/databaseAccounts/readMetadata',
      'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/*/read',
    ],
    scope: resourceKey(`${account}/dbs/shop`),
  };
  it.each([
    ['roles of its own, not read', undefined, 'unknown'],
    ['none', [], 'no-path'],
    ['one on the database', [native], 'allowed'],
    ['one on another database', [{ ...native, scope: resourceKey(`${account}/dbs/shopping`) }], 'no-path'],
    ['one of somebody else', [{ ...native, principalId: pid('other') }], 'no-path'],
  ])('%s', (_, nativeRoleAssignments, verdict) => {
    expect(may(estate({ nativeRoleAssignments }), ask).verdict).toBe(verdict);
  });
});

describe('near misses', () => {
  const misses = (world: Estate, ask?: Ask) =>
    may(world, ask).nearMisses.map((miss) => [miss.kind, 'role' in miss ? miss.role.name : '', 'where' in miss ? miss.where : '']);
  const table: [name: string, world: Estate, ask: Ask | undefined, expected: string[][]][] = [
    ['control plane only', estate({ assignments: [assign(app, owner, group)] }), undefined, [['control-plane-only', 'Owner', '']]],
    ['Reader manages too', estate({ assignments: [assign(app, reader, storage)] }), undefined, [['control-plane-only', 'Reader', '']]],
    [
      'a reader that writes',
      estate({ assignments: [assign(app, blobDataReader, storage)] }),
      { action: blob.replace('/read', '/write') },
      [['insufficient-role', 'Storage Blob Data Reader', '']],
    ],
    [
      'the nearest scope first',
      estate({
        assignments: [
          assign(app, blobDataReader, `${sub('test')}/resourceGroups/x`),
          assign(app, blobDataReader, `${storage}2`),
          assign(app, blobDataReader, `${storage}/blobServices/default`),
        ],
      }),
      undefined,
      [
        ['wrong-scope', 'Storage Blob Data Reader', 'below'],
        ['wrong-scope', 'Storage Blob Data Reader', 'beside'],
        ['wrong-scope', 'Storage Blob Data Reader', 'beside'],
      ],
    ],
    [
      'a vault with policies',
      estate({ vaults: [{ ...keyVault, rbac: false }], assignments: [assign(app, keyVaultSecretsUser, group)] }),
      secret,
      [['vault-uses-policies', 'Key Vault Secrets User', '']],
    ],
    ['a vault with roles', estate({ vaults: [{ ...keyVault, policies: [policy] }] }), secret, [['vault-uses-rbac', '', '']]],
    [
      'a condition',
      estate({
        assignments: [
          assign(app, blobDataReader, storage, {
            condition: `@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name] StringEquals 'a'`,
          }),
        ],
      }),
      { on: `${storage}/blobServices/default/containers/b` },
      [['condition', 'Storage Blob Data Reader', '']],
    ],
    ['an unrelated role is no near miss', estate({ assignments: [assign(app, keyVaultSecretsUser, group)] }), undefined, []],
  ];
  it.each(table)('%s', (_, world, ask, expected) => {
    expect(misses(world, ask)).toEqual(expected);
  });
});

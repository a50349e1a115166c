import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { resourceKey, type Estate, type Principal } from '../../src/estate/index.ts';
import { inventoryOf, type IdentitySheet } from '../../src/inventory/index.ts';
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
  managementGroup,
  owner,
  pid,
  principal,
  reader,
  resourceGroup,
  role,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const elsewhere = `${sub('prod')}/resourceGroups/rg-other`;
const app = userAssigned('app-id');
const now = '2026-11-20T08:00:00Z';

function sheets(from: Estate): readonly IdentitySheet[] {
  return [...inventoryOf({ estate: from, access: openAccess(from), now })];
}
const sheetOf = (part: Parameters<typeof estate>[0]): IdentitySheet => sheets(estate({ identities: [app], ...part }))[0]!;

describe('what an identity holds', () => {
  const kv = vault('kv');
  it.each([
    ['a data role on one resource asks nothing', assign(app.principalId, keyVaultSecretsUser, kv.id), undefined, undefined],
    ['reading the settings of one resource asks nothing', assign(app.principalId, reader, kv.id), undefined, undefined],
    [
      'a data role on a group asks',
      assign(app.principalId, blobDataReader, group),
      'low',
      /read data in a whole resource group.*Which of the resources/,
    ],
    ['a data role on a subscription is graver', assign(app.principalId, blobDataReader, sub('prod')), 'medium', /in a whole subscription/],
    ['Contributor of a group asks', assign(app.principalId, contributor, group), 'low', /change everything in a whole resource group/],
    ['Owner of a subscription', assign(app.principalId, owner, sub('prod')), 'high', /grant rights to itself and others/],
    ['Owner of the tenant', assign(app.principalId, owner, '/'), 'critical', /in the whole tenant/],
    ['Owner of one resource', assign(app.principalId, owner, kv.id), 'low', /on this resource/],
    ['Reader of a subscription', assign(app.principalId, reader, sub('prod')), 'info', /read the settings of all resources/],
    [
      'a role nobody could read is never fine',
      assign(app.principalId, '11111111-2222-3333-4444-555555555555', kv.id),
      'medium',
      /could not be read/,
    ],
  ])('%s', (_, assignment, severity, question) => {
    const [holding] = sheetOf({ assignments: [assignment] }).holdings;
    expect(holding?.id).toBe(assignment.id);
    expect(holding?.severity).toBe(severity);
    expect(holding?.question ?? 'nothing to ask').toMatch(question ?? /^nothing to ask$/);
  });

  it('is graded by what a role allows, not by its name', () => {
    const harmless = role('22222222-0000-0000-0000-000000000000', 'Owner of Everything', { actions: ['Microsoft.Insights/metrics/read'] });
    const wild = role('33333333-0000-0000-0000-000000000000', 'Harmless Reader', { actions: ['*'] });
    const graded = sheetOf({
      roles: [harmless, wild],
      assignments: [assign(app.principalId, harmless.id, sub('prod')), assign(app.principalId, wild.id, sub('prod'))],
    }).holdings;
    expect(graded.map(({ role: { name }, severity }) => [name, severity])).toEqual([
      ['Harmless Reader', 'high'],
      ['Owner of Everything', 'info'],
    ]);
  });

  it('comes directly, through groups, by vault policies, Cosmos DB and the directory, gravest first', () => {
    const kv2 = vault('old', {
      rbac: false,
      policies: [{ tenantId: '', objectId: app.principalId, keys: [], secrets: ['get', 'list'], certificates: [] }],
    });
    const delegated = vault('delegated', {
      rbac: false,
      policies: [{ tenantId: '', objectId: app.principalId, applicationId: 'x', keys: ['all'], secrets: [], certificates: [] }],
    });
    const sheet = sheetOf({
      vaults: [kv2, delegated],
      memberships: new Map([[app.principalId, [pid('group')]]]),
      assignments: [assign(pid('group'), contributor, sub('prod')), assign(app.principalId, keyVaultSecretsUser, kv.id)],
      nativeRoleAssignments: [
        {
          id: 'c/1',
          account: resourceKey('/c'),
          principalId: app.principalId,
          roleName: 'Cosmos Reader',
          dataActions: [],
          scope: resourceKey('/c'),
        },
      ],
      appRoleGrants: [
        {
          principalId: app.principalId,
          resourceId: 'g',
          resourceName: 'Microsoft Graph',
          appRoleId: '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
        },
      ],
    });
    expect(sheet.holdings.map(({ role: { name }, through, severity }) => [name, through, severity])).toEqual([
      ['Application.ReadWrite.All', undefined, 'critical'],
      ['Contributor', pid('group'), 'high'],
      ['Cosmos Reader', undefined, undefined],
      ['Key Vault Secrets User', undefined, undefined],
      ['Access policy: secrets get, list', undefined, undefined],
    ]);
  });

  it('counts directory roles of its groups, and says which hold in a part of the directory only', () => {
    const role = { roleTemplateId: '62e90394-69f5-4237-9190-012177145e10', roleName: 'Global Administrator' };
    const sheet = sheetOf({
      memberships: new Map([[app.principalId, [pid('group')]]]),
      directoryRoles: [
        { ...role, principalId: app.principalId, scope: '/administrativeUnits/u' },
        { ...role, principalId: pid('group') },
        { ...role, principalId: pid('somebody else') },
      ],
    });
    expect(sheet.holdings.map(({ id, through, severity }) => [id, through, severity])).toEqual([
      [`directory:${role.roleTemplateId}/${pid('group')}`, pid('group'), 'critical'],
      [`directory:${role.roleTemplateId}//administrativeUnits/u`, undefined, 'high'],
    ]);
    expect(sheet.holdings[1]?.question).toContain('holds in /administrativeUnits/u of the directory');
  });

  it('says who the group is and who made the grant, where that is known', () => {
    const person = { id: pid('person'), kind: 'user' as const, displayName: 'Operator 9' };
    const group = { id: pid('group'), kind: 'group' as const, displayName: 'grp-ops' };
    const world = (found: readonly Principal[]) =>
      sheetOf({
        memberships: new Map([[app.principalId, [pid('group')]]]),
        assignments: [
          assign(pid('group'), contributor, sub('prod'), { createdBy: pid('person') }),
          assign(app.principalId, keyVaultSecretsUser, kv.id, { createdBy: app.principalId }),
        ],
        directory: directory({ found }),
      }).holdings.map(({ through, throughName, grantedByName }) => ({ through, throughName, grantedByName }));
    expect(world([person, group])).toEqual([
      { through: pid('group'), throughName: 'grp-ops', grantedByName: 'Operator 9' },
      { through: undefined, throughName: undefined, grantedByName: app.name },
    ]);
    expect(world([])).toMatchObject([{ through: pid('group'), throughName: undefined, grantedByName: undefined }, {}]);
  });

  it('reaches what lies below its scope, and says nothing of reach on one resource', () => {
    const other = userAssigned('other', elsewhere);
    const sheet = sheetOf({
      containers: [managementGroup('top'), subscription('prod', managementGroup('top').id), resourceGroup('prod', 'rg-app')],
      identities: [app, other],
      vaults: [kv],
      assignments: [
        assign(app.principalId, contributor, managementGroup('top').id),
        assign(app.principalId, contributor, group),
        assign(app.principalId, contributor, kv.id),
      ],
    });
    expect(sheet.holdings.map(({ scopeLevel, reach }) => [scopeLevel, reach]).toSorted()).toEqual([
      ['management-group', 3],
      ['resource', undefined],
      ['resource-group', 2],
    ]);
  });

  it('keeps the gravest of very many grants, and counts the others', () => {
    const many = Array.from({ length: 400 }, (_, at) =>
      assign(app.principalId, blobDataReader, `${group}/providers/Microsoft.Storage/storageAccounts/s${at}`),
    );
    const sheet = sheetOf({ assignments: [...many, assign(app.principalId, owner, '/')] });
    expect([sheet.holdings.length, sheet.holdings[0]?.severity, sheet.more]).toEqual([300, 'critical', { holdings: 101 }]);
  });
});

describe('who can act as an identity', () => {
  const vm = attached(
    host('vm', elsewhere, {
      id: `${elsewhere}/providers/Microsoft.Compute/virtualMachines/vm`,
      type: 'microsoft.compute/virtualmachines',
      systemAssigned: undefined,
    }),
    app,
  );
  const virtualMachineContributor = '9980e02c-c2be-4d73-94e8-173b1dc7cf3c';
  const managedIdentityOperator = 'f1a07417-d97a-45cb-824c-7a7467783830';

  it('is whoever may attach it, run code on its host, or is let in by a credential; people too, most powerful first', () => {
    const sheet = sheetOf({
      hosts: [vm],
      federatedCredentials: [federatedCredential(app, 'github')],
      directory: directory({ found: [principal(app), { id: pid('ada'), kind: 'user', displayName: 'Ada' }] }),
      assignments: [
        assign(pid('operator'), managedIdentityOperator, app.resourceId),
        assign(pid('admin'), virtualMachineContributor, vm.id),
        assign(pid('ada'), owner, sub('prod'), { principalType: 'User' }),
        assign(pid('reader'), reader, sub('prod')),
        assign(pid('stranger'), contributor, `${elsewhere}-2`),
        assign(app.principalId, contributor, group),
      ],
    });
    expect(sheet.actors.map(({ name, kind, way, role: held }) => [name, kind, way, held])).toEqual([
      ['repo:contoso/storefront:environment:production', 'https://token.actions.githubusercontent.com', 'federated', 'github'],
      ['Ada', 'user', 'attach', 'Owner'],
      ['Ada', 'user', 'run-code', 'Owner'],
      ...[
        ['', 'ServicePrincipal', 'run-code', 'Virtual Machine Contributor'],
        ['', 'ServicePrincipal', 'attach', 'Managed Identity Operator'],
      ].toSorted((a, b) =>
        pid(a[3] === 'Managed Identity Operator' ? 'operator' : 'admin') < pid(b[3] === 'Managed Identity Operator' ? 'operator' : 'admin')
          ? -1
          : 1,
      ),
    ]);
  });

  it('names no one for a system-assigned identity but those who run code on its host', () => {
    const site = host('site');
    const [sheet] = sheets(
      estate({
        identities: [systemAssignedOf(site)],
        hosts: [site],
        assignments: [assign(pid('operator'), managedIdentityOperator, group), assign(pid('dev'), contributor, group)],
      }),
    );
    expect(sheet?.actors.map(({ principalId, way }) => [principalId, way])).toEqual([[pid('dev'), 'run-code']]);
    expect(sheet?.hosts).toEqual([{ id: site.id, kind: 'microsoft.web/sites' }]);
  });
});

it('makes the same sheets of the same estate in whatever order its rows came', () => {
  const site = host('site');
  const part = {
    identities: [app, systemAssignedOf(site)],
    hosts: [site, attached(host('second'), app), attached(host('first'), app)],
    assignments: [
      assign(app.principalId, owner, '/'),
      assign(app.principalId, contributor, group),
      assign(pid('dev'), contributor, group),
      assign(pid('ops'), owner, sub('prod')),
    ],
  };
  const backwards = { ...part, hosts: part.hosts.toReversed(), assignments: part.assignments.toReversed() };
  expect(sheets(estate(backwards))).toEqual(sheets(estate(part)));
});

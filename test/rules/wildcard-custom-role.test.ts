import { wildcardCustomRole } from '../../src/rules/wildcard-custom-role.ts';
import { assign, contributor, estate, guid, pid, role, sub, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const api = userAssigned('api');
const group = `${sub('prod')}/resourceGroups/rg-app`;
const id = guid('custom');
const custom = (part: Parameters<typeof role>[2], scope = group, more: Parameters<typeof role>[3] = {}) =>
  estate({
    identities: [app],
    roles: [role(id, 'App operator', part, { custom: true, assignableScopes: [sub('prod')], ...more })],
    assignments: [assign(app.principalId, id, scope)],
  });

ruleTable(wildcardCustomRole, {
  fires: [
    {
      name: 'everything',
      estate: custom({ actions: ['*'] }),
      violations: [
        {
          subject: `/providers/Microsoft.Authorization/roleDefinitions/${id}`,
          severity: 'high',
          scope: group,
          role: { id, name: 'App operator' },
        },
      ],
      says: ['az role definition list', 'replace the wildcard'],
    },
    { name: 'every write', estate: custom({ actions: ['*/write'] }), violations: [{ severity: 'high' }] },
    { name: 'a whole provider', estate: custom({ actions: ['Microsoft.Compute/*'] }), violations: [{ severity: 'medium' }] },
    {
      name: 'a whole provider, of a subscription',
      estate: custom({ actions: ['Microsoft.Compute/*'] }, sub('prod')),
      violations: [{ severity: 'high' }],
    },
    { name: 'one resource type', estate: custom({ actions: ['Microsoft.Web/sites/*'] }), violations: [{ severity: 'low' }] },
    {
      name: 'secrets among actions',
      estate: custom({ actions: ['Microsoft.Storage/storageAccounts/*/action'] }),
      violations: [{ severity: 'low' }],
    },
    { name: 'data', estate: custom({ dataActions: ['Microsoft.KeyVault/vaults/secrets/*'] }), violations: [{ severity: 'low' }] },
    {
      name: 'what an exclusion leaves',
      estate: custom({ actions: ['Microsoft.Compute/*'], notActions: ['Microsoft.Compute/*/delete'] }),
      violations: [{ severity: 'medium' }],
    },
    {
      name: 'one finding for all its holders',
      estate: estate({
        identities: [app, api],
        roles: [role(id, 'App operator', { actions: ['Microsoft.Web/*'] }, { custom: true })],
        assignments: [assign(app.principalId, id, group), assign(api.principalId, id, group), assign(pid('person'), id, group)],
      }),
      violations: [{ scope: '/', related: expectAll() }],
      says: ['2 identities hold it in 2 assignments'],
    },
    {
      name: 'held through a group',
      estate: estate({
        identities: [app],
        roles: [role(id, 'App operator', { actions: ['Microsoft.Web/*'] }, { custom: true })],
        memberships: new Map([[app.principalId, [pid('team')]]]),
        assignments: [assign(pid('team'), id, group)],
      }),
      violations: [{ scope: group }],
    },
  ],
  silent: [
    { name: 'a built-in role', estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, group)] }) },
    { name: 'reads by wildcard', estate: custom({ actions: ['*/read', 'Microsoft.Compute/*/read'] }) },
    {
      name: 'what built-in roles carry',
      estate: custom({
        actions: [
          'Microsoft.Support/*',
          'Microsoft.Insights/alertRules/*',
          'Microsoft.Resources/deployments/*',
          'Microsoft.Web/sites/restart/action',
        ],
      }),
    },
    {
      name: 'writes that are taken away again',
      estate: custom({ actions: ['Microsoft.Compute/*'], notActions: ['*/write', '*/delete', '*/action'] }),
    },
    {
      name: 'operations by name',
      estate: custom({ actions: ['Microsoft.Web/sites/write'], dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'] }),
    },
    {
      name: 'a role nobody holds',
      estate: estate({ identities: [app], roles: [role(id, 'App operator', { actions: ['*'] }, { custom: true })] }),
    },
    {
      name: 'a role a person holds',
      estate: estate({
        roles: [role(id, 'App operator', { actions: ['*'] }, { custom: true })],
        assignments: [assign(pid('person'), id, group)],
      }),
    },
  ],
});

function expectAll(): readonly string[] {
  return [assign(app.principalId, id, group).id, app.principalId, assign(api.principalId, id, group).id, api.principalId];
}

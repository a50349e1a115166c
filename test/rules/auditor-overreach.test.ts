import { auditorOverreach } from '../../src/rules/auditor-overreach.ts';
import { assign, contributor, estate, keyVaultSecretsUser, mg, owner, reader, role, sub, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-auditor');
const auditor = { identities: [app], auditorPrincipalId: app.principalId };
const account = `${sub('prod')}/resourceGroups/rg-audit/providers/Microsoft.Storage/storageAccounts/staudit`;
const vaultId = `${sub('prod')}/resourceGroups/rg-audit/providers/Microsoft.KeyVault/vaults/kv-audit`;
const logAnalyticsDataReader = '3b03c2da-16b3-4a49-8834-0f8130efdd3b';
const tableContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3';
const narrow = role('11111111-1111-4111-8111-111111111111', 'mi-audit reader', {
  actions: ['Microsoft.Authorization/roleAssignments/read', 'Microsoft.KeyVault/vaults/read'],
});

const broad = assign(app.principalId, contributor, sub('prod'));
const root = assign(app.principalId, owner, mg('root'));
const secrets = assign(app.principalId, keyVaultSecretsUser, sub('prod'));
const manages = assign(app.principalId, contributor, account);

ruleTable(auditorOverreach, {
  fires: [
    {
      name: 'Contributor of a subscription',
      estate: estate({ ...auditor, assignments: [broad] }),
      violations: [{ subject: broad.id, severity: 'high', scope: sub('prod') }],
      says: ['az role assignment delete', 'reader.managementGroup.bicep'],
    },
    {
      name: 'Owner above everything',
      estate: estate({ ...auditor, assignments: [root] }),
      violations: [{ subject: root.id, severity: 'critical' }],
    },
    {
      name: 'secrets of every vault, not only of its own',
      estate: estate({ ...auditor, assignments: [secrets] }),
      violations: [{ subject: secrets.id, severity: 'high' }],
    },
    {
      name: 'managing its own storage account',
      estate: estate({ ...auditor, assignments: [manages] }),
      violations: [{ subject: manages.id, severity: 'high' }],
    },
  ],
  silent: [
    {
      name: 'what infra/ grants: a custom reader, logs, data roles on its own resources',
      estate: estate({
        ...auditor,
        roles: [narrow],
        assignments: [
          assign(app.principalId, narrow.id, mg('root')),
          assign(app.principalId, logAnalyticsDataReader, mg('root')),
          assign(app.principalId, tableContributor, account),
          assign(app.principalId, keyVaultSecretsUser, vaultId),
        ],
      }),
    },
    { name: 'Reader is wide, and reads', estate: estate({ ...auditor, assignments: [assign(app.principalId, reader, mg('root'))] }) },
    {
      name: 'a person who runs it from a laptop',
      estate: estate({ identities: [], auditorPrincipalId: app.principalId, assignments: [broad] }),
    },
    {
      name: 'somebody else who holds Owner',
      estate: estate({
        identities: [app, userAssigned('other')],
        auditorPrincipalId: userAssigned('other').principalId,
        assignments: [broad],
      }),
    },
    { name: 'an auditor that nobody could name', estate: estate({ identities: [app], assignments: [broad] }) },
  ],
});

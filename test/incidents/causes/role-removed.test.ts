import {
  attached,
  blobDataReader,
  estate,
  host,
  pid,
  sub,
  userAssigned,
  vault,
  assign,
  reader,
  role,
  builtIns,
  keyVaultSecretsUser,
} from '../../build/estate.ts';
import { blobRefused, removal, storageId, minutes, vaultId, change, secretRefusedByPolicy } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const api = userAssigned('api');
const team = pid('team');
const bare = estate({ identities: [app], vaults: [vault('kv-pay')] });
const his = {
  principalId: app.principalId,
  roleDefinitionId: `${sub('prod')}/providers/Microsoft.Authorization/roleDefinitions/${blobDataReader}`,
};
const narrowed = role(pid('narrowed'), 'Blob cleaner', {
  dataActions: ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'],
});
const policies = { ...bare, vaults: [vault('kv-pay', { rbac: false })] };
const both = attached(host('web', undefined, { systemAssigned: undefined }), app, api);

causeTable('role-removed', {
  fires: [
    {
      name: 'a removal that names the failing identity',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), his)] },
      confidence: 'certain',
      why: /pipeline@contoso\.example removed a role assignment of app/,
      cli: [new RegExp(`--assignee-object-id ${app.principalId} .*--role ${blobDataReader} --scope '${storageId('stpay')}'$`)],
    },
    {
      name: 'a removal above the target',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(sub('prod'), his)] },
      confidence: 'certain',
      cli: [new RegExp(`--scope '${sub('prod')}'$`)],
    },
    {
      name: 'a removal that names nobody',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'))] },
      confidence: 'likely',
      cli: [new RegExp(`--role ${blobDataReader} `)],
    },
    {
      name: "a removal of a group's grant",
      estate: { ...bare, memberships: new Map([[app.principalId, [team]]]) },
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), { ...his, principalId: team })] },
      confidence: 'certain',
      cli: [new RegExp(`--assignee-object-id ${team} --assignee-principal-type Group `)],
    },
    {
      name: 'a removed role, with another identity of the host that still holds it',
      estate: estate({ identities: [app, api], hosts: [both], assignments: [assign(api.principalId, blobDataReader, storageId('stpay'))] }),
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), his)] },
      confidence: 'certain',
    },
    {
      name: 'a changed access policy',
      estate: policies,
      denials: [secretRefusedByPolicy(app)],
      input: { changes: [change('vault-policy-written', `${vaultId('kv-pay')}/accessPolicies/remove`)] },
      confidence: 'likely',
      cli: [/^az keyvault set-policy --name kv-pay .* --secret-permissions get$/],
    },
    {
      name: 'a custom role that lost the action',
      estate: estate({
        identities: [app],
        roles: [...builtIns, narrowed],
        assignments: [assign(app.principalId, narrowed.id, storageId('stpay'))],
      }),
      denials: [blobRefused(app)],
      input: {
        changes: [change('role-definition-changed', `${sub('prod')}/providers/Microsoft.Authorization/roleDefinitions/${narrowed.id}`)],
      },
      confidence: 'likely',
      why: /changed the custom role Blob cleaner/,
      cli: [/^az role definition list --name/, new RegExp(blobDataReader)],
    },
  ],
  neighbours: [
    {
      name: 'a removal of the role of somebody else',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), { ...his, principalId: pid('other') })] },
      instead: 'missing-role',
    },
    {
      name: 'a removal of a role that would not have helped',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), { ...his, roleDefinitionId: reader })] },
      instead: 'missing-role',
    },
    {
      name: 'a removal on another account',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stother'), his)] },
      instead: 'missing-role',
    },
    {
      name: 'a removal after the first refusal',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), his, { at: minutes(10) })] },
      instead: 'missing-role',
    },
    {
      name: 'a removal that failed',
      estate: bare,
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), his, { succeeded: false })] },
      instead: 'missing-role',
    },
    {
      name: 'a removal, and the role is back',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, blobDataReader, storageId('stpay'), { createdAt: minutes(20) })],
      }),
      denials: [blobRefused(app)],
      input: { changes: [removal(storageId('stpay'), his)] },
      instead: 'still-propagating',
    },
    {
      name: 'a vault that was flipped away from roles',
      estate: { ...policies, assignments: [assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay'))] },
      denials: [secretRefusedByPolicy(app)],
      input: { changes: [change('vault-written', vaultId('kv-pay'))] },
      instead: 'vault-on-access-policies',
    },
    {
      name: 'another custom role that was changed',
      estate: estate({
        identities: [app],
        roles: [...builtIns, narrowed],
        assignments: [assign(app.principalId, narrowed.id, storageId('stpay'))],
      }),
      denials: [blobRefused(app)],
      input: {
        changes: [change('role-definition-changed', `${sub('prod')}/providers/Microsoft.Authorization/roleDefinitions/${pid('other')}`)],
      },
      instead: 'missing-role',
    },
    {
      name: 'a custom role that was changed after the first refusal',
      estate: estate({
        identities: [app],
        roles: [...builtIns, narrowed],
        assignments: [assign(app.principalId, narrowed.id, storageId('stpay'))],
      }),
      denials: [blobRefused(app)],
      input: {
        changes: [
          change('role-definition-changed', `${sub('prod')}/providers/Microsoft.Authorization/roleDefinitions/${narrowed.id}`, {
            at: minutes(10),
          }),
        ],
      },
      instead: 'missing-role',
    },
  ],
});

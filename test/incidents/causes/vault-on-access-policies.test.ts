import { assign, estate, keyVaultSecretsUser, sub, userAssigned, vault } from '../../build/estate.ts';
import { change, secretRefused, secretRefusedByPolicy, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const byPolicies = vault('kv-pay', { rbac: false });
const role = assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay'));
const world = estate({ identities: [app], vaults: [byPolicies], assignments: [role] });

causeTable('vault-on-access-policies', {
  fires: [
    {
      name: 'a data role on a vault that decides by policies',
      estate: world,
      denials: [secretRefusedByPolicy(app)],
      confidence: 'certain',
      cli: [
        `az keyvault set-policy --name kv-pay --resource-group rg-app --subscription ${sub('prod').slice(15)} --object-id ${app.principalId} --secret-permissions get`,
        /enable-rbac-authorization true$/,
      ],
    },
    {
      name: 'a vault that was flipped',
      estate: world,
      denials: [secretRefusedByPolicy(app)],
      input: { changes: [change('vault-written', vaultId('kv-pay'))] },
      confidence: 'certain',
    },
    {
      name: 'a vault that could not be read',
      estate: estate({ identities: [app], assignments: [role] }),
      denials: [secretRefusedByPolicy(app)],
      confidence: 'likely',
      cli: [],
    },
  ],
  neighbours: [
    {
      name: 'no role and no policy',
      estate: estate({ identities: [app], vaults: [byPolicies] }),
      denials: [secretRefusedByPolicy(app)],
      instead: 'missing-role',
    },
    {
      name: 'a vault that decides by roles',
      estate: estate({ identities: [app], vaults: [vault('kv-pay')] }),
      denials: [secretRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a role on another vault',
      estate: estate({
        identities: [app],
        vaults: [byPolicies, vault('kv-other')],
        assignments: [assign(app.principalId, keyVaultSecretsUser, vaultId('kv-other'))],
      }),
      denials: [secretRefusedByPolicy(app)],
      instead: 'role-at-wrong-scope',
    },
  ],
});

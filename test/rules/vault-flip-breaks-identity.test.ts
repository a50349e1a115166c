import { vaultFlipBreaksIdentity } from '../../src/rules/vault-flip-breaks-identity.ts';
import { assign, estate, guid, keyVaultSecretsUser, pid, sub, userAssigned, vault } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const policy = { tenantId: guid('contoso tenant'), objectId: app.principalId, keys: [], secrets: ['get', 'list'], certificates: [] };
const kv = vault('kv-app', { rbac: false, policies: [policy] });
const all = { ...policy, keys: ['all'], secrets: ['all'], certificates: ['all'] };

ruleTable(vaultFlipBreaksIdentity, {
  fires: [
    {
      name: 'lives by an access policy only',
      estate: estate({ identities: [app], vaults: [kv] }),
      violations: [{ subject: kv.id, aspect: app.principalId, severity: 'low', confidence: 'likely' }],
      says: ['Key Vault Secrets User', '2027-02-27', 'az role assignment create'],
    },
    {
      name: 'everything on everything is replaced by the administrator',
      estate: estate({ identities: [app], vaults: [{ ...kv, policies: [all] }] }),
      violations: [{ severity: 'low' }],
      says: ['Key Vault Administrator'],
    },
    {
      name: 'a role on another vault does not help',
      estate: estate({
        identities: [app],
        vaults: [kv],
        assignments: [assign(app.principalId, keyVaultSecretsUser, vault('kv-other').id)],
      }),
      violations: [{ confidence: 'likely' }],
    },
    {
      name: 'a conditioned role may help: possible',
      estate: estate({
        identities: [app],
        vaults: [kv],
        assignments: [assign(app.principalId, keyVaultSecretsUser, kv.id, { condition: "@Resource[x] StringEquals 'y'" })],
      }),
      violations: [{ confidence: 'possible' }],
    },
  ],
  silent: [
    {
      name: 'it holds the role already',
      estate: estate({ identities: [app], vaults: [kv], assignments: [assign(app.principalId, keyVaultSecretsUser, kv.id)] }),
    },
    {
      name: 'further up, through a group',
      estate: estate({
        identities: [app],
        vaults: [kv],
        assignments: [assign(pid('readers'), keyVaultSecretsUser, sub('prod'))],
        memberships: new Map([[app.principalId, [pid('readers')]]]),
      }),
    },
    { name: 'the vault has moved already', estate: estate({ identities: [app], vaults: [{ ...kv, rbac: true }] }) },
    {
      name: 'an entry without permissions',
      estate: estate({ identities: [app], vaults: [{ ...kv, policies: [{ ...policy, secrets: [] }] }] }),
    },
    {
      name: 'the assignments at its subscription could not be read',
      estate: estate({
        identities: [app],
        vaults: [kv],
        gaps: [{ slice: 'roleAssignments', scope: sub('prod'), state: 'missing', why: 'no access' }],
      }),
    },
  ],
});

import { assign, attached, estate, guid, host, keyVaultSecretsUser, userAssigned, vault } from '../../build/estate.ts';
import { change, minutes, secretRefused, vaultId } from '../../build/denials.ts';
import { causeTable } from '../cause-table.ts';

const app = userAssigned('app');
const api = userAssigned('api');
const entry = { tenantId: guid('contoso tenant'), objectId: app.principalId, keys: [], secrets: ['get'], certificates: [] };
const byRoles = vault('kv-pay', { policies: [entry] });
const world = estate({ identities: [app], vaults: [byRoles] });

causeTable('vault-on-rbac', {
  fires: [
    {
      name: 'a policy entry on a vault that decides by roles',
      estate: world,
      denials: [secretRefused(app)],
      confidence: 'certain',
      cli: [new RegExp(`--role ${keyVaultSecretsUser} --scope '${vaultId('kv-pay')}'$`)],
    },
    {
      name: 'a vault that was flipped',
      estate: world,
      denials: [secretRefused(app)],
      input: { changes: [change('vault-written', vaultId('kv-pay'))] },
      confidence: 'certain',
      why: /since 2026-/,
    },
    {
      name: 'a policy entry, with another identity of the host that holds a role',
      estate: estate({
        identities: [app, api],
        hosts: [attached(host('web'), app, api)],
        vaults: [byRoles],
        assignments: [assign(api.principalId, keyVaultSecretsUser, vaultId('kv-pay'))],
      }),
      denials: [secretRefused(app)],
      confidence: 'certain',
    },
  ],
  neighbours: [
    {
      name: 'a policy entry for keys only',
      estate: estate({ identities: [app], vaults: [vault('kv-pay', { policies: [{ ...entry, secrets: [], keys: ['get'] }] })] }),
      denials: [secretRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a policy entry of somebody else',
      estate: estate({ identities: [app], vaults: [vault('kv-pay', { policies: [{ ...entry, objectId: api.principalId }] })] }),
      denials: [secretRefused(app)],
      instead: 'missing-role',
    },
    {
      name: 'a policy entry and a role of minutes',
      estate: estate({
        identities: [app],
        vaults: [byRoles],
        assignments: [assign(app.principalId, keyVaultSecretsUser, vaultId('kv-pay'), { createdAt: minutes(20) })],
      }),
      denials: [secretRefused(app)],
      instead: 'still-propagating',
    },
  ],
});

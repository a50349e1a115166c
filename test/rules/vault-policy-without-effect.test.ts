import { vaultPolicyWithoutEffect } from '../../src/rules/vault-policy-without-effect.ts';
import { assign, directory, estate, guid, keyVaultSecretsUser, pid, userAssigned, vault } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const policy = {
  tenantId: guid('contoso tenant'),
  objectId: app.principalId,
  keys: ['wrapKey', 'unwrapKey', 'get'],
  secrets: ['Get', 'List'],
  certificates: [],
};
const kv = vault('kv-app', { policies: [policy] });

ruleTable(vaultPolicyWithoutEffect, {
  fires: [
    {
      name: 'an entry on a vault in role mode, with the roles that replace it',
      estate: estate({ identities: [app], vaults: [kv] }),
      violations: [{ subject: kv.id, aspect: app.principalId, severity: 'medium', scope: kv.id }],
      says: [
        'Key Vault Crypto Service Encryption User and Key Vault Secrets User',
        `--role ${keyVaultSecretsUser} --scope '${kv.id}'`,
        'az keyvault delete-policy',
      ],
    },
    {
      name: 'low when the identity holds the role already',
      estate: estate({
        identities: [app],
        vaults: [vault('kv-app', { policies: [{ ...policy, keys: [] }] })],
        assignments: [assign(app.principalId, keyVaultSecretsUser, kv.id)],
      }),
      violations: [{ severity: 'low' }],
      says: ['holds the roles that replace it'],
    },
    {
      name: 'low, and said, when groups could not be read',
      estate: estate({
        identities: [app],
        vaults: [kv],
        gaps: [{ slice: 'groupMembers', scope: '/', state: 'missing', why: 'Microsoft Graph answered 403' }],
      }),
      violations: [{ severity: 'low' }],
      says: ['could not be seen in full'],
    },
  ],
  silent: [
    { name: 'the vault uses access policies', estate: estate({ identities: [app], vaults: [{ ...kv, rbac: false }] }) },
    {
      name: 'a person’s entry',
      estate: estate({
        vaults: [vault('kv-app', { policies: [{ ...policy, objectId: pid('alice') }] })],
        directory: directory({ found: [{ id: pid('alice'), kind: 'user' }] }),
      }),
    },
    { name: 'no entries', estate: estate({ identities: [app], vaults: [vault('kv-app')] }) },
  ],
});

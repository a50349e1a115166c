import { vaultRoleWithoutEffect } from '../../src/rules/vault-role-without-effect.ts';
import {
  assign,
  blobDataReader,
  contributor,
  directory,
  estate,
  guid,
  keyVaultSecretsUser,
  pid,
  principal,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const kv = vault('kv-app', { rbac: false });
const held = assign(app.principalId, keyVaultSecretsUser, kv.id);
const policy = { tenantId: guid('contoso tenant'), objectId: app.principalId, keys: [], secrets: ['get'], certificates: [] };

ruleTable(vaultRoleWithoutEffect, {
  fires: [
    {
      name: 'a data role on a vault in access-policy mode',
      estate: estate({ identities: [app], vaults: [kv], assignments: [held] }),
      violations: [{ subject: held.id, severity: 'medium', confidence: 'certain', scope: kv.id }],
      says: ['az keyvault set-policy --name kv-app', '--secret-permissions get list', '--enable-rbac-authorization true', 'refused'],
    },
    {
      name: 'low where an access policy already does the work',
      estate: estate({ identities: [app], vaults: [{ ...kv, policies: [policy] }], assignments: [held] }),
      violations: [{ severity: 'low' }],
      says: ['through an access policy'],
    },
    {
      name: 'on a single secret',
      estate: estate({
        identities: [app],
        vaults: [kv],
        assignments: [assign(app.principalId, keyVaultSecretsUser, `${kv.id}/secrets/app`)],
      }),
      violations: [{ scope: `${kv.id}/secrets/app` }],
    },
    {
      name: 'any principal when all are of concern',
      estate: estate({
        vaults: [kv],
        assignments: [assign(pid('alice'), keyVaultSecretsUser, kv.id)],
        directory: directory({ found: [{ id: pid('alice'), kind: 'user' }] }),
      }),
      settings: { principals: 'all' },
      violations: [{ severity: 'medium' }],
    },
  ],
  silent: [
    { name: 'the vault uses roles', estate: estate({ identities: [app], vaults: [{ ...kv, rbac: true }], assignments: [held] }) },
    {
      name: 'a control-plane role',
      estate: estate({ identities: [app], vaults: [kv], assignments: [assign(app.principalId, contributor, kv.id)] }),
    },
    {
      name: 'a data role of something else',
      estate: estate({ identities: [app], vaults: [kv], assignments: [assign(app.principalId, blobDataReader, kv.id)] }),
    },
    {
      name: 'at the resource group, where other vaults may use it',
      estate: estate({
        identities: [app],
        vaults: [kv],
        assignments: [assign(app.principalId, keyVaultSecretsUser, kv.id.slice(0, kv.id.indexOf('/providers')))],
      }),
    },
    { name: 'a vault that we do not know', estate: estate({ identities: [app], assignments: [held] }) },
    {
      name: 'a user, while only identities are of concern',
      estate: estate({
        vaults: [kv],
        assignments: [assign(pid('alice'), keyVaultSecretsUser, kv.id)],
        directory: directory({ found: [{ id: pid('alice'), kind: 'user' }, principal(app)] }),
      }),
    },
    {
      name: 'a role whose definition could not be read',
      estate: estate({ identities: [app], vaults: [kv], assignments: [assign(app.principalId, guid('custom role'), kv.id)] }),
    },
  ],
});

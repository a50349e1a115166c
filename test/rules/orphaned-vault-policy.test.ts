import { orphanedVaultPolicy } from '../../src/rules/orphaned-vault-policy.ts';
import { directory, estate, guid, host, pid, principal, userAssigned, vault } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const policy = { tenantId: guid('contoso tenant'), objectId: pid('gone'), keys: [], secrets: ['get', 'list'], certificates: [] };
const kv = vault('kv-app', { rbac: false, policies: [policy] });
const gone = directory({ found: [principal(app)], absent: [pid('gone')] });

ruleTable(orphanedVaultPolicy, {
  fires: [
    {
      name: 'an entry of a deleted principal',
      estate: estate({ vaults: [kv], directory: gone }),
      violations: [{ subject: kv.id, aspect: pid('gone'), scope: kv.id, proof: 'deleted', confidence: 'likely' }],
      says: [
        `az keyvault delete-policy --name kv-app --resource-group rg-app --subscription ${guid('prod')} --object-id ${pid('gone')}`,
        'secrets get, list',
      ],
    },
    {
      name: 'certain with history',
      estate: estate({ vaults: [kv], directory: gone }),
      memory: { missingSince: new Map([[pid('gone'), '2026-11-19T08:00:00Z']]) },
      violations: [{ confidence: 'certain' }],
    },
    {
      name: 'in a vault that uses roles it is an orphan all the same',
      estate: estate({ vaults: [{ ...kv, rbac: true }], directory: gone }),
      violations: [{ proof: 'deleted' }],
      says: ['decides nothing'],
    },
    {
      name: 'of an identity that was made again: first what replaces the entry',
      estate: estate({
        identities: [app],
        hosts: [
          {
            ...host('app-web'),
            userAssigned: [{ key: app.key, resourceId: app.resourceId, principalId: pid('gone'), place: 'identity' }],
          },
        ],
        vaults: [kv],
        directory: gone,
      }),
      violations: [{ related: [pid('gone'), app.principalId] }],
      says: ['A live identity took its place (app-id', 'recreated-identity has the command'],
    },
    {
      name: 'entries of one principal with and without an application are two',
      estate: estate({
        vaults: [vault('kv-app', { rbac: false, policies: [policy, { ...policy, applicationId: guid('some app') }] })],
        directory: gone,
      }),
      violations: [{ aspect: pid('gone') }, { aspect: `${pid('gone')}/${guid('some app')}` }],
    },
  ],
  silent: [
    {
      name: 'the principal is there',
      estate: estate({ identities: [app], vaults: [vault('kv-app', { policies: [{ ...policy, objectId: app.principalId }] })] }),
    },
    {
      name: 'the entry is of another tenant',
      estate: estate({ vaults: [vault('kv-app', { policies: [{ ...policy, tenantId: guid('fabrikam tenant') }] })], directory: gone }),
    },
    {
      name: 'the principal is in the recycle bin',
      estate: estate({ vaults: [kv], directory: directory({ deleted: [{ id: pid('gone'), deletedAt: '2026-11-18T08:00:00Z' }] }) }),
    },
    { name: 'the look-up failed', estate: estate({ vaults: [kv], directory: directory({ unresolved: [pid('gone')] }) }) },
    { name: 'nobody asked', estate: estate({ vaults: [kv], directory: directory({}) }) },
    { name: 'the vault is gone by now', estate: estate({ vaults: [kv], directory: gone, confirmations: new Map([[kv.key, 'gone']]) }) },
  ],
  inconclusive: [
    {
      name: 'the canary stayed invisible',
      estate: estate({ vaults: [kv], directory: directory({ absent: [pid('gone')], canary: 'invisible' }) }),
      because: /known to exist/,
    },
  ],
});

import { resourceKey, type Cluster } from '../../src/estate/index.ts';
import { controlPlaneRoleOnDataTarget } from '../../src/rules/control-plane-role-on-data-target.ts';
import {
  assign,
  blobDataReader,
  contributor,
  estate,
  guid,
  host,
  pid,
  reader,
  role,
  sub,
  systemAssignedOf,
  userAssigned,
  vault,
} from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const app = userAssigned('app-id');
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stapp`;
const held = assign(app.principalId, contributor, account);
const kv = vault('kv-app');
const aksId = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const cluster: Cluster = { id: aksId, key: resourceKey(aksId), name: 'aks', nodeResourceGroup: 'mc-app' };
const aks = host('aks', '', { id: aksId, type: 'microsoft.containerservice/managedclusters' });
const nodeAccount = `${sub('prod')}/resourceGroups/mc-app/providers/Microsoft.Storage/storageAccounts/stnode`;

ruleTable(controlPlaneRoleOnDataTarget, {
  fires: [
    {
      name: 'Contributor of a storage account and nothing else',
      estate: estate({ identities: [app], assignments: [held] }),
      violations: [{ subject: held.id, severity: 'low', confidence: 'possible', scope: account }],
      says: ['Storage Blob Data Reader', `--role ${blobDataReader} --scope`, 'az role assignment delete'],
    },
    {
      name: 'Contributor of a vault that uses roles',
      estate: estate({ identities: [app], vaults: [kv], assignments: [assign(app.principalId, contributor, kv.id)] }),
      violations: [{ scope: kv.id }],
    },
    {
      name: 'Contributor of a namespace',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, contributor, `${group}/providers/Microsoft.ServiceBus/namespaces/sb`)],
      }),
      violations: [{ severity: 'low' }],
      says: ['Azure Service Bus Data Receiver'],
    },
    {
      name: 'a data role on another account does not help',
      estate: estate({ identities: [app], assignments: [held, assign(app.principalId, blobDataReader, `${account}2`)] }),
      violations: [{ subject: held.id }],
    },
    {
      name: 'lowered for a cluster on its own node resource group',
      estate: estate({
        identities: [systemAssignedOf(aks)],
        hosts: [aks],
        clusters: [cluster],
        assignments: [assign(pid('aks'), contributor, nodeAccount)],
      }),
      violations: [{ severity: 'info' }],
      says: ['AKS cluster'],
    },
  ],
  silent: [
    {
      name: 'with a data role beside it',
      estate: estate({ identities: [app], assignments: [held, assign(app.principalId, blobDataReader, account)] }),
    },
    {
      name: 'with a data role further up',
      estate: estate({ identities: [app], assignments: [held, assign(app.principalId, blobDataReader, sub('prod'))] }),
    },
    {
      name: 'with a data role on one container',
      estate: estate({
        identities: [app],
        assignments: [held, assign(app.principalId, blobDataReader, `${account}/blobServices/default/containers/one`)],
      }),
    },
    {
      name: 'with a data role through a group',
      estate: estate({
        identities: [app],
        assignments: [held, assign(pid('readers'), blobDataReader, account)],
        memberships: new Map([[app.principalId, [pid('readers')]]]),
      }),
    },
    {
      name: 'Contributor of the resource group: that manages',
      estate: estate({ identities: [app], assignments: [assign(app.principalId, contributor, group)] }),
    },
    { name: 'Reader of the account', estate: estate({ identities: [app], assignments: [assign(app.principalId, reader, account)] }) },
    {
      name: 'a vault that uses access policies',
      estate: estate({ identities: [app], vaults: [{ ...kv, rbac: false }], assignments: [assign(app.principalId, contributor, kv.id)] }),
    },
    {
      name: 'a role with both planes',
      estate: estate({
        identities: [app],
        roles: [role(guid('both'), 'Both', { actions: ['*'], dataActions: ['*'] }, { custom: true })],
        assignments: [assign(app.principalId, guid('both'), account)],
      }),
    },
    {
      name: 'another role there that could not be read',
      estate: estate({ identities: [app], assignments: [held, assign(app.principalId, guid('unread'), account)] }),
    },
    {
      name: 'a resource without data of its own',
      estate: estate({
        identities: [app],
        assignments: [assign(app.principalId, contributor, `${group}/providers/Microsoft.Web/sites/web`)],
      }),
    },
  ],
});

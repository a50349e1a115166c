import { resourceKey, type Cluster } from '../../src/estate/index.ts';
import { ambiguousIdentities } from '../../src/rules/ambiguous-identities.ts';
import { assign, attached, blobDataReader, estate, guid, host, keyVaultSecretsUser, pid, sub, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const group = `${sub('prod')}/resourceGroups/rg-app`;
const [app, jobs] = [userAssigned('app-id'), userAssigned('jobs-id')];
const web = attached(host('app-web', group, { systemAssigned: undefined }), app, jobs);
const both = attached(host('app-web'), app);
const aks = `${group}/providers/Microsoft.ContainerService/managedClusters/aks`;
const cluster: Cluster = { id: aks, key: resourceKey(aks), name: 'aks', nodeResourceGroup: 'MC_aks' };

ruleTable(ambiguousIdentities, {
  fires: [
    {
      name: 'two user-assigned identities of which one holds a role',
      estate: estate({ identities: [app, jobs], hosts: [web], assignments: [assign(app.principalId, blobDataReader, group)] }),
      violations: [{ subject: web.id, severity: 'low', confidence: 'possible', scope: web.id }],
      says: ['AZURE_CLIENT_ID', guid('client of app-id'), guid('client of jobs-id')],
    },
    {
      name: 'both kinds with different roles',
      estate: estate({
        identities: [app],
        hosts: [both],
        assignments: [assign(app.principalId, blobDataReader, group), assign(pid('app-web'), keyVaultSecretsUser, group)],
      }),
      violations: [{ subject: both.id }],
    },
    {
      name: 'the same role at different scopes',
      estate: estate({
        identities: [app, jobs],
        hosts: [web],
        assignments: [assign(app.principalId, blobDataReader, group), assign(jobs.principalId, blobDataReader, sub('prod'))],
      }),
      violations: [{ severity: 'low' }],
    },
    {
      name: 'a resource that names the identity it uses in a field of its own is for information',
      estate: estate({
        identities: [app, jobs],
        hosts: [{ ...web, type: 'microsoft.storage/storageaccounts' }],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
      violations: [{ severity: 'info' }],
    },
  ],
  silent: [
    {
      name: 'the same grants on both',
      estate: estate({
        identities: [app, jobs],
        hosts: [web],
        assignments: [assign(jobs.principalId, blobDataReader, group), assign(app.principalId, blobDataReader, group)],
      }),
    },
    {
      name: 'the same grants, one directly and one through a group',
      estate: estate({
        identities: [app, jobs],
        hosts: [web],
        assignments: [assign(app.principalId, blobDataReader, group), assign(pid('readers'), blobDataReader, group)],
        memberships: new Map([[jobs.principalId, [pid('readers')]]]),
      }),
    },
    { name: 'neither holds anything', estate: estate({ identities: [app, jobs], hosts: [web] }) },
    {
      name: 'one identity',
      estate: estate({
        identities: [app],
        hosts: [attached(host('app-web', group, { systemAssigned: undefined }), app)],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
    },
    {
      name: 'one identity that is listed twice under two spellings',
      estate: estate({
        identities: [app],
        hosts: [
          {
            ...web,
            userAssigned: [...attached(web, app).userAssigned, { ...attached(web, app).userAssigned[0]!, principalId: pid('older') }],
          },
        ],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
    },
    {
      name: 'a cluster and its kubelet, which is named where it is used',
      estate: estate({
        identities: [app, jobs],
        hosts: [
          {
            ...attached(host('aks', '', { id: aks, systemAssigned: undefined }), app),
            userAssigned: [
              { key: app.key, resourceId: app.resourceId, place: 'identity' },
              { key: jobs.key, resourceId: jobs.resourceId, place: 'properties.identityProfile.kubeletidentity' },
            ],
          },
        ],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
    },
    {
      name: 'nodes of a cluster, whose add-ons pick by design',
      estate: estate({
        identities: [app, jobs],
        clusters: [cluster],
        hosts: [attached(host('nodes', `${sub('prod')}/resourceGroups/mc_aks`, { systemAssigned: undefined }), app, jobs)],
        assignments: [assign(app.principalId, blobDataReader, group)],
      }),
    },
  ],
});

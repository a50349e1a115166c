import { resourceKey, type Cluster } from '../../src/estate/index.ts';
import { sharedIdentity } from '../../src/rules/shared-identity.ts';
import { attached, estate, host, resourceGroup, sub, subscription, userAssigned } from '../build/estate.ts';
import { ruleTable } from './rule-table.ts';

const app = userAssigned('app-id');
const groupOf = (subscriptionName: string, name: string): string => `${sub(subscriptionName)}/resourceGroups/${name}`;
const on = (name: string, group: string, tags: Readonly<Record<string, string>> = {}) => attached(host(name, group, { tags }), app);
const clusterId = `${groupOf('prod', 'rg-app')}/providers/Microsoft.ContainerService/managedClusters/aks`;
const cluster: Cluster = { id: clusterId, key: resourceKey(clusterId), name: 'aks', nodeResourceGroup: 'MC_rg-app_aks' };
const nodes = attached(
  host('nodes', groupOf('prod', 'mc_RG-app_aks'), {
    id: `${groupOf('prod', 'mc_RG-app_aks')}/providers/Microsoft.Compute/virtualMachineScaleSets/nodes`,
  }),
  app,
);

ruleTable(sharedIdentity, {
  fires: [
    {
      name: 'two resource groups of one subscription',
      estate: estate({ identities: [app], hosts: [on('web', groupOf('prod', 'rg-a')), on('api', groupOf('prod', 'rg-b'))] }),
      violations: [{ subject: app.resourceId, severity: 'low' }],
      says: ['2 resource groups', 'web'],
    },
    {
      name: 'two subscriptions',
      estate: estate({ identities: [app], hosts: [on('web', groupOf('prod', 'rg-app')), on('web', groupOf('test', 'rg-app'))] }),
      violations: [{ severity: 'medium' }],
      says: ['2 subscriptions'],
    },
    {
      name: 'two environments in one resource group',
      estate: estate({
        identities: [app],
        hosts: [
          on('web', groupOf('prod', 'rg-app'), { Environment: 'prod' }),
          on('web-test', groupOf('prod', 'rg-app'), { environment: 'Test' }),
        ],
      }),
      violations: [{ severity: 'medium' }],
      says: ['the environments prod, test'],
    },
    {
      name: 'environments told by the tags of groups and subscriptions, under the tag that the settings name',
      estate: estate({
        containers: [
          subscription('prod', undefined, { tags: { stage: 'prod' } }),
          resourceGroup('prod', 'rg-a'),
          resourceGroup('prod', 'rg-b', { tags: { Stage: 'test' } }),
        ],
        identities: [app],
        hosts: [on('web', groupOf('prod', 'rg-a')), on('api', groupOf('prod', 'rg-b'))],
      }),
      settings: { environmentTag: 'stage' },
      violations: [{ severity: 'medium' }],
    },
  ],
  silent: [
    {
      name: 'two hosts of one resource group, spelled differently',
      estate: estate({ identities: [app], hosts: [on('web', groupOf('prod', 'rg-app')), on('api', groupOf('prod', 'RG-App'))] }),
    },
    {
      name: 'one host that lists it twice',
      estate: estate({
        identities: [app],
        hosts: [{ ...on('web', groupOf('prod', 'rg-app')), userAssigned: [...on('web', '').userAssigned, ...on('web', '').userAssigned] }],
      }),
    },
    {
      name: 'a cluster and its nodes in their own resource group',
      estate: estate({
        identities: [app],
        clusters: [cluster],
        hosts: [attached(host('aks', '', { id: clusterId, type: 'microsoft.containerservice/managedclusters' }), app), nodes],
      }),
    },
    {
      name: 'parts of a managed application',
      estate: estate({
        containers: [
          subscription('prod'),
          resourceGroup('prod', 'rg-managed', { managedBy: `${groupOf('prod', 'rg-app')}/providers/Microsoft.Solutions/applications/one` }),
        ],
        identities: [app],
        hosts: [on('web', groupOf('prod', 'rg-app')), on('part', groupOf('prod', 'rg-managed'))],
      }),
    },
    {
      name: 'one environment, spelled in two ways',
      estate: estate({
        identities: [app],
        hosts: [
          on('web', groupOf('prod', 'rg-app'), { environment: 'Prod ' }),
          on('api', groupOf('prod', 'rg-app'), { environment: 'prod' }),
        ],
      }),
    },
    {
      name: 'one identity that remediates for several policy assignments',
      estate: estate({
        identities: [app],
        hosts: ['prod', 'test'].map((name) =>
          attached(
            host('deploy', '', {
              id: `${sub(name)}/providers/Microsoft.Authorization/policyAssignments/deploy`,
              type: 'microsoft.authorization/policyassignments',
            }),
            app,
          ),
        ),
      }),
    },
    {
      name: 'a system-assigned identity is never shared',
      estate: estate({
        identities: [{ ...app, kind: 'system-assigned' }],
        hosts: [on('web', groupOf('prod', 'rg-a')), on('api', groupOf('prod', 'rg-b'))],
      }),
    },
  ],
});

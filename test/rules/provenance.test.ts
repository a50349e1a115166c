import { describe, expect, it } from 'vitest';
import { openAccess } from '../../src/access/index.ts';
import { resourceKey, type Cluster, type Estate, type PrincipalId } from '../../src/estate/index.ts';
import { provenanceOf } from '../../src/rules/index.ts';
import { attached, estate, host, managementGroup, mg, pid, sub, subscription, userAssigned } from '../build/estate.ts';

const clusterId = `${sub('prod')}/resourceGroups/rg-app/providers/Microsoft.ContainerService/managedClusters/aks`;
const cluster: Cluster = { id: clusterId, key: resourceKey(clusterId), name: 'aks', nodeResourceGroup: 'MC_aks' };
const kubelet = userAssigned('aks-agentpool', `${sub('prod')}/resourceGroups/MC_aks`);
const policyId = `${mg('platform')}/providers/Microsoft.Authorization/policyAssignments/deploy`;
const world = estate({
  containers: [managementGroup('corp'), managementGroup('platform', mg('corp')), subscription('prod', mg('platform'))],
  clusters: [cluster],
  // The kubelet's identity sits on the nodes too, and they come first.
  hosts: [
    attached(host('nodes'), kubelet),
    attached(host('aks', '', { id: clusterId, type: 'microsoft.containerservice/managedclusters' }), kubelet),
  ],
  policyAssignments: [{ id: policyId, key: resourceKey(policyId), name: 'deploy', principalId: pid('remediation') }],
});
const kindOf = (principal: PrincipalId, scope: string, of: Estate = world) =>
  provenanceOf({ estate: of, access: openAccess(of) }, principal, resourceKey(scope))?.kind;

describe('provenance, by facts', () => {
  it('knows a policy assignment’s identity within the scope of the policy', () => {
    expect(kindOf(pid('remediation'), mg('platform'))).toBe('policy-remediation');
    expect(kindOf(pid('remediation'), `${sub('prod')}/resourceGroups/rg-app`)).toBe('policy-remediation');
  });

  it('excuses no grant of it above or beside that scope', () => {
    expect(kindOf(pid('remediation'), mg('corp'))).toBeUndefined();
    expect(kindOf(pid('remediation'), '/')).toBeUndefined();
    expect(kindOf(pid('remediation'), sub('test'))).toBeUndefined();
  });

  it('knows a cluster’s identities on its own node resource group only', () => {
    expect(kindOf(pid('aks'), `${sub('prod')}/resourceGroups/mc_aks`)).toBe('aks-node-resource-group');
    expect(kindOf(kubelet.principalId, `${sub('prod')}/resourcegroups/mc_aks/providers/x/y/z`)).toBe('aks-node-resource-group');
    expect(kindOf(pid('aks'), `${sub('prod')}/resourceGroups/rg-app`)).toBeUndefined();
    expect(kindOf(pid('aks'), `${sub('test')}/resourceGroups/mc_aks`)).toBeUndefined();
    expect(kindOf(pid('aks'), sub('prod'))).toBeUndefined();
  });

  it('is not deceived by names', () => {
    const impostor = { ...world, hosts: [host('aks')], policyAssignments: [] };
    expect(kindOf(pid('aks'), `${sub('prod')}/resourceGroups/mc_aks`, impostor)).toBeUndefined();
    expect(kindOf(pid('remediation'), mg('platform'), impostor)).toBeUndefined();
  });

  it('takes no cluster without a known node resource group for an owner of everything', () => {
    const blind = { ...world, clusters: [{ ...cluster, nodeResourceGroup: '' }] };
    expect(kindOf(pid('aks'), `${sub('prod')}/resourceGroups/mc_aks`, blind)).toBeUndefined();
  });
});

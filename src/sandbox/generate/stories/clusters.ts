import { owned, type Landscape, type Story } from '../landscape.ts';
import { silent } from '../planted.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import type { Placed } from '../tenant-options.ts';

export interface PlantedCluster {
  readonly cluster: Placed;
  readonly issuer: string;
  readonly controlPlane: ManagedIdentity;
  readonly kubelet: ManagedIdentity;
}

/** Two Kubernetes clusters as Azure makes them: their identities look broad, shared, double and unattached, and are none of it. */
export const clusters: Story = {
  name: 'clusters',
  plant(land) {
    const { t } = land;
    const apps = plantCluster(land, 'aks-apps', { nodes: true });
    const jobs = plantCluster(land, 'aks-jobs', { nodes: false });
    const nodeGroup = { id: `${land.prod.id}/resourceGroups/MC_rg-aks-apps-prod_aks-apps_westeurope` };
    const contributor = t.assign(apps.controlPlane, 'Contributor', nodeGroup);
    return [
      silent('privileged-role-at-broad-scope', contributor, "control plane on the cluster's own node resource group"),
      silent('shared-identity', apps.kubelet, 'kubelet identity on the cluster and on its node pool, two resource groups by design'),
      silent('ambiguous-identities', apps.cluster, 'control plane and kubelet identity have different places and never compete'),
      silent('unattached-identity', jobs.kubelet, 'named in identityProfile only'),
    ];
  },
};

/** The issuer that a cluster of that name would have, whether it exists or not. */
export const issuerOf = ({ t }: Landscape, name: string): string =>
  `https://westeurope.oic.prod-aks.azure.com/${t.tenantId}/${t.seeded.guid('issuer', name)}/`;

function plantCluster(land: Landscape, name: string, { nodes }: { readonly nodes: boolean }): PlantedCluster {
  const { t, prod, registry } = land;
  const home = land.group(name, 'prod');
  const clusterId = `${home.id}/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const nodeGroup = t.resourceGroup(prod, `MC_${home.name}_${name}_westeurope`, { managedBy: clusterId });
  const controlPlane = t.userAssignedIdentity(home, `id-${name}-control-plane`, { tags: owned });
  const kubelet = t.userAssignedIdentity(nodes ? nodeGroup : home, `${name}-agentpool`, { tags: owned });
  const network = t.resource(home, 'Microsoft.Network/virtualNetworks', `vnet-${name}`);
  const issuer = issuerOf(land, name);
  const cluster = t.host('cluster', home, name, {
    userAssigned: [controlPlane],
    tags: owned,
    properties: {
      nodeResourceGroup: nodeGroup.name,
      oidcIssuerProfile: { enabled: true, issuerURL: issuer },
      securityProfile: { workloadIdentity: { enabled: true } },
      identityProfile: { kubeletidentity: { resourceId: kubelet.id, clientId: kubelet.clientId, objectId: kubelet.principalId } },
    },
  });
  if (nodes) t.host('scaleSet', nodeGroup, `aks-nodepool-${name}`, { userAssigned: [kubelet] });
  t.assign(controlPlane, 'Network Contributor', network);
  // Needed where the kubelet identity is brought along, outside of the node resource group.
  if (!nodes) t.assign(controlPlane, 'Managed Identity Operator', kubelet);
  t.assign(kubelet, 'AcrPull', registry);
  return { cluster, issuer, controlPlane, kubelet };
}

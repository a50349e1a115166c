import { z } from 'zod';
import {
  clientId,
  principalId,
  type Attachment,
  type Cluster,
  type Gap,
  type Host,
  type Identity,
  type Slice,
  type Vault,
  type Workspace,
} from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { identityBag, nestedIdentities, systemAssigned, userAssigned } from './identity-bag.ts';
import { readRows } from './read-rows.ts';
import { armId, present, shortText, tags, text, type Pool } from './row.ts';
import { vaultPolicies } from './vault-policies.ts';

export interface ResourceReading {
  readonly identities: readonly Identity[];
  readonly hosts: readonly Host[];
  readonly vaults: readonly Vault[];
  readonly clusters: readonly Cluster[];
  readonly workspaces: readonly Workspace[];
  readonly gaps: readonly Gap[];
}

const row = z.object({
  id: armId,
  name: shortText,
  type: z.string().min(1).max(512),
  location: text,
  tags,
  managedBy: text,
  identity: identityBag,
  principalId: text,
  clientId: text,
  identityProfile: z.unknown(),
  addonProfiles: z.unknown(),
  podIdentityProfile: z.unknown(),
  webAppRouting: z.unknown(),
  rbac: z.union([z.string(), z.boolean()]).nullish(),
  accessPolicies: z.array(z.unknown()).nullish(),
  issuer: text,
  nodeResourceGroup: text,
  customerId: text,
});
type ResourceRow = z.infer<typeof row>;

const identityType = 'microsoft.managedidentity/userassignedidentities';
const vaultType = 'microsoft.keyvault/vaults';
const clusterType = 'microsoft.containerservice/managedclusters';
const workspaceType = 'microsoft.operationalinsights/workspaces';

export async function readResources(
  clients: AzureClients,
  areas: readonly Area[],
  progress: (line: string) => void,
  once: Pool,
): Promise<ResourceReading> {
  const identities: Identity[] = [];
  const hosts: Host[] = [];
  const vaults: Vault[] = [];
  const clusters: Cluster[] = [];
  const workspaces: Workspace[] = [];
  const gaps = await readRows({
    clients,
    areas,
    query: 'resources',
    slices: ['hosts', 'identities', 'vaults', 'clusters', 'workspaces'],
    slicesOf: slicesOfType,
    schema: row,
    progress,
    take: (given, ownKey) => {
      const key = once(ownKey);
      const type = once(given.type.toLowerCase());
      const place = { id: once(given.id), key, name: given.name ?? given.id.slice(given.id.lastIndexOf('/') + 1) };
      const common = {
        ...place,
        location: given.location === null || given.location === undefined ? undefined : once(given.location),
        tags: given.tags,
      };
      const host = hostOf(given, type, common, once);
      if (host !== undefined) {
        hosts.push(host);
        if (host.systemAssigned !== undefined)
          identities.push({
            kind: 'system-assigned',
            principalId: host.systemAssigned,
            resourceId: place.id,
            key: place.key,
            name: place.name,
            location: common.location,
            tags: given.tags,
          });
      }
      switch (type) {
        case identityType: {
          const principal = present(given.principalId);
          const client = present(given.clientId);
          if (principal === undefined) return false;
          identities.push({
            kind: 'user-assigned',
            principalId: once(principalId(principal)),
            clientId: client === undefined ? undefined : once(clientId(client)),
            resourceId: place.id,
            key: place.key,
            name: place.name,
            location: common.location,
            tags: given.tags,
          });
          return true;
        }
        case vaultType: {
          const policies = vaultPolicies(given.accessPolicies ?? []);
          vaults.push({ ...place, tags: given.tags, rbac: String(given.rbac).toLowerCase() === 'true', policies: policies.read });
          return policies.odd === 0;
        }
        case clusterType:
          clusters.push({ ...place, issuer: present(given.issuer), nodeResourceGroup: present(given.nodeResourceGroup) });
          return true;
        case workspaceType: {
          const customerId = present(given.customerId);
          if (customerId === undefined) return false;
          workspaces.push({ ...place, customerId });
          return true;
        }
        default:
          return true;
      }
    },
  });
  return { identities, hosts, vaults, clusters, workspaces, gaps };
}

function hostOf(
  given: ResourceRow,
  type: string,
  common: Pick<Host, 'id' | 'key' | 'name' | 'location' | 'tags'>,
  once: Pool,
): Host | undefined {
  const attached = [
    ...userAssigned(given.identity),
    ...nestedIdentities(given.identityProfile, 'properties.identityProfile'),
    ...nestedIdentities(given.addonProfiles, 'properties.addonProfiles'),
    ...nestedIdentities(given.podIdentityProfile, 'properties.podIdentityProfile'),
    ...nestedIdentities(given.webAppRouting, 'properties.ingressProfile.webAppRouting'),
  ];
  const system = systemAssigned(given.identity);
  if (attached.length === 0 && system === undefined) return undefined;
  return {
    ...common,
    type,
    managedBy: present(given.managedBy),
    systemAssigned: system === undefined ? undefined : once(system),
    userAssigned: attached.map((each) => pooled(each, once)),
  };
}

/** The same ids as in the identity's own row, mostly spelled the same. */
function pooled({ key, resourceId, principalId: principal, clientId: client, place }: Attachment, once: Pool): Attachment {
  return {
    key: once(key),
    resourceId: once(resourceId),
    principalId: principal === undefined ? undefined : once(principal),
    clientId: client === undefined ? undefined : once(client),
    place: once(place),
  };
}

/** Which slices an odd row belongs to, by its type where that much is readable. */
function slicesOfType(row: { readonly id: string; readonly type?: unknown }): readonly Slice[] {
  switch (typeof row.type === 'string' ? row.type.toLowerCase() : '') {
    case identityType:
      return ['identities'];
    case vaultType:
      return ['vaults', 'hosts', 'identities'];
    case clusterType:
      return ['clusters', 'hosts', 'identities'];
    case workspaceType:
      return ['workspaces'];
    case '':
      return ['hosts', 'identities', 'vaults', 'clusters', 'workspaces'];
    default:
      return ['hosts', 'identities'];
  }
}

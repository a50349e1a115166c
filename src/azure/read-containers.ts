import { z } from 'zod';
import { resourceKey, type Container, type Gap, type ResourceKey } from '../estate/index.ts';
import type { Area } from './areas.ts';
import type { AzureClients } from './clients.ts';
import { readRows } from './read-rows.ts';
import { armId, present, shortText, tags, text } from './row.ts';

export interface ContainerReading {
  readonly containers: readonly Container[];
  /** Of the first subscription; the token's tenant goes before. */
  readonly tenantId?: string | undefined;
  readonly gaps: readonly Gap[];
}

/** Ancestors nearest first, each `{name, displayName}`. */
const chain = z.array(z.object({ name: z.string().min(1).max(256), displayName: shortText })).nullish();

const row = z.object({
  id: armId,
  name: shortText,
  type: z.string(),
  tenantId: text,
  managedBy: text,
  tags,
  displayName: shortText,
  parentId: text,
  ancestors: chain,
  groupAncestors: chain,
});
type ContainerRow = z.infer<typeof row>;

/** Nothing is asked because of a container, so all pages but the first may wait for `urgent`. */
export async function readContainers(
  clients: AzureClients,
  areas: readonly Area[],
  progress: (line: string) => void,
  urgent: Promise<unknown>,
): Promise<ContainerReading> {
  const containers = new Map<ResourceKey, Container>();
  const fromChains = new Map<ResourceKey, Container>();
  let tenantId: string | undefined;
  const gaps = await readRows({
    clients,
    areas,
    query: 'containers',
    slices: ['containers'],
    schema: row,
    progress,
    restAfter: urgent,
    take: (given, key) => {
      const kind = kindOf(given.type);
      if (kind === undefined) return false;
      if (kind === 'subscription') tenantId ??= present(given.tenantId);
      const ancestors = given.ancestors ?? given.groupAncestors ?? [];
      for (const [at, ancestor] of ancestors.entries()) {
        const container = groupContainer(ancestor, ancestors[at + 1]?.name);
        const known = fromChains.get(container.key);
        if (known === undefined || known.parent === undefined) fromChains.set(container.key, container);
      }
      const container = containerOf(kind, given, key, ancestors[0]?.name);
      containers.set(container.key, container);
      return true;
    },
  });
  // A management group that the auditor may not read still stands in the chains of what lies below it.
  for (const [key, container] of fromChains) {
    const known = containers.get(key);
    if (known === undefined) containers.set(key, container);
    else if (known.parent === undefined && container.parent !== undefined) containers.set(key, { ...known, parent: container.parent });
  }
  return { containers: [...containers.values()], tenantId, gaps: [...gaps, ...placeless([...containers.values()])] };
}

function containerOf(kind: Container['kind'], given: ContainerRow, key: ResourceKey, nearest: string | undefined): Container {
  return {
    kind,
    id: given.id,
    key,
    name: given.displayName ?? given.name ?? given.id.slice(given.id.lastIndexOf('/') + 1),
    parent: parentOf(kind, given, nearest),
    tags: given.tags,
    managedBy: present(given.managedBy),
  };
}

function parentOf(kind: Container['kind'], given: ContainerRow, nearest: string | undefined): ResourceKey | undefined {
  switch (kind) {
    case 'managementGroup': {
      const parent = present(given.parentId);
      if (parent !== undefined) return resourceKey(parent);
      return nearest === undefined ? undefined : resourceKey(groupId(nearest));
    }
    case 'subscription':
      return nearest === undefined ? undefined : resourceKey(groupId(nearest));
    case 'resourceGroup':
      return resourceKey(given.id.slice(0, given.id.toLowerCase().lastIndexOf('/resourcegroups/')));
  }
}

function groupContainer(
  group: { readonly name: string; readonly displayName?: string | undefined },
  parent: string | undefined,
): Container {
  const id = groupId(group.name);
  return {
    kind: 'managementGroup',
    id,
    key: resourceKey(id),
    name: group.displayName ?? group.name,
    parent: parent === undefined ? undefined : resourceKey(groupId(parent)),
    tags: {},
  };
}

const groupId = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;

function kindOf(type: string): Container['kind'] | undefined {
  switch (type.toLowerCase()) {
    case 'microsoft.management/managementgroups':
      return 'managementGroup';
    case 'microsoft.resources/subscriptions':
      return 'subscription';
    case 'microsoft.resources/subscriptions/resourcegroups':
      return 'resourceGroup';
    default:
      return undefined;
  }
}

/** Where there are management groups, a subscription that does not say which one it is in may inherit anything. */
function placeless(containers: readonly Container[]): readonly Gap[] {
  if (!containers.some((container) => container.kind === 'managementGroup')) return [];
  return containers
    .filter((container) => container.kind === 'subscription' && container.parent === undefined)
    .map((container) => ({
      slice: 'containers',
      scope: container.id,
      state: 'partial',
      why: 'Azure did not say which management group this subscription is in, so what it inherits from management groups is unknown.',
      permission: 'Microsoft.Management/managementGroups/read',
    }));
}

import { resourceKey, scopeTree, type Container, type Identity, type PrincipalId, type ResourceKey, type Tags } from '../estate/index.ts';
import type { TagsOf } from './exclusion.ts';

/** As much of an estate as tags are read from. */
export interface Tagged {
  readonly containers: readonly Container[];
  readonly hosts: readonly Carrier[];
  readonly identities: readonly (Carrier & Pick<Identity, 'principalId' | 'resourceId'>)[];
  readonly vaults: readonly Carrier[];
}

interface Carrier {
  readonly key: ResourceKey;
  readonly tags: Tags;
}

/** Tags of an estate, by ARM id or principal id: the thing's own, then those of its resource group and subscription. */
export const tagsInForce = (estate: Tagged): TagsOf => tagReaders(estate)();

/**
 * Hands out readers of one index. Each remembers the scopes that it was asked about: whoever goes through a tenant piece by piece takes a new one for each
 * piece, or ends up with all scopes of the tenant.
 */
export function tagReaders(estate: Tagged): () => TagsOf {
  let index: Index | undefined;
  return () => {
    const { chain } = scopeTree(estate.containers);
    return function* (id) {
      // Most settings exclude nothing by tag, and then nobody asks.
      const { tags, home } = (index ??= indexOf(estate));
      const key = home.get(id.toLowerCase() as PrincipalId) ?? (id.startsWith('/') ? resourceKey(id) : undefined);
      if (key === undefined) return;
      for (const scope of chain(key)) {
        const carried = tags.get(scope);
        if (carried !== undefined) yield carried;
      }
    };
  };
}

interface Index {
  readonly tags: ReadonlyMap<ResourceKey, Tags>;
  /** Where identities live. */
  readonly home: ReadonlyMap<PrincipalId, ResourceKey>;
}

function indexOf(estate: Tagged): Index {
  const tags = new Map<ResourceKey, Tags>();
  for (const carriers of [estate.containers, estate.hosts, estate.identities, estate.vaults])
    for (const carrier of carriers) {
      // A system-assigned identity bears its host's key: whichever of the two rows carries tags wins.
      if (Object.keys(carrier.tags).length > 0) tags.set(carrier.key, carrier.tags);
    }
  const home = new Map<PrincipalId, ResourceKey>();
  for (const { principalId, resourceId } of estate.identities) home.set(principalId, resourceKey(resourceId));
  return { tags, home };
}

import { resourceKey, scopeTree, type Estate, type PrincipalId, type ResourceKey, type Tags } from '../estate/index.ts';
import type { TagsOf } from './exclusion.ts';

/** Tags of an estate, by ARM id or principal id: the thing's own, then those of its resource group and subscription. */
export function tagsInForce(estate: Pick<Estate, 'containers' | 'hosts' | 'identities' | 'vaults'>): TagsOf {
  let inForce: TagsOf | undefined;
  // Most settings exclude nothing by tag, and then nobody asks.
  return (id) => (inForce ??= carriedTags(estate))(id);
}

function carriedTags(estate: Pick<Estate, 'containers' | 'hosts' | 'identities' | 'vaults'>): TagsOf {
  const tags = new Map<ResourceKey, Tags>();
  for (const carrier of [...estate.containers, ...estate.hosts, ...estate.identities, ...estate.vaults]) {
    // A system-assigned identity bears its host's key: whichever of the two rows carries tags wins.
    if (Object.keys(carrier.tags).length > 0) tags.set(carrier.key, carrier.tags);
  }
  const home = new Map<PrincipalId, ResourceKey>(
    estate.identities.map((identity) => [identity.principalId, resourceKey(identity.resourceId)]),
  );
  const { chain } = scopeTree(estate.containers);
  return function* (id) {
    const key = home.get(id.toLowerCase() as PrincipalId) ?? (id.startsWith('/') ? resourceKey(id) : undefined);
    if (key === undefined) return;
    for (const scope of chain(key)) {
      const carried = tags.get(scope);
      if (carried !== undefined) yield carried;
    }
  };
}

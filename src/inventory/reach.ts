import type { Access } from '../access/index.ts';
import { levelOf, type Estate, type ResourceKey } from '../estate/index.ts';

/** Resources that lie below containers, as far as the audit saw any: identities, hosts, vaults, clusters, workspaces. */
export function reachIn(estate: Estate, access: Access): (scope: ResourceKey) => number | undefined {
  let counts: ReadonlyMap<ResourceKey, number> | undefined;
  return (scope) => (levelOf(scope) === 'resource' ? undefined : ((counts ??= countBelow(estate, access)).get(scope) ?? 0));
}

function countBelow(estate: Estate, access: Access): ReadonlyMap<ResourceKey, number> {
  const counts = new Map<ResourceKey, number>();
  const add = (scope: ResourceKey, more: number): void => void counts.set(scope, (counts.get(scope) ?? 0) + more);
  const homes = new Map<ResourceKey, number>();
  const resources = new Set(
    [estate.identities, estate.hosts, estate.vaults, estate.clusters, estate.workspaces].flatMap((each) => each.map(({ key }) => key)),
  );
  for (const key of resources) {
    const home = homeOf(key);
    homes.set(home, (homes.get(home) ?? 0) + 1);
  }
  // The chain of each container is climbed once, not once per resource.
  for (const [home, count] of homes) for (const scope of access.chain(home)) add(scope, count);
  return counts;
}

/** The container that a resource lies in, by its id: its resource group, or the subscription, or the root. */
const homeOf = (key: ResourceKey): ResourceKey =>
  (/^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?/.exec(key)?.[0] ?? '/') as ResourceKey;

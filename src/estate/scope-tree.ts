import type { Container } from './container.ts';
import type { ResourceKey } from './ids.ts';

/** What a scope is. Everything below a resource group, and everything that hangs on another thing as an extension, is a `resource`. */
export type ScopeLevel = 'root' | 'managementGroup' | 'subscription' | 'resourceGroup' | 'resource';

/** The tree of scopes: management groups as collected, everything from the subscription down by its id. */
export interface ScopeTree {
  /** The scope itself, then what it lies in, up to `/`. Ends in spite of a cycle among management groups. */
  readonly chain: (scope: ResourceKey) => readonly ResourceKey[];
  /** True when `scope` is `ancestor` or lies below it. Segment by segment: `rg-app` does not contain `rg-app-prod`. */
  readonly within: (scope: ResourceKey, ancestor: ResourceKey) => boolean;
  /** False where management groups above the scope could not be read: then `chain` jumps to `/` too early. */
  readonly isWhole: (scope: ResourceKey) => boolean;
}

export const root = '/' as ResourceKey;
const managementGroups = '/providers/microsoft.management/managementgroups/';
const subscriptions = '/subscriptions/';

export function scopeTree(containers: readonly Container[]): ScopeTree {
  const parents = new Map<ResourceKey, ResourceKey | undefined>();
  for (const { kind, key, parent } of containers) if (kind !== 'resourceGroup') parents.set(key, parent);
  const chains = new Map<ResourceKey, readonly ResourceKey[]>();

  function chain(scope: ResourceKey): readonly ResourceKey[] {
    let known = chains.get(scope);
    if (known === undefined) {
      known = climb(scope);
      chains.set(scope, known);
    }
    return known;
  }

  /** From the resource group up, neighbours share their chain, and its texts are cut out once. */
  function climb(scope: ResourceKey): readonly ResourceKey[] {
    const below: ResourceKey[] = [];
    for (const at of lineageById(scope)) {
      const level = levelOf(at);
      if (level === 'managementGroup' || level === 'subscription') return [...below, ...climbContainers(at), root];
      if (level === 'resourceGroup' && below.length > 0) return [...below, ...chain(at)];
      below.push(at);
    }
    return below;
  }

  function climbContainers(from: ResourceKey): Set<ResourceKey> {
    const seen = new Set<ResourceKey>();
    for (let at: ResourceKey | undefined = from; at !== undefined && at !== root && !seen.has(at); at = parents.get(at)) seen.add(at);
    return seen;
  }

  return {
    chain,
    within(scope, ancestor) {
      // Asked by the hundred thousand, and mostly of two that lie beside each other: one character tells before the texts are compared.
      if (scope.length > ancestor.length ? scope[ancestor.length] === '/' && scope.startsWith(ancestor) : scope === ancestor) return true;
      if (ancestor[1] === 's') return false;
      return ancestor === root || (ancestor.startsWith(managementGroups) && chain(scope).includes(ancestor));
    },
    isWhole(scope) {
      const containersAbove = chain(scope).filter((each) => levelOf(each) === 'subscription' || levelOf(each) === 'managementGroup');
      const highest = containersAbove.at(-1);
      // The tenant's root group is the one management group without a parent; a subscription always has one.
      return highest === undefined || (levelOf(highest) === 'managementGroup' && parents.has(highest) && isTop(parents.get(highest)));
    },
  };
}

const isTop = (parent: ResourceKey | undefined): boolean => parent === undefined || parent === root;

export function levelOf(scope: ResourceKey): ScopeLevel {
  if (scope === root) return 'root';
  if (scope.startsWith(managementGroups)) return scope.includes('/', managementGroups.length) ? 'resource' : 'managementGroup';
  if (!scope.startsWith(subscriptions)) return 'resource';
  const afterSubscription = scope.indexOf('/', subscriptions.length);
  if (afterSubscription < 0) return 'subscription';
  if (!scope.startsWith('/resourcegroups/', afterSubscription)) return 'resource';
  return scope.includes('/', afterSubscription + '/resourcegroups/'.length) ? 'resource' : 'resourceGroup';
}

/** The subscription a scope lies in, or undefined above subscriptions. */
export function subscriptionOf(scope: ResourceKey): ResourceKey | undefined {
  if (!scope.startsWith(subscriptions)) return undefined;
  const end = scope.indexOf('/', subscriptions.length);
  return (end < 0 ? scope : scope.slice(0, end)) as ResourceKey;
}

/**
 * A scope and what it lies in by its id alone, up to `/`. A resource id is a container followed by `providers/<namespace>` and pairs of
 * type and name; an extension resource starts over with `providers` at the place of a type. A tenant-level resource lies in the root.
 */
function* lineageById(scope: ResourceKey): Iterable<ResourceKey> {
  const ends: number[] = [];
  for (let end = 0; end < scope.length;) {
    end = segmentsOn(scope, end, scope.startsWith('/providers/', end) ? 4 : 2);
    if (end > 1) ends.push(end);
  }
  for (let at = ends.length - 1; at >= 0; at--) yield scope.slice(0, ends[at]) as ResourceKey;
  yield root;
}

function segmentsOn(scope: string, from: number, count: number): number {
  let end = from;
  for (let done = 0; done < count && end < scope.length; done++) {
    const next = scope.indexOf('/', end + 1);
    end = next < 0 ? scope.length : next;
  }
  return end;
}

import { armKey, managementGroupOf, managementGroupPrefix, subscriptionOf } from './arm-id.ts';
import { listAt, textAt, type JsonObject } from './json.ts';

/** Which management groups stand above a scope, read from the container rows as Resource Graph gives them. */
export interface ScopeTree {
  /** Keys of the management groups above (and at) the scope, and `/`. */
  ancestors(key: string): readonly string[];
  readonly subscriptions: readonly JsonObject[];
  readonly managementGroups: readonly JsonObject[];
}

export function scopeTree(containers: Iterable<JsonObject>, tenantId: string): ScopeTree {
  const parents = new Map<string, string>();
  const chains = new Map<string, readonly string[]>();
  const subscriptions: JsonObject[] = [];
  const managementGroups: JsonObject[] = [];
  for (const row of containers) {
    const type = textAt(row, 'type')?.toLowerCase();
    const key = armKey(textAt(row, 'id') ?? '/');
    if (type === 'microsoft.resources/subscriptions') {
      subscriptions.push(row);
      chains.set(key, chainOf(row));
    } else if (type === 'microsoft.management/managementgroups') {
      managementGroups.push(row);
      const parent = parentOf(row);
      if (parent !== undefined) parents.set(key, parent);
      else chains.set(key, chainOf(row));
    }
  }
  const root = `${managementGroupPrefix}${tenantId.toLowerCase()}`;
  const rootExists = managementGroups.some((row) => armKey(textAt(row, 'id') ?? '') === root);

  function above(group: string, seen: Set<string>): void {
    if (seen.has(group)) return;
    seen.add(group);
    const parent = parents.get(group);
    if (parent !== undefined) above(parent, seen);
    for (const one of chains.get(group) ?? []) above(one, seen);
  }

  const known = new Map<string, readonly string[]>();
  function ancestors(given: string): readonly string[] {
    const subscription = subscriptionOf(given);
    const group = managementGroupOf(given);
    const key =
      subscription !== undefined ? `/subscriptions/${subscription}` : group !== undefined ? `${managementGroupPrefix}${group}` : '/';
    const remembered = known.get(key);
    if (remembered !== undefined) return remembered;
    const seen = new Set<string>();
    if (group !== undefined) above(key, seen);
    for (const one of chains.get(key) ?? []) above(one, seen);
    // Everything in a tenant is below its root group, which carries the tenant's id.
    if (key !== '/' && rootExists) seen.add(root);
    const answer = [...seen, '/'];
    known.set(key, answer);
    return answer;
  }
  return { ancestors, subscriptions, managementGroups };
}

function chainOf(row: JsonObject): readonly string[] {
  const chain = [
    ...listAt(row, 'properties', 'managementGroupAncestorsChain'),
    ...listAt(row, 'properties', 'details', 'managementGroupAncestorsChain'),
  ];
  return chain.flatMap((link) => {
    const name = textAt(link, 'name');
    return name === undefined ? [] : [`${managementGroupPrefix}${name.toLowerCase()}`];
  });
}

function parentOf(row: JsonObject): string | undefined {
  const id = textAt(row, 'properties', 'details', 'parent', 'id');
  if (id !== undefined && id !== '') return armKey(id);
  const name = textAt(row, 'properties', 'details', 'parent', 'name');
  return name === undefined || name === '' ? undefined : `${managementGroupPrefix}${name.toLowerCase()}`;
}

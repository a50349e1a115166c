import type { CollectScope } from '../ports/index.ts';

/** What one Resource Graph query is pointed at: the tenant, some management groups, or some subscriptions (never two kinds at once). */
export interface Area {
  readonly kind: 'tenant' | 'managementGroups' | 'subscriptions';
  readonly ids: readonly string[];
  /** The same as ARM ids, for gaps. */
  readonly scopes: readonly string[];
  /** Only what lies in it, without what it inherits from above. */
  readonly withoutAbove?: true;
}

/** Subscriptions per query stay well below the 300 that Microsoft recommends; management groups have no documented limit above 10. */
const subscriptionsPerQuery = 250;
const managementGroupsPerQuery = 10;

export function areasOf(scope: CollectScope): readonly Area[] {
  const groups = named(scope.managementGroups, '/providers/Microsoft.Management/managementGroups/');
  const subscriptions = named(scope.subscriptions, '/subscriptions/');
  if (groups.length === 0 && subscriptions.length === 0) return [{ kind: 'tenant', ids: [], scopes: ['/'] }];
  return [
    ...chunks(groups, managementGroupsPerQuery).map((ids) =>
      area('managementGroups', ids, '/providers/Microsoft.Management/managementGroups/'),
    ),
    ...chunks(subscriptions, subscriptionsPerQuery).map((ids) => area('subscriptions', ids, '/subscriptions/')),
  ];
}

/** Of a shard: what lies above its subscriptions is read apart, once. */
export const areasOfShard = (subscriptions: readonly string[]): readonly Area[] =>
  chunks(subscriptions, subscriptionsPerQuery).map((ids) => ({ ...area('subscriptions', ids, '/subscriptions/'), withoutAbove: true }));

const area = (kind: Area['kind'], ids: readonly string[], prefix: string): Area => ({
  kind,
  ids,
  scopes: ids.map((id) => `${prefix}${id}`),
});

/** Names, each once; a full ARM id is taken for its name. */
function named(given: readonly string[], prefix: string): readonly string[] {
  const names = given
    .map((id) => id.trim().replace(/\/+$/, ''))
    .map((id) => (id.toLowerCase().startsWith(prefix.toLowerCase()) ? id.slice(prefix.length) : id));
  return [...new Map(names.filter((name) => name !== '').map((name) => [name.toLowerCase(), name])).values()];
}

export function chunks<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const all: T[][] = [];
  for (let at = 0; at < items.length; at += size) all.push(items.slice(at, at + size));
  return all;
}

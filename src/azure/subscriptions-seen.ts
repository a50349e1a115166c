import { resourceKey, type Container, type Gap, type Identity } from '../estate/index.ts';

/** Lower-case ids of the subscriptions that Resource Graph showed something of: themselves, or a resource in them. */
export function subscriptionsSeen(
  containers: readonly Container[],
  resourceIds: readonly string[],
  identities: readonly Identity[],
): ReadonlySet<string> {
  const seen = new Set<string>();
  const see = (id: string) => {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(id)?.[1];
    if (subscription !== undefined) seen.add(subscription.toLowerCase());
  };
  for (const { id } of containers) see(id);
  for (const id of resourceIds) see(id);
  for (const { resourceId } of identities) see(resourceId);
  return seen;
}

/**
 * A subscription whose resources are visible and which itself is not (a role on a resource group shows that): it gets its place in the tree, and
 * the tree says that its management groups are unknown, which matters only where there are any.
 */
export function withUnlisted(
  containers: readonly Container[],
  seen: ReadonlySet<string>,
): { readonly containers: readonly Container[]; readonly gaps: readonly Gap[] } {
  const listed = new Set(containers.filter(({ kind }) => kind === 'subscription').map(({ key }) => key.slice('/subscriptions/'.length)));
  const unlisted = [...seen].filter((id) => !listed.has(id));
  const harmless = !containers.some(({ kind }) => kind === 'managementGroup');
  return {
    containers: [...containers, ...unlisted.map(subscriptionContainer)],
    gaps: unlisted.map((id) => ({
      slice: 'containers',
      scope: `/subscriptions/${id}`,
      state: 'partial',
      why: 'Resources of this subscription are visible, the subscription itself is not: its name and its management groups are unknown.',
      permission: 'Microsoft.Resources/subscriptions/read',
      harmless,
    })),
  };
}

function subscriptionContainer(id: string): Container {
  return { kind: 'subscription', id: `/subscriptions/${id}`, key: resourceKey(`/subscriptions/${id}`), name: id, tags: {} };
}

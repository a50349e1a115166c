/** A scope in words, from its id alone: `resource group rg-app`, `subscription 1f0c…`, `the root of the tenant`. */
export function scopeName(scopeId: string): string {
  const parts = scopeId.split('/').filter((part) => part !== '');
  if (parts.length === 0) return 'the root of the tenant';
  const kind = kinds.get(parts.at(-2)?.toLowerCase() ?? '');
  return `${kind === undefined ? '' : `${kind} `}${parts.at(-1) ?? ''}`;
}

const kinds: ReadonlyMap<string, string> = new Map([
  ['subscriptions', 'subscription'],
  ['resourcegroups', 'resource group'],
  ['managementgroups', 'management group'],
]);

/** The last segment of an ARM id. */
export const resourceName = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** `/subscriptions/…/resourceGroups/…` of an id, in the spelling given; undefined above resource groups. */
export const resourceGroupId = (id: string): string | undefined => /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+/i.exec(id)?.[0];

export const subscriptionId = (id: string): string | undefined => /^\/subscriptions\/[^/]+/i.exec(id)?.[0];

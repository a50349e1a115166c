/** A scope in words, from its id alone: `resource group rg-app`, `subscription 1f0c…`, `the root of the tenant`. */
export function scopeName(scopeId: string): string {
  const nameEnd = endBefore(scopeId, scopeId.length);
  if (nameEnd === 0) return 'the root of the tenant';
  const nameStart = scopeId.lastIndexOf('/', nameEnd - 1) + 1;
  const kindEnd = endBefore(scopeId, nameStart);
  const kindStart = kindEnd === 0 ? 0 : scopeId.lastIndexOf('/', kindEnd - 1) + 1;
  const kind = kinds.get(scopeId.slice(kindStart, kindEnd).toLowerCase());
  return `${kind === undefined ? '' : `${kind} `}${scopeId.slice(nameStart, nameEnd)}`;
}

/** Where the segment before `end` ends: slashes come doubled now and then. */
function endBefore(text: string, end: number): number {
  let at = end;
  while (at > 0 && text[at - 1] === '/') at -= 1;
  return at;
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

/** An ARM id in the words of a person: last part first, the subscription by the head of its id. The full id stands in JSON and in `show`. */
export function shortScope(id: string): string {
  if (id === '' || id === '/') return 'tenant root';
  const parts = id.split('/').filter((part) => part !== '');
  const at = (word: string): string | undefined => parts[parts.findIndex((part) => part.toLowerCase() === word) + 1];
  const group = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/i.exec(id)?.[1];
  if (group !== undefined) return `management group ${group}`;
  if (parts[0]?.toLowerCase() !== 'subscriptions' || parts[1] === undefined) return id;
  const subscription = `subscription ${parts[1].slice(0, 8)}…`;
  if (parts.length === 2) return subscription;
  const resourceGroup = parts[2]?.toLowerCase() === 'resourcegroups' ? at('resourcegroups') : undefined;
  const resource = parts.length > 4 ? parts.slice(-2).join('/') : undefined;
  return [resource, resourceGroup === undefined ? undefined : `group ${resourceGroup}`, subscription].filter((part) => part !== undefined).join(', ');
}

import { oneLine } from './plain-text.ts';

/** Names of subscriptions by id, as far as they are known. */
export type SubscriptionNames = Readonly<Record<string, string>>;

/** An ARM id in the words of a person: the thing, its resource group, its subscription. The full id stands in JSON and in `show`. */
export const shortScope = (id: string, names: SubscriptionNames = {}): string => oneLine(shortened(id, names));

function shortened(id: string, names: SubscriptionNames): string {
  if (id === '' || id === '/') return 'tenant root';
  const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/i.exec(id)?.[1];
  if (managementGroup !== undefined) return `management group ${managementGroup}`;
  const [, subscription, rest = ''] = /^\/subscriptions\/([^/]+)(.*)$/i.exec(id) ?? [];
  if (subscription === undefined) return id;
  const group = /^\/resourcegroups\/([^/]+)/i.exec(rest)?.[1];
  const resource = /\/providers\/.*\/([^/]+)$/i.exec(rest)?.[1];
  const name = names[subscription.toLowerCase()] ?? `${subscription.slice(0, 8)}…`;
  return [resource, group, group === undefined && resource === undefined ? `subscription ${name}` : name]
    .filter((part) => part !== undefined)
    .join(', ');
}

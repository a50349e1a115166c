/** By lower-case id. */
export type SubscriptionNames = ReadonlyMap<string, string>;

/** The last part of an ARM id, for a column too narrow for all of it; the whole id stands beside it as a title. */
export function shortScope(id: string, names: SubscriptionNames): string {
  if (id === '/' || id === '') return 'tenant';
  const parts = id.split('/').filter((part) => part !== '');
  const name = parts.at(-1) ?? id;
  if (/^\/subscriptions\/[^/]+$/i.test(id)) return `subscription ${names.get(name.toLowerCase()) ?? `${name.slice(0, 8)}…`}`;
  if (/\/resourcegroups\/[^/]+$/i.test(id)) return `group ${name}`;
  if (/\/managementgroups\/[^/]+$/i.test(id)) return `management group ${name}`;
  return name;
}

/** Innermost first, as an address is said: `kv-app, group rg-app, subscription contoso-prod`. */
export function placeOf(id: string, names: SubscriptionNames): string {
  const levels = levelsOf(id);
  return (levels.length > 1 ? levels.slice(1) : levels)
    .map((level) => shortScope(level, names))
    .toReversed()
    .join(', ');
}

/** Every level above an ARM id down to itself: `/`, subscription, group, resource. */
export function levelsOf(id: string): readonly string[] {
  const parts = id.split('/').filter((part) => part !== '');
  if (parts.length === 0 || !/^subscriptions$/i.test(parts[0] ?? '')) return id === '/' ? ['/'] : ['/', id];
  const levels = ['/', `/${parts.slice(0, 2).join('/')}`];
  if (parts.length >= 4 && /^resourcegroups$/i.test(parts[2] ?? '')) levels.push(`/${parts.slice(0, 4).join('/')}`);
  if (id.toLowerCase() !== levels.at(-1)?.toLowerCase()) levels.push(id);
  return levels;
}

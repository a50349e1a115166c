/**
 * The same world with another name in place of `app`: everything that tenants may choose becomes what an attacker would choose. Ids and
 * keys change alike, so that the estate stays one estate.
 */
export function poisoned<World>(world: World, name: string): World {
  return walk(world, (text) => text.replace(/(?<=^|[-/ :'])app(?![a-z])/g, () => name)) as World;
}

function walk(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => walk(each, change));
  if (value instanceof Map) return new Map([...value].map(([key, each]) => [walk(key, change), walk(each, change)]));
  if (value instanceof Set) return new Set([...value].map((each) => walk(each, change)));
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, walk(each, change)]));
  return value;
}

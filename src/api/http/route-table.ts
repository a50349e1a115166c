import { Refusal } from './problem.ts';
import type { Route } from './route.ts';

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly path: Readonly<Record<string, string>> }
  /** The address exists, and takes these. */
  | { readonly kind: 'other-methods'; readonly methods: readonly string[] }
  | { readonly kind: 'nothing' };

/** Finds the route of a method and path. A part that is written out goes before one that is a parameter. */
export function routeTable(routes: readonly Route[]): (method: string, pathname: string) => Found {
  const entries = routes
    .map((route) => ({ route, parts: route.path.split('/') }))
    .toSorted((one, other) => parameters(one.parts) - parameters(other.parts));
  return (method, pathname) => {
    const parts = pathname.split('/');
    const matching = entries.filter((entry) => fits(entry.parts, parts));
    const first = matching[0];
    if (first === undefined) return { kind: 'nothing' };
    const found = matching.find(({ route }) => route.method === method && route.path === first.route.path);
    if (found !== undefined) return { kind: 'route', route: found.route, path: valuesOf(found.parts, parts) };
    const own = matching.filter(({ route }) => route.path === first.route.path).map(({ route }) => route.method);
    return { kind: 'other-methods', methods: [...own, ...(own.includes('GET') ? ['HEAD'] : []), 'OPTIONS'] };
  };
}

const isParameter = (part: string): boolean => part.startsWith('{');
const parameters = (parts: readonly string[]): number => parts.filter(isParameter).length;

const fits = (pattern: readonly string[], parts: readonly string[]): boolean =>
  pattern.length === parts.length && pattern.every((part, at) => (isParameter(part) ? parts[at] !== '' : part === parts[at]));

const valuesOf = (pattern: readonly string[], parts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(pattern.flatMap((part, at) => (isParameter(part) ? [[part.slice(1, -1), decoded(parts[at]!)]] : [])));

const partCharsMax = 2_048;

function decoded(part: string): string {
  try {
    const text = decodeURIComponent(part);
    if (text.length <= partCharsMax && !/[\p{Cc}\p{Cs}]/u.test(text)) return text;
  } catch {
    // Falls through: a percent sign that encodes nothing.
  }
  throw new Refusal('bad-request', 'The address is wrong: a part of it is not what an id looks like.');
}

import { hash } from 'node:crypto';

/** Everything a generated world invents comes from here: the same seed gives the same world, on any machine. */
export interface Seeded {
  /** A GUID for a name. It depends on seed and name only, so that a story added later moves nobody else's ids. */
  guid(...name: readonly (string | number)[]): string;
  /** A whole number from 0 to below `limit`, for a name. */
  below(limit: number, ...name: readonly (string | number)[]): number;
  pick<T>(from: readonly T[], ...name: readonly (string | number)[]): T;
}

export function seeded(seed: number): Seeded {
  const digest = (name: readonly (string | number)[]): string => hash('sha256', `${seed}|${name.join('|')}`, 'hex');
  const below = (limit: number, ...name: readonly (string | number)[]): number => Number.parseInt(digest(name).slice(0, 12), 16) % limit;
  return {
    guid: (...name) => asGuid(digest(name)),
    below,
    pick: (from, ...name) => from[below(from.length, ...name)]!,
  };
}

/** Version 4 and variant bits set, since readers may check them. */
function asGuid(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

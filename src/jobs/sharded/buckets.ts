import type { FindingCount } from '../../ports/index.ts';

/** Findings that are reconciled together: of some rules, each whole or those whose ids begin with these hexadecimal digits. */
export type Bucket = readonly { readonly rule: string; readonly digits: string }[];

/** Known ones and violations: some sixty megabytes. */
const findingsTogether = 10_000;

/** Cuts all findings into buckets that an invocation has room for; small rules share one. */
export function bucketsOf(known: readonly FindingCount[], violations: readonly Readonly<Record<string, number>>[]): readonly Bucket[] {
  const sizes = new Map<string, number>();
  const add = (rule: string, count: number): void => void sizes.set(rule, (sizes.get(rule) ?? 0) + count);
  for (const { rule, count } of known) add(rule, count);
  for (const counts of violations) for (const [rule, count] of Object.entries(counts)) add(rule, count);

  const buckets: Bucket[number][][] = [];
  let room = 0;
  for (const [rule, size] of [...sizes].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (size > findingsTogether) {
      for (const digits of digitsFor(size)) buckets.push([{ rule, digits }]);
      room = 0;
      continue;
    }
    if (size > room) {
      buckets.push([]);
      room = findingsTogether;
    }
    buckets.at(-1)?.push({ rule, digits: '' });
    room -= size;
  }
  return buckets;
}

/** What ids are written in. */
export const hexadecimal: readonly string[] = '0123456789abcdef'.split('');

/** Ids are hashes: equal digits hold about equally many. */
const digitsFor = (size: number): readonly string[] =>
  size <= findingsTogether * hexadecimal.length ? hexadecimal : hexadecimal.flatMap((first) => hexadecimal.map((second) => first + second));

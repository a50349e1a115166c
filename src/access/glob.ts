/**
 * Operation patterns of role definitions: `*` stands for any run of characters, slashes included; nothing else is special and case
 * does not count. https://learn.microsoft.com/azure/role-based-access-control/role-definitions#actions
 *
 * Matched without regular expressions: a custom role's patterns are other people's text, and `*a*a*a*…` makes a regex crawl.
 */
export type Matches = (operation: string) => boolean;

/** The operation given to the result must be in lower case. */
export function glob(pattern: string): Matches {
  const parts = pattern.toLowerCase().split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return (operation) => operation === first;
  const last = parts.at(-1) ?? '';
  const middle = parts.slice(1, -1).filter((part) => part !== '');
  const lengthMin = first.length + last.length;
  return (operation) => {
    if (operation.length < lengthMin || !operation.startsWith(first) || !operation.endsWith(last)) return false;
    let at = first.length;
    const end = operation.length - last.length;
    for (const part of middle) {
      const found = operation.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}

/**
 * True when everything `narrow` matches is matched by `wide`. The star of `narrow` stands for text that nobody knows, so only a star
 * of `wide` can swallow it: no operation holds a literal `*`, hence the pattern itself is the hardest text to match.
 */
export const contains = (wide: string, narrow: string): boolean => glob(wide)(narrow.toLowerCase());

/** True when some text is matched by both patterns. */
export function overlap(one: string, other: string): boolean {
  const a = one.toLowerCase();
  const b = other.toLowerCase();
  const [startA, startB, endA, endB] = [literalStart(a), literalStart(b), literalEnd(a), literalEnd(b)];
  if (!startA.startsWith(startB) && !startB.startsWith(startA)) return false;
  if (!endA.endsWith(endB) && !endB.endsWith(endA)) return false;
  // Which lengths of `b` can be reached with the text read so far; one row per character of `a`.
  let reached = starsOn(b, [0]);
  for (const char of a) reached = char === '*' ? anyFrom(reached, b) : step(reached, char, b);
  return reached.has(b.length);
}

const literalStart = (pattern: string): string => pattern.split('*', 1)[0] ?? '';
const literalEnd = (pattern: string): string => pattern.slice(pattern.lastIndexOf('*') + 1);

/** A star of `b` may stand for nothing. */
function starsOn(b: string, positions: Iterable<number>): Set<number> {
  const all = new Set(positions);
  for (const at of all) if (b[at] === '*') all.add(at + 1);
  return all;
}

/** A star of `a` reads any text: from the lowest position, everything after it can be reached. */
function anyFrom(reached: ReadonlySet<number>, b: string): Set<number> {
  const all = new Set<number>();
  if (reached.size > 0) for (let at = Math.min(...reached); at <= b.length; at++) all.add(at);
  return all;
}

function step(reached: ReadonlySet<number>, char: string, b: string): Set<number> {
  const next: number[] = [];
  for (const at of reached) {
    if (b[at] === '*') next.push(at);
    else if (b[at] === char) next.push(at + 1);
  }
  return starsOn(b, next);
}

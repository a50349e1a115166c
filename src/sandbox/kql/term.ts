/**
 * Terms, the unit of `has`: a maximal run of letters and digits; everything else separates.
 * https://learn.microsoft.com/kusto/query/datatypes-string-operators#what-is-a-term
 */

export type TermSide = 'both' | 'start' | 'end';

/** Whether `needle` occurs in `text` (same case) with term borders where `side` asks for them. */
export function hasTerm(text: string, needle: string, side: TermSide = 'both'): boolean {
  if (needle === '') return true;
  const guardStart = side !== 'end' && isTermChar(needle, 0);
  const guardEnd = side !== 'start' && isTermChar(needle, needle.length - 1);
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const startsTerm = !guardStart || at === 0 || !isTermChar(text, at - 1);
    const endsTerm = !guardEnd || end === text.length || !isTermChar(text, end);
    if (startsTerm && endsTerm) return true;
  }
  return false;
}

function isTermChar(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  // Half of a surrogate pair counts as a letter: separators beyond the basic plane are not worth a wrong cut inside one.
  return code >= 0xd800 && code <= 0xdfff ? true : /[\p{L}\p{N}]/u.test(text[at] as string);
}

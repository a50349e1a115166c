/**
 * Names of identities and resources are other people's text. Characters that move a cursor, hide lines or reorder what is read (bidirectional controls, CVE-2021-42574) are shown as their
 * code point instead of obeyed. Line feeds and tabs stay; what holds one line takes them out itself. The page keeps a copy (src/tab/api/readable.ts), since it imports no code of the server.
 */
export function visible(text: string): string {
  return text.replace(hidden, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** The same on one line: line breaks and tabs become spaces. */
export const visibleLine = (text: string): string => (plainAscii.test(text) ? text : visible(text.replace(/[\r\n\t\u2028\u2029]+/g, ' ')));

const plainAscii = /^[\x20-\x7e]*$/;
/** C0 without tab and line feed, C1, format controls (bidi, zero width, tags), lone surrogates, private use, line separators. */
const hidden = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

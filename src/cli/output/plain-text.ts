/**
 * Names of identities and resources are other people's text. On a terminal they could move the cursor, recolour or hide lines, or reorder what is
 * read (bidirectional controls, CVE-2021-42574). Such characters are shown as their code point instead of obeyed.
 */
export function plain(text: string): string {
  return text.replace(unprintable, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

/** The same on one line: line breaks and tabs become spaces. */
export function oneLine(text: string): string {
  return plain(text.replace(/[\r\n\t\u2028\u2029]+/g, ' '));
}

/** C0 without tab and line feed, C1, format controls (bidi, zero width, tags), lone surrogates, private use, line separators. */
const unprintable = /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

/** Markdown shows names as they are: no links, images, HTML, code, headings or lists in them. */
export function markdown(text: string): string {
  return oneLine(text)
    .replace(/[\\`*_{}[\]()|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/^(\s*)([#+=-]|\d+[.)](?=\s|$))/, '$1\\$2');
}

/** A code span that its own content cannot close. */
export function codeSpan(text: string): string {
  const content = oneLine(text);
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || content.startsWith('`') ? `${fence} ${content} ${fence}` : `${fence}${content}${fence}`;
}

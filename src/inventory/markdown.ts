/**
 * Names and ids come from the tenant: whoever may name a resource writes into this page. Control characters, line breaks and the invisible ones that turn text
 * round are replaced, and every sign that Markdown or HTML could take for its own is escaped, links that would make themselves included.
 */
export const plainly = (text: string): string => oneLine(text).replace(/[\\`*_{}[\]<>()#+.!|~&:@$=^"']|^-/g, String.raw`\$&`);

/** An id to copy. The fence is longer than any run of backticks within. */
export function asCode(text: string): string {
  const inner = oneLine(text);
  const longest = Math.max(0, ...[...inner.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padded = inner.startsWith('`') || inner.endsWith('`') || inner.trim() === '' ? ` ${inner} ` : inner;
  return `${fence}${padded}${fence}`;
}

const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');

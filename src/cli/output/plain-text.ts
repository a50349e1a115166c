import { visible, visibleLine } from '../../messages/visible-text.ts';

/** Names are other people's text: what a terminal would obey is shown. */
export const plain = visible;
export const oneLine = visibleLine;

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

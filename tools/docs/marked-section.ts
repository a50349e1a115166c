import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from './page.ts';

/** A page whose prose is written and whose tables are made: the text between `<!-- generated: NAME -->` and its end is replaced. */
export function pageWithSections(path: string, sections: Readonly<Record<string, string>>): Page {
  let text = readFileSync(join(import.meta.dirname, '../..', path), 'utf8');
  for (const [name, made] of Object.entries(sections)) {
    const [from, to] = [`<!-- generated: ${name} -->\n`, `<!-- end of generated: ${name} -->\n`];
    const [start, end] = [text.indexOf(from), text.indexOf(to)];
    if (start < 0 || end < start) throw new Error(`${path} has no place for ${name}: ${from.trim()} … ${to.trim()}`);
    text = text.slice(0, start + from.length) + made + text.slice(end);
  }
  return { path, text };
}

export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
  return [heading, heading.map(() => '---'), ...rows.map((row) => row.map(cell))].map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

import { rowsMax, type Block, type Cell, type Section, type TableBlock } from './document.ts';
import { grouped, minute, visible } from './foreign.ts';
import type { Review } from './review.ts';
import { sectionsOf } from './sections/all.ts';

/** The review as Markdown: tables and words; charts are told in words, since their tables follow. */
export function reviewMarkdown(review: Review): string {
  const title = `# Managed identities, ${review.month}`;
  const facts = `Tenant ${inline(review.tenant.id)} · ${minute(review.period.from)} to ${minute(review.period.until)} UTC · made ${minute(review.generatedAt)} UTC`;
  const notes = review.notes.map((note) => `> ${inline(note)}`);
  return `${[title, facts, ...notes, ...sectionsOf(review).flatMap(sectionText)].join('\n\n')}\n`;
}

const sectionText = ({ title, lead, blocks }: Section): readonly string[] => [
  `## ${title}`,
  ...(lead === '' ? [] : [inline(lead)]),
  ...blocks.flatMap(blockText),
];

function blockText(block: Block): readonly string[] {
  switch (block.kind) {
    case 'text':
      return [inline(block.text)];
    case 'figures':
      return [
        block.figures
          .map(({ label, value, note }) => `- ${inline(label)}: ${inline(value)}${note === '' ? '' : ` (${inline(note)})`}`)
          .join('\n'),
      ];
    case 'table':
      return tableText(block);
    case 'chart':
      return [];
    case 'entries':
      return block.entries.flatMap(({ title, severity, facts, step, command }, at) => [
        `### ${at + 1}. ${inline(title)}`,
        [`- Severity: ${severity}`, ...facts.map(({ label, text }) => `- ${label}: ${inline(text)}`), `- Next step: ${inline(step)}`].join(
          '\n',
        ),
        ...(command === '' ? [] : [fenced(command)]),
      ]);
  }
}

function tableText({ caption, columns, rows, more, moreIn }: TableBlock): readonly string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    `**${inline(caption)}**`,
    [
      line(columns.map(({ title }) => inline(title))),
      line(columns.map(({ align }) => (align === 'end' ? '---:' : '---'))),
      ...rows.map((row) => line(row.map(cellText))),
    ].join('\n'),
    ...(more > 0 ? [`${grouped(more)} more in ${moreIn}.csv (this shows ${rowsMax}).`] : []),
  ];
}

function cellText(cell: Cell): string {
  if (typeof cell === 'string') return inline(cell);
  switch (cell.kind) {
    case 'severity':
      return cell.severity;
    case 'code':
      return codeSpan(cell.text);
    case 'noted':
      return cell.note === '' ? inline(cell.text) : `${inline(cell.text)} (${inline(cell.note)})`;
    case 'when':
    case 'state':
      return inline(cell.text);
  }
}

/** Names as they are: no links, images, HTML, code, headings or lists in them; no address that a viewer would make a link. */
function inline(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:(?=\/\/)/g, '&#58;')
    .replace(/@/g, '&#64;')
    .replace(/\bwww\./gi, 'www&#46;')
    .replace(/^(\s*)([#+=-]|\d+[.)](?=\s|$))/, '$1\\$2');
}

/** Its content can neither close it nor, in a table, end the cell. */
function codeSpan(text: string): string {
  const content = visible(text).replace(/\|/g, '\\|');
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${content} ${fence}` : `${fence}${content}${fence}`;
}

function fenced(command: string): string {
  const content = visible(command);
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sh\n${content}\n${fence}`;
}

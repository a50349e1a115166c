import { stringify } from 'csv-stringify/sync';
import Table from 'cli-table3';
import { spreadsheetSafe } from '../../messages/spreadsheet.ts';
import { markdown, oneLine, plain } from './plain-text.ts';

/** Rows under headings: what lists look like before a format is chosen. */
export interface Sheet {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

export interface Column {
  readonly title: string;
  /** Share of the terminal's spare width; 0: as wide as its longest value. */
  readonly share: number;
}

/** A table that fits: fixed columns take what they need, the others share what is left and wrap. */
export function tableOf(sheet: Sheet, width: number, paint: (cell: string, column: number) => string = (cell) => cell): string {
  const cells = sheet.rows.map((row) => row.map((cell) => oneLine(cell)));
  const widths = widthsOf(sheet, cells, width);
  const table = new Table({
    head: sheet.columns.map(({ title }) => title.toUpperCase()),
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    chars: borderless,
  });
  for (const row of cells) table.push(row.map((cell, column) => paint(breakable(cell, widths[column]! - 2), column)));
  return trimmed(table.toString());
}

export function csvOf(sheet: Sheet): string {
  return stringify([sheet.columns.map(({ title }) => title), ...sheet.rows.map((row) => row.map((cell) => plain(spreadsheetSafe(cell))))], {
    record_delimiter: '\r\n',
    // It quotes what holds the delimiter of records as a whole; a name with a bare line feed would begin a row of its own, a formula maybe.
    quoted_match: /[\r\n]/,
  });
}

export function markdownTableOf(sheet: Sheet): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(sheet.columns.map(({ title }) => markdown(title))),
    line(sheet.columns.map(() => '---')),
    ...sheet.rows.map((row) => line(row.map((cell) => markdown(cell)))),
  ].join('\n');
}

/** Below this a column is unreadable; on a very narrow terminal lines wrap instead. */
const narrowest = 10;

function widthsOf({ columns }: Sheet, rows: readonly (readonly string[])[], width: number): number[] {
  const gap = 2;
  const natural = columns.map(({ title }, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)) + gap);
  const fixed = columns.reduce((sum, { share }, at) => sum + (share === 0 ? natural[at]! : 0), 0);
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const spare = Math.max(width - fixed, columns.filter(({ share }) => share > 0).length * narrowest);
  const wanted = columns.map(({ share }, at) =>
    share === 0 ? natural[at]! : Math.min(natural[at]!, Math.floor((spare * share) / shares)),
  );
  return widen(wanted, natural, width);
}

/** What short columns leave over goes to those that still wrap. */
function widen(wanted: readonly number[], natural: readonly number[], width: number): number[] {
  const widths = [...wanted];
  let left = width - widths.reduce((sum, one) => sum + one, 0);
  for (let at = widths.length - 1; at >= 0 && left > 0; at--) {
    const more = Math.min(left, natural[at]! - widths[at]!);
    widths[at] = widths[at]! + more;
    left -= more;
  }
  return widths;
}

/** ARM ids have no spaces: break them after a slash or hyphen, or where the column ends. */
function breakable(cell: string, width: number): string {
  return cell
    .split(' ')
    .map((word) => (word.length <= width ? word : pieces(word, width).join('\n')))
    .join(' ');
}

function pieces(word: string, width: number): readonly string[] {
  const lines: string[] = [];
  // By what a reader takes for one character: a name may hold some that a cut would break.
  let rest = [...new Intl.Segmenter().segment(word)].map(({ segment }) => segment);
  while (rest.length > width) {
    const head = rest.slice(0, width);
    const cut = Math.max(head.lastIndexOf('/'), head.lastIndexOf('-') + 1);
    const at = cut > width / 3 ? cut : width;
    lines.push(rest.slice(0, at).join(''));
    rest = rest.slice(at);
  }
  return [...lines, rest.join('')];
}

const borderless = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};

const trimmed = (table: string): string =>
  table
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

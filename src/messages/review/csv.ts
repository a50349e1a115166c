import { stringify } from 'csv-stringify/sync';
import { visible } from './foreign.ts';
import type { ReviewSheet } from './sheets.ts';

const rowsAtOnce = 500;

/**
 * A sheet as CSV (RFC 4180), in pieces, so that a hundred thousand rows are never one text. What a spreadsheet would compute is made text by a leading
 * quote (https://owasp.org/www-community/attacks/CSV_Injection).
 */
export function* csvOf(sheet: ReviewSheet): Generator<string> {
  // A mark of the byte order: without it Excel reads names in another script as Windows-1252.
  yield `\uFEFF${lines([sheet.columns])}`;
  let rows: (readonly string[])[] = [];
  for (const row of sheet.rows()) {
    rows.push(row.map(cell));
    if (rows.length === rowsAtOnce) {
      yield lines(rows);
      rows = [];
    }
  }
  if (rows.length > 0) yield lines(rows);
}

/** No blank in front, behind which a formula could hide. */
function cell(given: string): string {
  const text = visible(given);
  return text.startsWith(' ') ? text.trimStart() : text;
}

const lines = (rows: readonly (readonly string[])[]): string => stringify([...rows], { record_delimiter: '\r\n', escape_formulas: true });

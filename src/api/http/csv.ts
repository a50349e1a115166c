import { stringify } from 'csv-stringify/sync';
import { spreadsheetSafe } from '../../messages/spreadsheet.ts';
import { visible } from '../../messages/visible-text.ts';

/** Rows under headings. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * What a caller with no screen to hold it gets: a spreadsheet's file that computes nothing. The mark of the byte order is for Excel, which reads names
 * in another script as Windows-1252 without it.
 */
export function csvOf({ columns, rows }: Sheet): string {
  const cells = rows.map((row) => row.map((cell) => visible(spreadsheetSafe(cell))));
  // It quotes what holds the delimiter of records as a whole; a name with a bare line feed would begin a row of its own, a formula maybe.
  return `\uFEFF${stringify([columns, ...cells], { record_delimiter: '\r\n', quoted_match: /[\r\n]/ })}`;
}

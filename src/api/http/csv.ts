import { stringify } from 'csv-stringify/sync';

/** Rows under headings. */
export interface Sheet {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What a caller with no screen to hold it gets: a spreadsheet's file that computes nothing. */
export function csvOf({ columns, rows }: Sheet): string {
  return stringify([columns, ...rows.map((row) => row.map((cell) => printable(spreadsheetSafe(cell))))], { record_delimiter: '\r\n' });
}

/** A spreadsheet computes what begins like this (https://owasp.org/www-community/attacks/CSV_Injection); a leading quote makes it text. */
function spreadsheetSafe(cell: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) ? `'${cell}` : cell;
}

/** Names are other people's text: controls and characters that reorder what is read are shown as their code point, as on a terminal. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)!.toString(16)}}`);
}

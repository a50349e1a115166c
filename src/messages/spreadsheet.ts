/**
 * A cell that a spreadsheet shows and does not compute (https://owasp.org/www-community/attacks/CSV_Injection): what begins like a formula, blanks and invisible
 * characters in front or not, gets a leading quote. One rule for every CSV that leaves the house: command line, API, review.
 */
export const spreadsheetSafe = (cell: string): string => (formula.test(cell) ? `'${cell}` : cell);

const formula = /^[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/u;

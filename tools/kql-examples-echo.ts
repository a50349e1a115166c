/**
 * Slips of the documentation that no evaluator can reproduce: a table that shows part of the rows, or an input other than the
 * query's own. An example with such a slip judges nothing.
 */

/** Operators that may drop or merge rows; without them the number of rows is certain from the query's text. */
const CHANGES_ROWS =
  /\b(?:where|filter|take|limit|top|distinct|summarize|join|lookup|sample|search|find|evaluate|count|partition|invoke)\b|\b(?:mv-|parse-where|make-series|top-|sample-)/;

/** The documented rows are a run of ours, and ours are as many as the query's text says. */
export function isExcerpt(query: string, documented: number, matches: (from: number) => boolean, mine: number): boolean {
  if (documented === 0 || documented >= mine || CHANGES_ROWS.test(query.replace(/\/\/.*$/gm, ''))) return false;
  return Array.from({ length: mine - documented + 1 }, (_, i) => i).some(matches);
}

/** `print original = url` after `let url = 'literal'`: the column shows what the query itself says. */
export function echoesLiteral(query: string, column: string, mine: unknown): boolean {
  if (typeof mine !== 'string') return false;
  const name = column.replace(/[^\w]/g, '');
  const source = new RegExp(`(?:print|extend|project|,)\\s*${name}\\s*=\\s*(\\w+)\\s*(?:,|$|\\n|\\|)`, 'm').exec(query)?.[1];
  const literal = source && new RegExp(`let\\s+${source}\\s*=\\s*@?(["'])(.*?)\\1\\s*;`).exec(query)?.[2];
  return literal === mine;
}

/** Judges one documented example: right, wrong, or not answered. */
import { KqlError, type KqlResult, runKql } from '../src/sandbox/kql/index.ts';
import { cellMatches, isBlank } from './kql-examples-cell.ts';
import { echoesLiteral, isExcerpt } from './kql-examples-echo.ts';

export interface KqlExample {
  readonly id: string;
  readonly query: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export type Verdict = { readonly kind: 'passed' } | { readonly kind: 'wrong' | 'unsupported'; readonly reason: string };

/** Two clocks far apart: an answer that differs between them depends on when the page was written. */
const CLOCKS = [new Date('2026-11-20T08:00:00Z'), new Date('2019-03-05T16:31:47.123Z')] as const;

export function judgeExample(example: KqlExample): Verdict {
  let results: KqlResult[];
  try {
    results = CLOCKS.map((now) => runKql(example.query, { tables: [], now, rowsMax: 100_000 }));
  } catch (error) {
    // A fault of the evaluator is no answer either; it must not hide the verdicts on the other examples.
    return { kind: 'unsupported', reason: error instanceof KqlError ? error.message : `fault: ${String(error)}` };
  }
  const [result, later] = results as [KqlResult, KqlResult];
  if (fingerprint(result) !== fingerprint(later)) return { kind: 'unsupported', reason: 'the answer depends on the clock' };
  return compareTables(example, result);
}

function fingerprint(result: KqlResult): string {
  return JSON.stringify(result.rows, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/**
 * Columns are compared in place unless the documented names are ours in another order: pages often rename or re-case a column
 * in their table. Rows are compared in order when the query orders them, else as a bag.
 */
function compareTables(example: KqlExample, result: KqlResult): Verdict {
  const free = arbitraryConstruct(example.query);
  const wrong = (reason: string): Verdict =>
    free ? { kind: 'unsupported', reason: `the answer of ${free} is Kusto's free choice` } : { kind: 'wrong', reason };
  const documented = example.rows.filter((row) => !(row.length !== example.columns.length && row.every(isBlank)));
  if (documented.some((row) => row.every((cell) => cell === '...' || cell === '…'))) {
    return { kind: 'unsupported', reason: 'the documented table is an excerpt' };
  }
  if (example.columns.length !== result.columns.length)
    return wrong(
      `${result.columns.length} columns (${result.columns.map((c) => c.name).join(', ')}), documented ${example.columns.length}`,
    );
  const order = columnOrder(example.columns, result);
  const fits = (row: readonly string[], mine: readonly unknown[]) =>
    order.every((index, c) =>
      cellMatches(row[c] ?? '', mine[index], result.columns[index]?.type ?? 'string', /\b(?:make_set|set_\w+|makeset)/.test(example.query)),
    );
  if (documented.length !== result.rows.length) {
    const excerptAt = (from: number) => documented.every((row, i) => fits(row, result.rows[from + i] as unknown[]));
    if (isExcerpt(example.query, documented.length, excerptAt, result.rows.length))
      return { kind: 'unsupported', reason: 'the documented table is an excerpt' };
    return wrong(`${result.rows.length} rows, documented ${documented.length}`);
  }
  if (documented.length === 1 && showsAnotherInput(example.query, documented[0] ?? [], result, order)) {
    return { kind: 'unsupported', reason: 'the documented table shows another input than the query' };
  }
  const misplaced = result.ordered ? documented.findIndex((row, i) => !fits(row, result.rows[i] as unknown[])) : -1;
  if (misplaced >= 0) {
    const keys = sortKeys(example.query).map((key) => result.columns.findIndex((column) => column.name === key));
    const ties = documented.every((row, i) =>
      order.every(
        (index, c) =>
          !keys.includes(index) || cellMatches(row[c] ?? '', (result.rows[i] as unknown[])[index], result.columns[index]?.type ?? 'string'),
      ),
    );
    // Rows whose keys are equal may stand in any order; without all keys in sight nobody can tell ties from errors.
    if (keys.length === 0 || keys.includes(-1) || !ties) {
      return wrong(`row ${misplaced + 1}: ${show(documented[misplaced], result.rows[misplaced])}`);
    }
  }
  const left = [...result.rows];
  for (const row of documented) {
    const at = left.findIndex((mine) => fits(row, mine));
    if (at < 0) return wrong(`no such row: ${show(row, left[0])}`);
    left.splice(at, 1);
  }
  return { kind: 'passed' };
}

/** Constructs whose result the documentation leaves open. Another answer than the page's is then neither right nor wrong. */
function arbitraryConstruct(query: string): string | undefined {
  const code = query.replace(/\/\/.*$/gm, '');
  if (/\b(?:take_any|any|anyif|take_anyif)\s*\(/.test(code)) return 'take_any()';
  if (/\|\s*join\s+(?!.*?kind)/.test(code) || /innerunique/.test(code)) return 'join kind=innerunique';
  return /\|\s*(?:take|limit)\b/.test(code) && !/\b(?:sort|order|top)\b/.test(code) ? 'take' : undefined;
}

/** The only cells that differ repeat a literal of the query, and not as the query has it. */
function showsAnotherInput(query: string, row: readonly string[], result: KqlResult, order: readonly number[]): boolean {
  const mine = result.rows[0] as unknown[];
  const misfits = order.filter((index, c) => !cellMatches(row[c] ?? '', mine[index], result.columns[index]?.type ?? 'string'));
  return misfits.length > 0 && misfits.every((index) => echoesLiteral(query, result.columns[index]?.name ?? '', mine[index]));
}

/** The columns of the query's last `sort by` or `top … by`. */
function sortKeys(query: string): string[] {
  const clause = [...query.matchAll(/\b(?:sort|order|top\s+[\w\d]+)\s+by\s+([^|;)]+)/g)].at(-1)?.[1] ?? '';
  return clause
    .split(',')
    .map((key) => key.trim().replace(/\s+(?:asc|desc|nulls|first|last)\b/g, ''))
    .filter(Boolean);
}

function columnOrder(documented: readonly string[], result: KqlResult): number[] {
  const plain = (name: string) => name.replace(/[`\s]/g, '').toLowerCase();
  const mine = result.columns.map((column) => plain(column.name));
  const order = documented.map((name) => mine.indexOf(plain(name)));
  return new Set(order).size === order.length && !order.includes(-1) ? order : documented.map((_, i) => i);
}

function show(documented: unknown, mine: unknown): string {
  return JSON.stringify({ documented, mine }, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)).slice(0, 400);
}

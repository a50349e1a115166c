/** Runs one query: analyse, compile, push the rows through. */
import { type AnalyseOptions, analyse } from './analyse.ts';
import { letStatement } from './call.ts';
import { compile } from './expression.ts';
import { KqlError, unsupported } from './kql-error.ts';
import { readsAllColumns } from './operators/index.ts';
import { findOpenEvaluate } from './operators/evaluate.ts';
import { callTabular, compileTabular } from './pipeline.ts';
import type { Expr, Run, Scope } from './scope.ts';
import { type SyntaxNode, kindName, nameOf, optionalPart, part, parts } from './syntax.ts';
import { type Tabular, collect } from './tabular.ts';
import type { KqlResult, KqlTable } from './types.ts';

export interface KqlOptions extends AnalyseOptions {
  readonly tables: readonly KqlTable[];
  /** The clock of now(), ago() and datetime(now). */
  readonly now: Date;
  /** Most rows (or groups) held in memory at a time; beyond it the query fails aloud. */
  readonly rowsMax?: number;
}

const ROWS_MAX = 5_000_000;

/** Throws KqlError: `syntax` and `semantic` as Azure would, `unsupported` for what the evaluator does not know for sure. */
export function runKql(query: string, options: KqlOptions): KqlResult {
  let { tables } = options;
  let { text, syntax } = analyse(query, tables, options);
  for (let n = 1; ; n++) {
    const scope = rootScope(text, syntax, tables, options);
    const open = findOpenEvaluate(syntax);
    if (!open) return resultOf(compileQuery(statementsOf(syntax), scope), scope.run.rowsMax);
    // The columns of bag_unpack and pivot depend on the data: run up to there, then analyse the rest over what came out.
    const before = statementsOf(syntax).filter((statement) => statement.TextStart + statement.Width <= open.TextStart);
    const table = compileTabular(open, lets(before, scope), false);
    const name = `__evaluated_${n}`;
    tables = [...tables, asTable(name, table, scope.run.rowsMax)];
    ({ text, syntax } = analyse(text.slice(0, open.TextStart) + name + text.slice(open.TextStart + open.Width), tables, options));
  }
}

function statementsOf(syntax: SyntaxNode): SyntaxNode[] {
  return parts(syntax, 'Statements');
}

function rootScope(text: string, syntax: SyntaxNode, tables: readonly KqlTable[], options: KqlOptions): Scope {
  const exact = new Map(tables.map((table) => [table.name, table]));
  const lower = new Map(tables.map((table) => [table.name.toLowerCase(), table]));
  const words = new Set((text.match(/[\p{L}_$][\p{L}\p{N}_]*/gu) ?? []).flatMap((word) => [word, word.replace(/\d+$/, '')]));
  const run: Run = {
    now: options.now,
    tables: (name) => exact.get(name) ?? (options.caseInsensitiveTables ? lower.get(name.toLowerCase()) : undefined),
    allTables: tables,
    compileTabular,
    callTabular,
    usesAllColumns: readsAllColumns(syntax),
    mentions: (column) => (/^\w+$/.test(column) ? words.has(column) : true),
    ingestionTime: words.has('ingestion_time'),
    options: new Map<string, Expr>(),
    rowsMax: options.rowsMax ?? ROWS_MAX,
  };
  return { run, rows: undefined, columns: new Map(), names: new Map() };
}

function lets(statements: readonly SyntaxNode[], scope: Scope): Scope {
  return statements.reduce((inner, statement) => statementScope(statement, inner), scope);
}

function statementScope(statement: SyntaxNode, scope: Scope): Scope {
  if (kindName(statement) === 'LetStatement') return letStatement(statement, scope, compile);
  if (kindName(statement) !== 'SetOptionStatement') throw unsupported(kindName(statement), statement.TextStart);
  const clause = optionalPart(statement, 'ValueClause');
  const name = nameOf(part(statement, 'Name'));
  // Other options tune the engine; they do not change an answer that fits into memory.
  if (clause && name.startsWith('query_bin_auto_')) scope.run.options.set(name, compile(part(clause, 'Expression'), scope));
  return scope;
}

function compileQuery(statements: readonly SyntaxNode[], scope: Scope): Tabular {
  const queries = statements.filter((statement) => kindName(statement) === 'ExpressionStatement');
  const [query] = queries;
  if (!query || queries.length > 1 || statements.at(-1) !== query)
    throw unsupported('more than one query, or none', statements.at(-1)?.TextStart ?? 0);
  const inner = lets(statements.slice(0, -1), scope);
  const expression = part(query, 'Expression');
  if (expression.ResultType && !expression.ResultType.Columns)
    throw new KqlError('semantic', 'The query is no table expression.', expression.TextStart);
  return compileTabular(expression, inner, false);
}

function resultOf(table: Tabular, rowsMax: number): KqlResult {
  const shown = table.columns.flatMap((column, i) => (column.hidden ? [] : [i]));
  const view: Tabular = {
    ...table,
    columns: shown.map((i) => table.columns[i] as Tabular['columns'][number]),
    getters: shown.map((i) => table.getters[i] as Tabular['getters'][number]),
  };
  return { columns: view.columns.map(({ name, type }) => ({ name, type })), rows: collect(view, rowsMax), ordered: table.ordered };
}

function asTable(name: string, table: Tabular, rowsMax: number): KqlTable {
  const { columns, rows } = resultOf(table, rowsMax);
  const objects = rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i]?.name ?? '', value])));
  return { name, columns, rows: () => objects };
}

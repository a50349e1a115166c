/** What an expression may refer to while it is compiled: the row's columns, `let` names, the clock and the tables. */
import type { SyntaxNode } from './kusto-language.ts';
import type { Tabular } from './tabular.ts';
import type { Evaluate, KqlTable, KqlType } from './types.ts';

/** A compiled scalar expression. */
export interface Expr {
  readonly type: KqlType;
  readonly evaluate: Evaluate;
  /** The same for every row. */
  readonly constant: boolean;
}

export type Binding =
  | { readonly kind: 'scalar'; readonly expr: Expr; readonly rows: object | undefined }
  | { readonly kind: 'tabular'; readonly compile: (closed: boolean) => Tabular; readonly view: boolean }
  | { readonly kind: 'function'; readonly declaration: SyntaxNode; readonly scope: Scope };

/** State of one run of one query. */
export interface Run {
  readonly now: Date;
  readonly tables: (name: string) => KqlTable | undefined;
  readonly allTables: readonly KqlTable[];
  readonly compileTabular: (node: SyntaxNode, scope: Scope, closed: boolean) => Tabular;
  /** A `let` function that gives a table; `first` is the piped table of `invoke`. */
  readonly callTabular: (node: SyntaxNode, binding: Binding & { kind: 'function' }, scope: Scope, first?: Binding) => Tabular;
  /** Whether the query's text mentions a construct that reads all columns, so that none may be left out. */
  readonly usesAllColumns: boolean;
  /** Every name written in the query: a column not among them is carried, never read. */
  readonly mentions: (column: string) => boolean;
  readonly ingestionTime: boolean;
  readonly options: Map<string, Expr>;
  readonly rowsMax: number;
}

/** Rows of a serialised table, for prev(), next() and row_number(). */
export interface Window {
  rows: readonly unknown[];
  index: number;
  /** State of row_cumsum() and its kin goes back to the start. */
  readonly restart: (() => void)[];
}

export interface Scope {
  readonly run: Run;
  /** Identity of the rows that column getters expect. */
  readonly rows: object | undefined;
  readonly columns: ReadonlyMap<string, { readonly type: KqlType; readonly get: Evaluate }>;
  readonly names: ReadonlyMap<string, Binding>;
  readonly window?: Window;
  /** Set inside `summarize`: turns a call of an aggregate into a reader of its result. */
  readonly aggregate?: (node: SyntaxNode) => Expr | undefined;
  /** The rows a subquery of mv-apply or partition starts from. */
  readonly input?: Tabular;
}

export function constantExpr(type: KqlType, value: unknown): Expr {
  return { type, evaluate: () => value, constant: true };
}

/** Inside a subquery the outer row is out of sight. */
export function withoutRow(scope: Scope): Scope {
  return { run: scope.run, rows: undefined, columns: new Map(), names: scope.names };
}

export function rowScope(scope: Scope, table: Tabular, window?: Window): Scope {
  const columns = new Map(table.columns.map((column, i) => [column.name, { type: column.type, get: table.getters[i] as Evaluate }]));
  return { run: scope.run, rows: table, columns, names: scope.names, ...(window && { window }) };
}

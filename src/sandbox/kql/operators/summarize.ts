/** summarize, count, distinct. */
import { type Accumulator, type Aggregate } from '../aggregate-state.ts';
import { AGGREGATES } from '../aggregates.ts';
import { compile } from '../expression.ts';
import { KqlError, unsupported } from '../kql-error.ts';
import { jointKey, keyFor } from '../order.ts';
import { type Expr, type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, kqlType, nameOf, optionalPart, part, parts, unwrap } from '../syntax.ts';
import { type Tabular, arrayTable } from '../tabular.ts';
import type { Evaluate, KqlColumn } from '../types.ts';

export function summarize(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const by = optionalPart(node, 'ByClause');
  if (by && optionalPart(by, 'BinClause')) throw unsupported('summarize … bin=', by.TextStart);
  const rows = rowScope(scope, source);
  const keys = (by ? parts(by, 'Expressions') : []).map((key) => compile(key, rows));
  const columns = columnsOf(node);
  const slots = new Aggregates(rows);
  const outputs = parts(node, 'Aggregates').map((aggregate) => slots.output(aggregate));
  const width = keys.length + outputs.reduce((sum, output) => sum + output.width, 0);
  if (width !== columns.length) throw unsupported('summarize with these columns', node.TextStart);
  return arrayTable(columns, (emit) => {
    for (const group of groupBy(source, keys, slots.create, scope.run.rowsMax, by !== undefined)) {
      const results = group.state.map((accumulator) => accumulator.result());
      if (emit([...group.keys, ...outputs.flatMap((output) => output.read(results))]) === true) return true;
    }
    return false;
  });
}

interface Group {
  readonly keys: unknown[];
  readonly state: Accumulator[];
}

/** Without `by` there is one group, even over no rows. */
export function groupBy(
  source: Tabular,
  keys: readonly Expr[],
  create: () => Accumulator[],
  groupsMax: number,
  hasBy: boolean,
): Iterable<Group> {
  if (!hasBy) {
    const state = create();
    source.run((row) => {
      for (const accumulator of state) accumulator.add(row);
    });
    return [{ keys: [], state }];
  }
  const readers = keys.map((key) => key.evaluate);
  const keyOf = keys.map((key) => keyFor(key.type));
  const groups = new Map<unknown, Group>();
  const [only] = readers;
  const simple = readers.length === 1 && keys[0]?.type !== 'dynamic' && only !== undefined;
  source.run((row) => {
    let values: unknown[] | undefined;
    let key: unknown;
    if (simple) key = only(row);
    else {
      values = readers.map((read) => read(row));
      key = jointKey(values.map((value, i) => (keyOf[i] as (v: unknown) => unknown)(value)));
    }
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= groupsMax) throw new KqlError('runtime', `summarize has more than ${groupsMax} groups.`);
      groups.set(key, (group = { keys: values ?? [key], state: create() }));
    }
    const { state } = group;
    for (let i = 0; i < state.length; i++) (state[i] as Accumulator).add(row);
  });
  return groups.values();
}

interface Output {
  readonly width: number;
  readonly read: (results: unknown[]) => unknown[];
}

/** The aggregates of one operator. An expression may use several: `100.0 * countif(a) / count()`. */
export class Aggregates {
  private readonly factories: (() => Accumulator)[] = [];
  private readonly rows: Scope;

  constructor(rows: Scope) {
    this.rows = rows;
  }

  readonly create = (): Accumulator[] => this.factories.map((factory) => factory());

  output(node: SyntaxNode): Output {
    const kind = kindName(node);
    const inner = kind === 'SimpleNamedExpression' || kind === 'CompoundNamedExpression' ? part(node, 'Expression') : node;
    const expression = unwrap(inner);
    const columns = tupleColumns(expression);
    const slots: Scope = {
      run: this.rows.run,
      rows: this.factories,
      columns: new Map(),
      names: this.rows.names,
      aggregate: (call) => this.slot(call),
    };
    if (columns) {
      const read = this.slot(expression)?.evaluate;
      if (!read) throw unsupported('a tuple in summarize', node.TextStart);
      return { width: columns.length, read: (results) => read(results) as unknown[] };
    }
    const expr = compile(expression, slots);
    return { width: 1, read: (results) => [expr.evaluate(results)] };
  }

  private slot(node: SyntaxNode): Expr | undefined {
    if (kindName(node) !== 'FunctionCallExpression') return undefined;
    const name = nameOf(part(node, 'Name')).toLowerCase();
    const aggregate = Object.hasOwn(AGGREGATES, name) ? (AGGREGATES[name] as Aggregate) : undefined;
    if (!aggregate) return undefined;
    const nodes = parts(part(node, 'ArgumentList'), 'Expressions').map(unwrap);
    const hasStar = nodes.some((argument) => kindName(argument) === 'StarExpression');
    const columns = tupleColumns(node);
    const index = this.factories.length;
    this.factories.push(
      aggregate({
        name,
        node,
        position: node.TextStart,
        args: nodes.filter((argument) => kindName(argument) !== 'StarExpression').map((argument) => compile(argument, this.rows)),
        type: columns ? 'dynamic' : kqlType(node.ResultType?.Name ?? '', node.TextStart),
        columns,
        column: (column) => this.column(column),
        hasStar,
      }),
    );
    const type = columns ? 'dynamic' : kqlType(node.ResultType?.Name ?? '', node.TextStart);
    return { type, constant: false, evaluate: (results) => (results as unknown[])[index] };
  }

  private column(name: string): Evaluate {
    const column = this.rows.columns.get(name);
    if (!column) throw unsupported(`'*' with column '${name}'`);
    return column.get;
  }
}

function tupleColumns(node: SyntaxNode): KqlColumn[] | undefined {
  return node.ResultType?.Columns ? columnsOf(node) : undefined;
}

export function count(node: SyntaxNode, source: Tabular): Tabular {
  return arrayTable(columnsOf(node), (emit) => {
    let n = 0;
    source.run(() => void (n += 1));
    return emit([n]) === true;
  });
}

export function distinct(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const columns = columnsOf(node);
  const rows = rowScope(scope, source);
  const items = parts(node, 'Expressions');
  const exprs = items.some((item) => kindName(item) === 'StarExpression')
    ? columns.map((column): Expr => ({ type: column.type, constant: false, evaluate: rows.columns.get(column.name)?.get as Evaluate }))
    : items.map((item) => compile(item, rows));
  const keys = exprs.map((expr) => keyFor(expr.type));
  return arrayTable(columns, (emit) => {
    const seen = new Set<unknown>();
    return source.run((row) => {
      const values = exprs.map((expr) => expr.evaluate(row));
      const key = jointKey(values.map((value, i) => (keys[i] as (v: unknown) => unknown)(value)));
      if (seen.has(key)) return false;
      seen.add(key);
      return emit(values);
    });
  });
}

/** union: columns are matched by name and type; what a leg lacks is empty. */
import { unsupported } from '../kql-error.ts';
import { scan } from '../scan.ts';
import { type Binding, type Scope, withoutRow } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, nameOf, optionalPart, parametersOf, parts, textOf, unwrap } from '../syntax.ts';
import { type Tabular, type TabularColumn, arrayTable } from '../tabular.ts';
import type { Evaluate } from '../types.ts';

interface Leg {
  readonly table: Tabular;
  /** For `withsource`: the table's name; a subquery, a `let` name or the piped side is `union_argN`. */
  readonly name: string;
}

export function unionOf(node: SyntaxNode, source: Tabular | undefined, scope: Scope, closed: boolean): Tabular {
  const withSource = parametersOf(node).get('withsource');
  const sourceColumn = withSource ? textOf(withSource).trim() : undefined;
  const legs: Leg[] = [
    ...(source ? [{ table: source, name: 'union_arg0' }] : []),
    ...parts(node, 'Expressions').flatMap((leg, i) => legsOf(leg, withoutRow(scope), closed, i + (source ? 1 : 0))),
  ];
  const columns: TabularColumn[] = columnsOf(node);
  const hidden = legs.flatMap((leg) => leg.table.columns).find((column) => column.hidden);
  if (hidden) columns.push(hidden);
  for (const column of columns) {
    if (column.name === sourceColumn || column.hidden) continue;
    const ways = new Set(legs.flatMap((leg) => leg.table.columns.map((mine) => wayToName(mine, column))).filter(Boolean));
    // Renamed once more because a leg already has the name with the suffix: which is which would be a guess.
    if (ways.size !== 1) throw unsupported(`union column '${column.name}'`, node.TextStart);
  }
  const readers = legs.map((leg) => columns.map((column) => reader(leg, column, sourceColumn)));
  return arrayTable(columns, (emit) =>
    legs.some((leg, i) => {
      const get = readers[i] as Evaluate[];
      return leg.table.run((row) => emit(get.map((read) => read(row))));
    }),
  );
}

function legsOf(leg: SyntaxNode, scope: Scope, closed: boolean, position: number): Leg[] {
  const inner = unwrap(leg);
  if (kindName(inner) === 'NameReference' && inner.SimpleName !== undefined && /\*/.test(textOf(inner))) {
    const pattern = new RegExp(
      `^${textOf(inner)
        .trim()
        .split('*')
        .map((piece) => piece.replace(/[^\w]/g, '\\$&'))
        .join('.*')}$`,
    );
    const views = [...scope.names].filter(([name, binding]) => pattern.test(name) && isView(binding));
    if (views.length > 0) throw unsupported(`'${textOf(inner).trim()}' where views match`, inner.TextStart);
    return scope.run.allTables
      .filter((table) => pattern.test(table.name))
      .map((table) => ({ table: scan(table, scope.run, closed), name: table.name }));
  }
  const table = scope.run.compileTabular(inner, scope, closed);
  const binding = scope.names.get(nameOf(inner));
  const isTable = kindName(inner) === 'NameReference' && (!binding || isView(binding));
  return [{ table, name: isTable ? (scope.run.tables(nameOf(inner))?.name ?? nameOf(inner)) : `union_arg${position}` }];
}

function isView(binding: Binding): boolean {
  return binding.kind === 'function' && optionalPart(binding.declaration, 'ViewKeyword') !== undefined;
}

/** How a leg's column comes to the union's column, if it does. */
function wayToName(mine: TabularColumn, column: TabularColumn): 'same' | 'suffixed' | undefined {
  if (mine.type !== column.type) return undefined;
  if (mine.name === column.name) return 'same';
  return `${mine.name}_${mine.type}` === column.name ? 'suffixed' : undefined;
}

function reader(leg: Leg, column: TabularColumn, sourceColumn: string | undefined): Evaluate {
  if (column.name === sourceColumn) {
    const { name } = leg;
    return () => name;
  }
  const { columns, getters } = leg.table;
  // When legs disagree on a column's type, each type gets its own column: `x_long`, `x_string`.
  const index = columns.findIndex((mine) => wayToName(mine, column) !== undefined);
  return index < 0 ? () => (column.type === 'string' ? '' : null) : (getters[index] as Evaluate);
}

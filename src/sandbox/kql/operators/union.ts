/** union: columns are matched by name and type; what a leg lacks is empty. */
import { scan } from '../scan.ts';
import { type Scope, withoutRow } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, nameOf, parametersOf, parts, textOf, unwrap } from '../syntax.ts';
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
    const pattern = new RegExp(`^${textOf(inner).trim().split('*').map((piece) => piece.replace(/[^\w]/g, '\\$&')).join('.*')}$`);
    return scope.run.allTables.filter((table) => pattern.test(table.name)).map((table) => ({ table: scan(table, scope.run, closed), name: table.name }));
  }
  const table = scope.run.compileTabular(inner, scope, closed);
  const isTable = kindName(inner) === 'NameReference' && !scope.names.has(nameOf(inner));
  return [{ table, name: isTable ? (scope.run.tables(nameOf(inner))?.name ?? nameOf(inner)) : `union_arg${position}` }];
}

function reader(leg: Leg, column: TabularColumn, sourceColumn: string | undefined): Evaluate {
  if (column.name === sourceColumn) {
    const { name } = leg;
    return () => name;
  }
  const { columns, getters } = leg.table;
  // When legs disagree on a column's type, each type gets its own column: `x_long`, `x_string`.
  const index = columns.findIndex((mine) => mine.type === column.type && (mine.name === column.name || `${mine.name}_${mine.type}` === column.name));
  return index < 0 ? () => (column.type === 'string' ? '' : null) : (getters[index] as Evaluate);
}

/** mv-apply: a subquery over the elements of one row at a time. */
import { unsupported } from '../kql-error.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, optionalPart, part } from '../syntax.ts';
import { type Tabular, type TabularColumn, arrayTable, columnIndex, pushAll } from '../tabular.ts';
import type { Evaluate } from '../types.ts';
import { emptyElement, expansionPlan } from './expansion.ts';

export function mvApply(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  if (optionalPart(node, 'ContextIdClause')) throw unsupported('mv-apply id', node.TextStart);
  const { expansions, indexName, limit } = expansionPlan(node, rowScope(scope, source));
  const outer = source.columns.filter((column) => !column.hidden);
  const outerGetters = outer.map((column) => source.getters[columnIndex(source, column.name)] as Evaluate);
  const innerColumns: TabularColumn[] = [...outer];
  const slots = expansions.map((expansion) => place(innerColumns, { name: expansion.name, type: expansion.type }));
  const indexSlot = indexName === undefined ? -1 : place(innerColumns, { name: indexName, type: 'long' });
  let current: unknown[][] = [];
  const input = arrayTable(innerColumns, (emit) => pushAll(current, emit), { ordered: true, serialized: true });
  const result = scope.run.compileTabular(
    part(part(node, 'Subquery'), 'Expression'),
    { ...scope, rows: undefined, columns: new Map(), input },
    false,
  );
  const columns = columnsOf(node);
  const readers = columns.map((column) => {
    const mine = columnIndex(result, column.name);
    if (mine >= 0) return { get: result.getters[mine] as Evaluate, outer: -1 };
    const theirs = outer.findIndex((candidate) => candidate.name === column.name);
    if (theirs < 0) throw unsupported(`column '${column.name}' of mv-apply`, node.TextStart);
    return { get: undefined, outer: theirs };
  });
  return arrayTable(columns, (emit) =>
    source.run((row) => {
      const base = outerGetters.map((get) => get(row));
      const elements = expansions.map((expansion) => expansion.elements(row));
      const longest = Math.max(...elements.map((list) => list.length));
      current = Array.from({ length: Math.min(limit, longest) }, (_, i) => {
        const values = [...base];
        expansions.forEach((expansion, e) => {
          const value = elements[e]?.[i];
          values[slots[e] as number] = value === undefined ? emptyElement(expansion.type) : value;
        });
        if (indexSlot >= 0) values[indexSlot] = i;
        return values;
      });
      // An empty array gives no row. What a subquery makes of no rows (summarize would make one) is not documented.
      if (longest === 0) {
        return result.run(() => {
          throw unsupported('mv-apply over an empty array', node.TextStart);
        });
      }
      return result.run((found) => emit(readers.map((reader) => (reader.get ? reader.get(found) : base[reader.outer]))));
    }),
  );
}

/** Replaces the column of that name, or adds it; returns its place. */
function place(columns: TabularColumn[], column: TabularColumn): number {
  const at = columnIndex({ columns }, column.name);
  if (at < 0) return columns.push(column) - 1;
  columns[at] = column;
  return at;
}

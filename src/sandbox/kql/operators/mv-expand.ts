/** mv-expand: one row for each element; several columns go side by side. */
import { unsupported } from '../kql-error.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf } from '../syntax.ts';
import { type Tabular, type TabularColumn, arrayTable, columnIndex } from '../tabular.ts';
import type { Evaluate } from '../types.ts';
import { emptyElement, expansionPlan } from './expansion.ts';

export function mvExpand(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const { expansions, indexName, limit } = expansionPlan(node, rowScope(scope, source));
  const columns: TabularColumn[] = columnsOf(node);
  const hidden = source.columns.filter((column) => column.hidden);
  columns.push(...hidden);
  // A slot is read from the source row, or is the n-th expansion, or the index.
  const slots = columns.map((column) => {
    const at = expansions.findIndex((expansion) => expansion.name === column.name);
    if (at >= 0) return { expansion: at };
    if (column.name === indexName) return { index: true };
    const sourceIndex = columnIndex(source, column.name);
    if (sourceIndex < 0) throw unsupported(`column '${column.name}' of mv-expand`, node.TextStart);
    return { get: source.getters[sourceIndex] as Evaluate };
  });
  return arrayTable(
    columns,
    (emit) =>
      source.run((row) => {
        const elements = expansions.map((expansion) => expansion.elements(row));
        // A null gives one row with null in it (see expansion.ts); empty arrays give none.
        const length = Math.min(limit, Math.max(...elements.map((list) => list.length)));
        for (let i = 0; i < length; i++) {
          const values = slots.map((slot) => {
            if (slot.get) return slot.get(row);
            if (slot.expansion === undefined) return i;
            const value = elements[slot.expansion]?.[i];
            return value === undefined ? emptyElement(expansions[slot.expansion]?.type ?? 'dynamic') : value;
          });
          if (emit(values) === true) return true;
        }
        return false;
      }),
    { ordered: source.ordered, serialized: source.serialized ?? false },
  );
}

/** Rows in an array, so that row functions can look around. */
import { usesWindow } from '../functions/window.ts';
import { unsupported } from '../kql-error.ts';
import type { Scope, Window } from '../scope.ts';
import type { SyntaxNode } from '../syntax.ts';
import { type Tabular, arrayTable, collect } from '../tabular.ts';

/** For row functions: the rows held in an array, so that prev() and next() can look around. */
export function windowed(node: SyntaxNode, source: Tabular, scope: Scope): [Tabular, Window | undefined] {
  if (!usesWindow(node)) return [source, undefined];
  if (source.serialized !== true) throw unsupported('a row function over rows that are not serialized', node.TextStart);
  const window: Window = { rows: [], index: 0, restart: [] };
  const table = arrayTable(
    source.columns,
    (emit) => {
      const rows = collect(source, scope.run.rowsMax);
      window.rows = rows;
      for (const restart of window.restart) restart();
      for (let i = 0; i < rows.length; i++) {
        window.index = i;
        if (emit(rows[i]) === true) return true;
      }
      return false;
    },
    { ordered: source.ordered, serialized: true },
  );
  return [table, window];
}

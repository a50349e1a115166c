/** Functions over the rows before and after: row_number, prev, next, row_cumsum. They need serialized rows. */
import { unsupported } from '../kql-error.ts';
import { type Long, addLong } from '../long.ts';
import type { Expr, Window } from '../scope.ts';
import { type SyntaxNode, descendants, kindName, nameOf, part } from '../syntax.ts';
import { converter } from '../convert.ts';
import { type Builtins, type Call, special } from './define.ts';
import type { Evaluate } from '../types.ts';

export const WINDOW: Builtins = {
  row_number: special((call) => {
    const window = windowOf(call);
    const [first, restart] = call.nodes.map(call.compile);
    let n: Long = 0;
    const begin = (): Long => addLong(first ? (first.evaluate(undefined) as Long) : 1, -1);
    window.restart.push(() => void (n = begin()));
    return { type: 'long', constant: false, evaluate: (row) => (n = addLong(restart?.evaluate(row) === true ? begin() : n, 1)) };
  }),
  row_cumsum: special((call) => {
    const window = windowOf(call);
    const [term, restart] = call.nodes.map(call.compile);
    if (!term || (term.type !== 'long' && term.type !== 'int' && term.type !== 'real'))
      throw unsupported('row_cumsum() of this type', call.position);
    const convert = converter(term.type, call.type);
    const add = call.type === 'real' ? (a: Long, b: Long) => (a as number) + (b as number) : addLong;
    let total: Long = 0;
    window.restart.push(() => void (total = 0));
    return {
      type: call.type,
      constant: false,
      evaluate: (row) => {
        if (restart?.evaluate(row) === true) total = 0;
        const value = convert(term.evaluate(row)) as Long | null;
        return (total = value === null ? total : add(total, value));
      },
    };
  }),
  row_rank_dense: special((call) => ranked(call, () => 1)),
  row_rank_min: special((call) => ranked(call, (sinceChange) => sinceChange)),
  row_window_session: special(session),
  prev: special((call) => shifted(call, -1)),
  next: special((call) => shifted(call, 1)),
};

export function usesWindow(node: SyntaxNode): boolean {
  return [node, ...descendants(node)].some(
    (child) => kindName(child) === 'FunctionCallExpression' && Object.hasOwn(WINDOW, nameOf(part(child, 'Name')).toLowerCase()),
  );
}

function windowOf(call: Call): Window {
  const { window } = call.scope;
  if (!window) throw unsupported(`${call.name}() here`, call.position);
  return window;
}

/** The rank goes up when the term changes: by one (dense), or by the rows since the last change (min). */
function ranked(call: Call, step: (rowsSinceChange: number) => number): Expr {
  const window = windowOf(call);
  const [term, restart] = call.nodes.map(call.compile);
  if (!term) throw unsupported(`${call.name}()`, call.position);
  let state = { rank: 0, rows: 1, value: undefined as unknown };
  const reset = () => void (state = { rank: 0, rows: 1, value: undefined });
  window.restart.push(reset);
  const evaluate: Evaluate = (row) => {
    const again = restart?.evaluate(row) === true;
    if (again) reset();
    const value = term.evaluate(row);
    if (value === state.value) state.rows += 1;
    else state = { rank: state.rank + step(state.rows), rows: 1, value };
    return state.rank;
  };
  return { type: 'long', constant: false, evaluate };
}

/** https://learn.microsoft.com/kusto/query/row-window-session-function: the start of the session a row belongs to. */
function session(call: Call): Expr {
  const window = windowOf(call);
  const [time, fromFirst, between, restart] = call.nodes.map(call.compile);
  if (!time || !fromFirst || !between || time.type !== 'datetime') throw unsupported('row_window_session() of this type', call.position);
  let start: bigint | null = null;
  let last: bigint | null = null;
  window.restart.push(() => void (start = last = null));
  const evaluate: Evaluate = (row) => {
    const value = time.evaluate(row) as bigint | null;
    const begins =
      value === null ||
      start === null ||
      last === null ||
      restart?.evaluate(row) === true ||
      value >= start + (fromFirst.evaluate(row) as bigint) ||
      value >= last + (between.evaluate(row) as bigint);
    if (begins) start = value;
    last = value;
    return start;
  };
  return { type: 'datetime', constant: false, evaluate };
}

/** prev(column, offset = 1, default = null) */
function shifted(call: Call, direction: 1 | -1): Expr {
  const window = windowOf(call);
  const [column, offset, fallback] = call.nodes.map(call.compile);
  if (!column) throw unsupported(`${call.name}()`, call.position);
  const convert = fallback && converter(fallback.type, column.type);
  const evaluate: Evaluate = (row) => {
    const at = window.index + direction * (offset ? (offset.evaluate(row) as number) : 1);
    if (at >= 0 && at < window.rows.length) return column.evaluate(window.rows[at]);
    if (fallback && convert) return convert(fallback.evaluate(row));
    return column.type === 'string' ? '' : null;
  };
  return { type: column.type, constant: false, evaluate };
}

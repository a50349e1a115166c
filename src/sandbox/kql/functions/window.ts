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
    const begin = (): Long => addLong((first ? (first.evaluate(undefined) as Long) : 1), -1);
    window.restart.push(() => void (n = begin()));
    return { type: 'long', constant: false, evaluate: (row) => (n = addLong(restart?.evaluate(row) === true ? begin() : n, 1)) };
  }),
  row_cumsum: special((call) => {
    const window = windowOf(call);
    const [term, restart] = call.nodes.map(call.compile);
    if (!term || (term.type !== 'long' && term.type !== 'int' && term.type !== 'real')) throw unsupported('row_cumsum() of this type', call.position);
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
  prev: special((call) => shifted(call, -1)),
  next: special((call) => shifted(call, 1)),
};

export function usesWindow(node: SyntaxNode): boolean {
  return [node, ...descendants(node)].some((child) => kindName(child) === 'FunctionCallExpression' && Object.hasOwn(WINDOW, nameOf(part(child, 'Name')).toLowerCase()));
}

function windowOf(call: Call): Window {
  const { window } = call.scope;
  if (!window) throw unsupported(`${call.name}() here`, call.position);
  return window;
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

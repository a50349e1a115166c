/** sort, top, take. */
import { compile, constantValue } from '../expression.ts';
import { unsupported } from '../kql-error.ts';
import { comparerFor } from '../order.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, kindName, optionalPart, part, parts, textOf } from '../syntax.ts';
import { type Tabular, arrayTable, collect, pushAll, sameRows } from '../tabular.ts';
import type { Evaluate } from '../types.ts';

interface SortKey {
  readonly evaluate: Evaluate;
  readonly compare: (a: unknown, b: unknown) => number;
}

export function sort(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  return sorted(source, parts(node, 'Expressions'), scope, Infinity);
}

export function top(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const limit = Number(constantValue(part(node, 'Expression'), 'long', scope));
  return sorted(source, [part(node, 'ByExpression')], scope, Math.max(0, limit));
}

export function take(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const limit = Number(constantValue(part(node, 'Expression'), 'long', scope));
  return sameRows(source, (emit) => {
    if (limit <= 0) return false;
    let taken = 0;
    let stopped = false;
    source.run((row) => {
      taken += 1;
      stopped = emit(row) === true;
      return stopped || taken >= limit;
    });
    return stopped;
  });
}

function sorted(source: Tabular, expressions: readonly SyntaxNode[], scope: Scope, limit: number): Tabular {
  const rows = arrayTable(source.columns, () => false);
  const keys = expressions.map((expression) => sortKey(expression, rowScope(scope, rows)));
  const compare = (a: Keyed, b: Keyed): number => {
    for (let i = 0; i < keys.length; i++) {
      const order = (keys[i] as SortKey).compare(a.keys[i], b.keys[i]);
      if (order !== 0) return order;
    }
    return a.index - b.index;
  };
  const keyed = (row: unknown[], index: number): Keyed => ({ row, index, keys: keys.map((key) => key.evaluate(row)) });
  return arrayTable(
    source.columns,
    (emit) => {
      const found = limit === Infinity ? collect(source, scope.run.rowsMax).map(keyed).sort(compare) : best(source, keyed, compare, limit);
      return pushAll(
        found.map((item) => item.row),
        emit,
      );
    },
    { ordered: true, serialized: true },
  );
}

interface Keyed {
  readonly row: unknown[];
  readonly index: number;
  readonly keys: readonly unknown[];
}

/** The first `limit` rows without sorting the rest: a buffer that is cut back whenever it has doubled. */
function best(
  source: Tabular,
  keyed: (row: unknown[], index: number) => Keyed,
  compare: (a: Keyed, b: Keyed) => number,
  limit: number,
): Keyed[] {
  if (limit === 0) return [];
  let buffer: Keyed[] = [];
  let worst: Keyed | undefined;
  let index = 0;
  source.run((row) => {
    const item = keyed(
      source.getters.map((get) => get(row)),
      index++,
    );
    if (worst && compare(item, worst) > 0) return;
    buffer.push(item);
    if (buffer.length < 2 * limit + 64) return;
    buffer = buffer.sort(compare).slice(0, limit);
    worst = buffer.at(-1);
  });
  return buffer.sort(compare).slice(0, limit);
}

/** Descending unless said otherwise; nulls last when descending, first when ascending. */
function sortKey(node: SyntaxNode, scope: Scope): SortKey {
  const ordering = kindName(node) === 'OrderedExpression' ? optionalPart(node, 'Ordering') : undefined;
  const direction = ordering && optionalPart(ordering, 'AscOrDescKeyword');
  const nulls = ordering && optionalPart(ordering, 'NullsClause');
  const ascending = direction ? textOf(direction).trim() === 'asc' : false;
  const nullsFirst = nulls ? textOf(part(nulls, 'FirstOrLastKeyword')).trim() === 'first' : ascending;
  const expr = compile(kindName(node) === 'OrderedExpression' ? part(node, 'Expression') : node, scope);
  if (expr.type === 'decimal') throw unsupported('sort by decimal', node.TextStart);
  const compareType = comparerFor(expr.type);
  const compare = (a: unknown, b: unknown): number => {
    if (a === null || b === null) {
      if (a === b) return 0;
      return (a === null) === nullsFirst ? -1 : 1;
    }
    return ascending ? compareType(a, b) : compareType(b, a);
  };
  return { evaluate: expr.evaluate, compare };
}

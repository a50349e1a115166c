/** == != < <= > >= with Kusto's nulls: https://learn.microsoft.com/kusto/query/scalar-data-types/null-values */
import { kindOf, unbox } from './dynamic.ts';
import { unsupported } from './kql-error.ts';
import type { Expr } from './scope.ts';
import type { Evaluate, KqlType } from './types.ts';

/** One null: not equal. Two nulls: null. */
export function equality(left: Expr, right: Expr, equal: boolean, position: number): Evaluate {
  const [a, b] = comparable(left, right, position);
  return (row) => {
    const x = a(row);
    const y = b(row);
    if (x === null || y === null) return x === null && y === null ? null : !equal;
    return same(x, y) === equal;
  };
}

/** `==` because a long may be a number on one side and a bigint on the other; both sides have one type here. */
function same(x: unknown, y: unknown): boolean {
  return typeof x === typeof y ? x === y : (x as number) == (y as number);
}

/** Any null: null. */
export function ordering(kind: string, left: Expr, right: Expr, position: number): Evaluate {
  const [a, b] = comparable(left, right, position);
  const test = TESTS[kind] as (x: number, y: number) => boolean;
  return (row) => {
    const x = a(row);
    if (x === null) return null;
    const y = b(row);
    return y === null ? null : test(x as number, y as number);
  };
}

const TESTS: Record<string, (x: number, y: number) => boolean> = {
  LessThanExpression: (x, y) => x < y,
  LessThanOrEqualExpression: (x, y) => x <= y,
  GreaterThanExpression: (x, y) => x > y,
  GreaterThanOrEqualExpression: (x, y) => x >= y,
};

const NUMBERS = new Set<string>(['long', 'int', 'real']);

/** Two readers whose values can be compared as they are. */
export function comparable(left: Expr, right: Expr, position: number): [Evaluate, Evaluate] {
  if (left.type === 'dynamic' && right.type === 'dynamic') throw unsupported('comparison of two dynamic values', position);
  if (left.type === 'dynamic') return [fromDynamicAs(left, right.type, position), right.evaluate];
  if (right.type === 'dynamic') return [left.evaluate, fromDynamicAs(right, left.type, position)];
  const fits = left.type === right.type || (NUMBERS.has(left.type) && NUMBERS.has(right.type));
  if (!fits || left.type === 'decimal') throw unsupported(`comparison of ${left.type} and ${right.type}`, position);
  return [left.evaluate, right.evaluate];
}

/** A dynamic scalar compares with its own kind. Which cast Kusto would try for another kind is documented nowhere. */
export function fromDynamicAs(expr: Expr, type: KqlType, position: number): Evaluate {
  const { evaluate } = expr;
  return (row) => {
    const value = evaluate(row);
    if (typeof value === 'string' && type === 'string') return value;
    const kind = kindOf(value);
    if (kind === 'null') return type === 'string' ? '' : null;
    if (kind === type || (NUMBERS.has(kind) && NUMBERS.has(type))) return unbox(value);
    throw unsupported(`comparison of a dynamic ${kind} with a ${type}; say tostring(), tolong() or another cast`, position);
  };
}

/** An expression read as text: dynamics by their text, other types as tostring() writes them. */
import { textOfValue } from './convert.ts';
import { unsupported } from './kql-error.ts';
import type { Expr } from './scope.ts';

export function textReader(expr: Expr, position: number): (row: unknown) => string {
  const { evaluate, type } = expr;
  if (type === 'string') return evaluate as (row: unknown) => string;
  if (type === 'decimal') throw unsupported('decimal as text', position);
  return (row) => textOfValue(evaluate(row), type);
}

/** Tables made by the query itself: datatable, print, range. */
import { compile, compileAs, constantValue } from '../expression.ts';
import { KqlError, unsupported } from '../kql-error.ts';
import { type Long, addLong } from '../long.ts';
import type { Scope } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, part, parts } from '../syntax.ts';
import { type Tabular, arrayTable, pushAll } from '../tabular.ts';
import type { KqlType } from '../types.ts';

export function dataTable(node: SyntaxNode, scope: Scope): Tabular {
  const columns = columnsOf(node);
  const values = parts(node, 'Values');
  if (columns.length === 0 || values.length % columns.length !== 0)
    throw new KqlError('semantic', 'The values of datatable do not fill its rows.', node.TextStart);
  const rows: unknown[][] = [];
  for (let i = 0; i < values.length; i += columns.length) {
    rows.push(columns.map((column, c) => constantValue(values[i + c] as SyntaxNode, column.type, scope)));
  }
  return arrayTable(columns, (emit) => pushAll(rows, emit));
}

export function print(node: SyntaxNode, scope: Scope): Tabular {
  const columns = columnsOf(node);
  const items = parts(node, 'Expressions').map((item) => {
    if (kindName(item) === 'CompoundNamedExpression') throw unsupported('an expression with several values', item.TextStart);
    return compile(item, scope);
  });
  if (items.length !== columns.length) throw unsupported('print of an expression with several values', node.TextStart);
  return arrayTable(columns, (emit) => emit(items.map((item) => item.evaluate(undefined))) === true);
}

export function range(node: SyntaxNode, scope: Scope): Tabular {
  const columns = columnsOf(node);
  const type = columns[0]?.type as KqlType;
  const stepNode = part(node, 'Step');
  const stepType: KqlType = type === 'datetime' ? 'timespan' : type;
  const [from, to, step] = [
    compileAs(part(node, 'From'), type, scope).evaluate(undefined),
    compileAs(part(node, 'To'), type, scope).evaluate(undefined),
    compileAs(stepNode, stepType, scope).evaluate(undefined),
  ];
  if (!['long', 'int', 'real', 'datetime', 'timespan'].includes(type)) throw unsupported(`range of ${type}`, node.TextStart);
  const next: (value: unknown) => unknown =
    type === 'real'
      ? (v) => (v as number) + (step as number)
      : type === 'long' || type === 'int'
        ? (v) => addLong(v as Long, step as Long)
        : (v) => (v as bigint) + (step as bigint);
  return arrayTable(
    columns,
    (emit) => {
      if (from === null || to === null || step === null) return false;
      const zero = typeof step === 'bigint' ? 0n : 0;
      if (step === zero) throw new KqlError('runtime', 'The step of range must not be zero.', stepNode.TextStart);
      const up = (step as number) > (zero as number);
      for (let value = from as number; up ? value <= (to as number) : value >= (to as number); value = next(value) as number) {
        if (emit([value]) === true) return true;
      }
      return false;
    },
    { ordered: true, serialized: true },
  );
}

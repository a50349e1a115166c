/** partition by: the subquery once for each key. */
import { unsupported } from '../kql-error.ts';
import { compile } from '../expression.ts';
import { keyFor } from '../order.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, optionalPart, part } from '../syntax.ts';
import { type Tabular, arrayTable, collect, columnIndex, pushAll } from '../tabular.ts';
import type { Evaluate } from '../types.ts';

export function partition(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const operand = part(node, 'Operand');
  if (kindName(operand) !== 'PartitionSubquery' || optionalPart(node, 'Scope')) throw unsupported('this partition', node.TextStart);
  const rows = arrayTable(source.columns, () => false);
  const by = compile(part(node, 'ByExpression'), rowScope(scope, rows));
  const key = keyFor(by.type);
  let current: unknown[][] = [];
  const input = arrayTable(source.columns, (emit) => pushAll(current, emit), { serialized: source.serialized ?? false });
  const result = scope.run.compileTabular(part(operand, 'Subquery'), { ...scope, rows: undefined, columns: new Map(), input }, false);
  const columns = columnsOf(node);
  const getters = columns.map((column) => {
    const index = columnIndex(result, column.name);
    if (index < 0) throw unsupported(`column '${column.name}' of partition`, node.TextStart);
    return result.getters[index] as Evaluate;
  });
  return arrayTable(columns, (emit) => {
    const groups = new Map<unknown, unknown[][]>();
    for (const row of collect(source, scope.run.rowsMax)) {
      const value = key(by.evaluate(row));
      const group = groups.get(value);
      if (group) group.push(row);
      else groups.set(value, [row]);
    }
    for (const group of groups.values()) {
      current = group;
      if (result.run((row) => emit(getters.map((get) => get(row))))) return true;
    }
    return false;
  });
}

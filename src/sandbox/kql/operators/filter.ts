/** where, and the operators that leave rows as they are. */
import { compileAs } from '../expression.ts';
import { unsupported } from '../kql-error.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, optionalPart, part, parts } from '../syntax.ts';
import { type Tabular, arrayTable, pushAll, sameRows } from '../tabular.ts';
import type { KqlType } from '../types.ts';
import { extend } from './project.ts';
import { windowed } from './windowed.ts';

export function where(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const condition = part(node, 'Condition');
  const [table, window] = windowed(condition, source, scope);
  const test = compileAs(condition, 'bool', rowScope(scope, table, window));
  if (test.constant) {
    return sameRows(table, (emit) => (test.evaluate(undefined) === true ? table.run(emit) : false));
  }
  const { evaluate } = test;
  return sameRows(table, (emit) => table.run((row) => (evaluate(row) === true ? emit(row) : false)));
}

export function serialize(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const marked = sameRows(source, source.run, { serialized: true });
  return parts(node, 'Expressions').length > 0 ? extend(node, marked, scope) : marked;
}

/** `as` names the table for `withsource` and the like; the rows pass through. */
export function as(_node: SyntaxNode, source: Tabular): Tabular {
  return source;
}

const DATA_TYPES: Record<KqlType, string> = {
  string: 'System.String',
  long: 'System.Int64',
  int: 'System.Int32',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  bool: 'System.SByte',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  dynamic: 'System.Object',
  guid: 'System.Guid',
};

export function getSchema(node: SyntaxNode, source: Tabular): Tabular {
  if (optionalPart(node, 'KindParameter')) throw unsupported('getschema kind=', node.TextStart);
  const shown = source.columns.filter((column) => !column.hidden);
  const rows = shown.map((column, i) => [column.name, i, DATA_TYPES[column.type], column.type]);
  const columns = [
    { name: 'ColumnName', type: 'string' },
    { name: 'ColumnOrdinal', type: 'int' },
    { name: 'DataType', type: 'string' },
    { name: 'ColumnType', type: 'string' },
  ] as const;
  return arrayTable(columns, (emit) => pushAll(rows, emit));
}

/** search: rows in which a text occurs as a term in any column, or in which a condition holds. */
import { textOfValue } from '../convert.ts';
import { compileAs } from '../expression.ts';
import { unsupported } from '../kql-error.ts';
import { scan } from '../scan.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, descendants, kindName, nameOf, optionalPart, part, stringTokenValue } from '../syntax.ts';
import { type Tabular, arrayTable } from '../tabular.ts';
import { hasTerm } from '../term.ts';
import type { Evaluate, KqlType } from '../types.ts';

/** Over every table and every `view` function of the query. */
export function searchAll(node: SyntaxNode, scope: Scope): Tabular {
  if (optionalPart(node, 'InClause')) throw unsupported('search in', node.TextStart);
  const views = [...scope.names].flatMap(([name, binding]) => {
    if (binding.kind !== 'function' || !optionalPart(binding.declaration, 'ViewKeyword')) return [];
    const body = part(binding.declaration, 'Body');
    return [{ name, table: scope.run.compileTabular(part(body, 'Expression'), binding.scope, false) }];
  });
  const tables = scope.run.allTables.map((table) => ({ name: table.name, table: scan(table, scope.run, false) }));
  return searched(node, [...tables, ...views], scope);
}

export function searchPiped(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  return searched(node, [{ name: '', table: source }], scope);
}

function searched(node: SyntaxNode, legs: readonly { name: string; table: Tabular }[], scope: Scope): Tabular {
  if (parametersGiven(node)) throw unsupported('search kind=', node.TextStart);
  const columns = columnsOf(node);
  const condition = part(node, 'Condition');
  // A leg without the columns that the condition names has no row that fits.
  const found = legs.flatMap(({ name, table }) => {
    const names = descendants(condition)
      .concat(condition)
      .filter((child) => kindName(child) === 'NameReference')
      .map(nameOf);
    if (!names.every((wanted) => table.columns.some((column) => column.name === wanted))) return [];
    return [{ name, table, test: conditionOf(condition, table, scope) }];
  });
  return arrayTable(columns, (emit) =>
    found.some(({ name, table, test }) => {
      const getters = columns.map((column): Evaluate => {
        if (column.name === '$table') return () => name;
        const index = table.columns.findIndex((mine) => mine.name === column.name && mine.type === column.type);
        return index < 0 ? () => (column.type === 'string' ? '' : null) : (table.getters[index] as Evaluate);
      });
      return table.run((row) => (test(row) === true ? emit(getters.map((get) => get(row))) : false));
    }),
  );
}

function parametersGiven(node: SyntaxNode): boolean {
  return (optionalPart(node, 'Parameters')?.ChildCount ?? 0) > 0;
}

function conditionOf(condition: SyntaxNode, table: Tabular, scope: Scope): Evaluate {
  if (kindName(condition) !== 'StringLiteralExpression') return compileAs(condition, 'bool', rowScope(scope, table)).evaluate;
  const text = stringTokenValue(part(condition, 'Token'));
  if (/\*/.test(text)) throw unsupported('search with *', condition.TextStart);
  const needle = text.toLowerCase();
  const readers = table.columns.flatMap((column, i): [Evaluate, KqlType][] =>
    column.hidden ? [] : [[table.getters[i] as Evaluate, column.type]],
  );
  return (row) =>
    readers.some(([get, type]) => (type === 'string' || type === 'dynamic') && hasTerm(textOfValue(get(row), type).toLowerCase(), needle));
}

/** Compiles a table expression: its source, and each `|` operator on top of it. */
import { bodyLets, enterFunction } from './call.ts';
import { compile } from './expression.ts';
import { unsupported } from './kql-error.ts';
import { type Operator, OPERATORS, closes } from './operators/index.ts';
import { pushDownInnerUnique } from './operators/join-pushdown.ts';
import { scan } from './scan.ts';
import { dataTable, print, range } from './operators/sources.ts';
import { searchAll } from './operators/search.ts';
import { unionOf } from './operators/union.ts';
import { type Binding, type Scope, withoutRow } from './scope.ts';
import { type SyntaxNode, kindName, nameOf, optionalPart, part, parts, stringTokenValue } from './syntax.ts';
import { type Tabular, collect, arrayTable, pushAll } from './tabular.ts';

/** `closed`: a later operator lists its columns, so a scan may leave out the ones the query never names. */
export function compileTabular(node: SyntaxNode, scope: Scope, closed: boolean): Tabular {
  switch (kindName(node)) {
    case 'PipeExpression':
      return pipe(node, scope, closed);
    case 'ParenthesizedExpression':
      return compileTabular(part(node, 'Expression'), scope, closed);
    case 'NameReference':
      return named(node, scope, closed);
    case 'FunctionCallExpression':
      return called(node, scope);
    case 'MaterializeExpression':
      return materialized(part(node, 'Expression'), scope);
    case 'DataTableExpression':
      return dataTable(node, scope);
    case 'PrintOperator':
      return print(node, scope);
    case 'RangeOperator':
      return range(node, scope);
    case 'UnionOperator':
      return scope.input ? pipeOperator(node, scope.input, scope, closed) : unionOf(node, undefined, scope, closed);
    case 'SearchOperator':
      return scope.input ? pipeOperator(node, scope.input, scope, closed) : searchAll(node, scope);
    default:
      if (scope.input) return pipeOperator(node, scope.input, scope, closed);
      throw unsupported(kindName(node), node.TextStart);
  }
}

function pipe(node: SyntaxNode, scope: Scope, closed: boolean): Tabular {
  const operator = part(node, 'Operator');
  const source = part(node, 'Expression');
  const pushed = pushDownInnerUnique(source, operator, scope, closed);
  if (pushed) return pushed;
  const input = compileTabular(source, scope, closed || closes(operator));
  return pipeOperator(operator, input, scope, closed);
}

function pipeOperator(operator: SyntaxNode, input: Tabular, scope: Scope, closed: boolean): Tabular {
  const kind = kindName(operator);
  const compileOperator: Operator | undefined = Object.hasOwn(OPERATORS, kind) ? OPERATORS[kind] : undefined;
  if (!compileOperator) throw unsupported(kind.replace('Operator', '').toLowerCase() || kind, operator.TextStart);
  const { input: _, ...inner } = scope;
  return compileOperator(operator, input, inner, closed);
}

function named(node: SyntaxNode, scope: Scope, closed: boolean): Tabular {
  const name = nameOf(node);
  const binding = scope.names.get(name);
  if (binding?.kind === 'tabular') return binding.compile(closed);
  if (binding?.kind === 'function') return view(binding, node);
  return scanTable(name, scope, closed, node.TextStart);
}

/** A function without parameters may be named without parentheses. */
function view(binding: Binding & { kind: 'function' }, node: SyntaxNode): Tabular {
  const { declaration, scope } = binding;
  if (parts(part(declaration, 'Parameters'), 'Parameters').length > 0)
    throw unsupported(`'${nameOf(node)}' without arguments`, node.TextStart);
  const body = part(declaration, 'Body');
  return compileTabular(part(body, 'Expression'), bodyLets(body, scope, compile), false);
}

function scanTable(name: string, scope: Scope, closed: boolean, position: number): Tabular {
  const table = scope.run.tables(name);
  if (!table) throw unsupported(`table '${name}'`, position);
  return scan(table, scope.run, closed);
}

function called(node: SyntaxNode, scope: Scope): Tabular {
  const isCall = kindName(node) === 'FunctionCallExpression';
  const name = nameOf(isCall ? part(node, 'Name') : node);
  const binding = scope.names.get(name);
  if (binding?.kind === 'function' && isCall) return callTabular(node, binding, scope);
  if (name === 'table' && isCall) {
    const [argument] = parts(part(node, 'ArgumentList'), 'Expressions');
    if (argument && kindName(argument) === 'StringLiteralExpression') {
      const wanted = stringTokenValue(part(argument, 'Token'));
      const view = scope.names.get(wanted);
      return view?.kind === 'tabular' ? view.compile(false) : scanTable(wanted, scope, false, node.TextStart);
    }
  }
  throw unsupported(`${name}() as a table`, node.TextStart);
}

export function callTabular(node: SyntaxNode, binding: Binding & { kind: 'function' }, scope: Scope, first?: Binding): Tabular {
  const { body, inner } = enterFunction(node, binding, withoutRow(scope), compile, first);
  const expression = optionalPart(body, 'Expression');
  if (!expression) throw unsupported('a function without a result', node.TextStart);
  return compileTabular(expression, bodyLets(body, inner, compile), false);
}

/** Evaluated at most once, however many places name it. */
function materialized(node: SyntaxNode, scope: Scope): Tabular {
  const table = compileTabular(node, withoutRow(scope), false);
  let rows: unknown[][] | undefined;
  return arrayTable(table.columns, (emit) => pushAll((rows ??= collect(table, scope.run.rowsMax)), emit), { ordered: table.ordered });
}

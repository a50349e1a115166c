/** Compiles a scalar expression to a closure over a row. */
import { arithmetic, negate } from './arithmetic.ts';
import { equality, ordering } from './comparison.ts';
import { compileCall } from './call.ts';
import { converter } from './convert.ts';
import { element, isBag, property } from './dynamic.ts';
import { compileIn, compileBetween } from './membership.ts';
import { unsupported } from './kql-error.ts';
import { literalOf } from './literal.ts';
import { type Expr, type Scope, constantExpr, withoutRow } from './scope.ts';
import { isStringOperator, listOperator, stringOperator } from './string-operator.ts';
import { type SyntaxNode, kindName, nameOf, part, parts, typeOf } from './syntax.ts';
import type { Evaluate, KqlType } from './types.ts';

export function compile(node: SyntaxNode, scope: Scope): Expr {
  const kind = kindName(node);
  if (kind.endsWith('LiteralExpression') && kind !== 'TypeOfLiteralExpression' && kind !== 'TokenLiteralExpression')
    return literal(node, scope);
  switch (kind) {
    case 'DynamicExpression':
      return literal(node, scope);
    case 'ParenthesizedExpression':
    case 'OrderedExpression':
    case 'SimpleNamedExpression':
      return compile(part(node, 'Expression'), scope);
    case 'NameReference':
      return reference(node, scope);
    case 'PathExpression':
      return path(node, scope);
    case 'ElementExpression':
      return elementAccess(node, scope);
    case 'FunctionCallExpression':
      return compileCall(node, scope, compile);
    case 'UnaryMinusExpression':
    case 'UnaryPlusExpression':
      return unary(node, scope, kind === 'UnaryMinusExpression');
    case 'AndExpression':
    case 'OrExpression':
      return logical(node, scope, kind === 'AndExpression');
    case 'InExpression':
    case 'InCsExpression':
    case 'NotInExpression':
    case 'NotInCsExpression':
      return compileIn(node, scope, compile);
    case 'BetweenExpression':
    case 'NotBetweenExpression':
      return compileBetween(node, scope, compile);
    case 'HasAnyExpression':
    case 'HasAllExpression':
      return fold(listOperator(node, compile(part(node, 'Left'), scope), list(node, scope)), 'bool', [
        compile(part(node, 'Left'), scope),
        ...list(node, scope),
      ]);
    case 'ToScalarExpression':
      return toScalar(node, scope);
    default:
      return binary(node, kind, scope);
  }
}

/** Evaluates once what cannot change from row to row. */
export function fold(evaluate: Evaluate, type: KqlType, inputs: readonly Expr[]): Expr {
  if (!inputs.every((input) => input.constant)) return { type, evaluate, constant: false };
  return constantExpr(type, evaluate(undefined));
}

/** The expression's value as the given type. */
export function compileAs(node: SyntaxNode, type: KqlType, scope: Scope): Expr {
  return convertExpr(compile(node, scope), type);
}

export function convertExpr(expr: Expr, type: KqlType): Expr {
  if (expr.type === type) return expr;
  const convert = converter(expr.type, type);
  const { evaluate } = expr;
  return fold((row) => convert(evaluate(row)), type, [expr]);
}

/** A value that must not depend on a row: the N of `take N`, a step, a bin size. */
export function constantValue(node: SyntaxNode, type: KqlType, scope: Scope): unknown {
  const expr = compileAs(node, type, scope);
  if (!expr.constant) throw unsupported('an expression where a constant is needed', node.TextStart);
  return expr.evaluate(undefined);
}

function list(node: SyntaxNode, scope: Scope): Expr[] {
  return parts(part(node, 'Right'), 'Expressions').map((item) => compile(item, scope));
}

function literal(node: SyntaxNode, scope: Scope): Expr {
  const { type, value } = literalOf(node, scope.run.now);
  return constantExpr(type, value);
}

function reference(node: SyntaxNode, scope: Scope): Expr {
  const name = nameOf(node);
  const column = scope.columns.get(name);
  if (column) return { type: column.type, evaluate: column.get, constant: false };
  const binding = scope.names.get(name);
  if (binding?.kind !== 'scalar') throw unsupported(`name '${name}' as a value`, node.TextStart);
  const { expr, rows } = binding;
  if (!expr.constant && rows !== scope.rows) throw unsupported(`'${name}' of an outer row inside a subquery`, node.TextStart);
  return expr;
}

function path(node: SyntaxNode, scope: Scope): Expr {
  const selector = part(node, 'Selector');
  const base = compile(part(node, 'Expression'), scope);
  if (base.type !== 'dynamic') throw unsupported(`'.${nameOf(selector)}' of a ${base.type}`, node.TextStart);
  const bracketed = kindName(selector) === 'BracketedExpression' || kindName(selector) === 'BracketedName';
  if (kindName(selector) === 'FunctionCallExpression' || (bracketed && selector.SimpleName === undefined)) {
    throw unsupported('a computed path', node.TextStart);
  }
  const name = nameOf(selector);
  const { evaluate } = base;
  return fold((row) => property(evaluate(row), name), 'dynamic', [base]);
}

function elementAccess(node: SyntaxNode, scope: Scope): Expr {
  const base = compile(part(node, 'Expression'), scope);
  const key = compile(part(part(node, 'Selector'), 'Expression'), scope);
  if (base.type !== 'dynamic') throw unsupported(`'[…]' of a ${base.type}`, node.TextStart);
  const index = (row: unknown): unknown => {
    const value = base.evaluate(row);
    const at = key.evaluate(row);
    if (typeof at === 'string') return property(value, at);
    return typeof at === 'number' && !isBag(value) ? element(value, at) : null;
  };
  return fold(index, 'dynamic', [base, key]);
}

function unary(node: SyntaxNode, scope: Scope, minus: boolean): Expr {
  const inner = compile(part(node, 'Expression'), scope);
  if (inner.type === 'dynamic' || inner.type === 'string') throw unsupported(`sign of a ${inner.type}`, node.TextStart);
  return minus ? fold(negate(inner, node.TextStart), inner.type, [inner]) : inner;
}

/** Three-valued: null and false is false, null and true is null. */
function logical(node: SyntaxNode, scope: Scope, and: boolean): Expr {
  const left = compileAs(part(node, 'Left'), 'bool', scope);
  const right = compileAs(part(node, 'Right'), 'bool', scope);
  const a = left.evaluate;
  const b = right.evaluate;
  const decided = !and;
  const evaluate = (row: unknown): unknown => {
    const first = a(row);
    if (first === decided) return decided;
    const second = b(row);
    if (second === decided) return decided;
    return first === null || second === null ? null : and;
  };
  return fold(evaluate, 'bool', [left, right]);
}

function toScalar(node: SyntaxNode, scope: Scope): Expr {
  const inner = part(node, 'Expression');
  const table = scope.run.compileTabular(inner, withoutRow(scope), false);
  const [column] = table.columns;
  if (!column) throw unsupported('toscalar() of a table without columns', node.TextStart);
  let value: unknown = column.type === 'string' ? '' : null;
  table.run((row) => {
    value = table.getters[0]?.(row);
    return true;
  });
  return constantExpr(column.type, value);
}

function binary(node: SyntaxNode, kind: string, scope: Scope): Expr {
  const at = node.TextStart;
  const operands = (): [Expr, Expr] => [compile(part(node, 'Left'), scope), compile(part(node, 'Right'), scope)];
  if (isStringOperator(kind)) {
    const [left, right] = operands();
    return fold(stringOperator(kind, left, right, at), 'bool', [left, right]);
  }
  switch (kind) {
    case 'EqualExpression':
    case 'NotEqualExpression': {
      const [left, right] = operands();
      return fold(equality(left, right, kind === 'EqualExpression', at), 'bool', [left, right]);
    }
    case 'LessThanExpression':
    case 'LessThanOrEqualExpression':
    case 'GreaterThanExpression':
    case 'GreaterThanOrEqualExpression': {
      const [left, right] = operands();
      return fold(ordering(kind, left, right, at), 'bool', [left, right]);
    }
    case 'AddExpression':
    case 'SubtractExpression':
    case 'MultiplyExpression':
    case 'DivideExpression':
    case 'ModuloExpression': {
      const [left, right] = operands();
      const type = typeOf(node);
      return fold(arithmetic(kind, left, right, type, at), type, [left, right]);
    }
    default:
      throw unsupported(kind, at);
  }
}

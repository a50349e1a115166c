/** in, in~, between. */
import { comparable, fromDynamicAs } from './comparison.ts';
import { fromDynamic } from './convert.ts';
import { unsupported } from './kql-error.ts';
import { type Expr, type Scope, constantExpr, withoutRow } from './scope.ts';
import { type SyntaxNode, isTabular, kindName, part, parts, unwrap } from './syntax.ts';
import type { Evaluate, KqlType } from './types.ts';

type Compile = (node: SyntaxNode, scope: Scope) => Expr;

export function compileIn(node: SyntaxNode, scope: Scope, compile: Compile): Expr {
  const kind = kindName(node);
  const not = kind.startsWith('Not');
  // The plain `in` is the case-sensitive one; `in~` ignores case. The kinds' names say it the other way round for other operators.
  const ignoreCase = operatorText(node).endsWith('~');
  const left = compile(part(node, 'Left'), scope);
  const items = parts(part(node, 'Right'), 'Expressions');
  const values: Expr[] = items.flatMap((item) => (isTableItem(item, scope) ? column(item, scope) : [compile(item, scope)]));
  const type = left.type === 'dynamic' ? elementType(values, node.TextStart) : left.type;
  const value = left.type === 'dynamic' ? fromDynamicAs(left, type, node.TextStart) : left.evaluate;
  const fold = ignoreCase ? (v: unknown) => (typeof v === 'string' ? v.toLowerCase() : v) : (v: unknown) => v;
  const gather = (row: unknown): Set<unknown> =>
    new Set(
      values
        .flatMap((v) => members(v.evaluate(row), v.type, type))
        .filter((v) => v !== null)
        .map(fold),
    );
  const constant = values.every((v) => v.constant) ? gather(undefined) : undefined;
  const evaluate: Evaluate = (row) => (constant ?? gather(row)).has(fold(value(row))) !== not;
  return left.constant && constant ? constantExpr('bool', evaluate(undefined)) : { type: 'bool', evaluate, constant: false };
}

function operatorText(node: SyntaxNode): string {
  return String((part(node, 'Operator') as { Text?: unknown }).Text);
}

function isTableItem(item: SyntaxNode, scope: Scope): boolean {
  const inner = unwrap(item);
  if (kindName(inner) === 'NameReference' && scope.columns.has(inner.SimpleName ?? '')) return false;
  return isTabular(inner);
}

function column(item: SyntaxNode, scope: Scope): Expr[] {
  const table = scope.run.compileTabular(item, withoutRow(scope), false);
  const [first] = table.columns;
  const get = table.getters[0];
  if (!first || !get) throw unsupported("'in' with a table without columns", item.TextStart);
  const seen = new Set<unknown>();
  table.run((row) => void seen.add(get(row)));
  return [...seen].map((value) => constantExpr(first.type, value));
}

function elementType(values: readonly Expr[], position: number): KqlType {
  const types = new Set(values.map((value) => (value.type === 'int' ? 'long' : value.type)));
  const [only] = types;
  if (types.size !== 1 || only === undefined || only === 'dynamic')
    throw unsupported("'in' of a dynamic and mixed values; cast it first", position);
  return only;
}

/** A dynamic array stands for its elements. */
function members(value: unknown, from: KqlType, to: KqlType): unknown[] {
  if (from !== 'dynamic') return [value];
  return (Array.isArray(value) ? value : [value]).map((item: unknown) => fromDynamic(item, to));
}

export function compileBetween(node: SyntaxNode, scope: Scope, compile: Compile): Expr {
  const not = kindName(node).startsWith('Not');
  const range = part(node, 'Right');
  const left = compile(part(node, 'Left'), scope);
  const low = compile(part(range, 'First'), scope);
  const second = compile(part(range, 'Second'), scope);
  // `between (start .. 7d)`: a timespan above a datetime is a duration.
  const high: Expr =
    low.type === 'datetime' && second.type === 'timespan'
      ? { type: 'datetime', constant: false, evaluate: (row) => sum(low.evaluate(row), second.evaluate(row)) }
      : second;
  const [value, from] = comparable(left, low, node.TextStart);
  const [, to] = comparable(left, high, node.TextStart);
  const evaluate: Evaluate = (row) => {
    const v = value(row) as number | null;
    const a = from(row) as number | null;
    const b = to(row) as number | null;
    return v === null || a === null || b === null ? null : (v >= a && v <= b) !== not;
  };
  const constant = left.constant && low.constant && second.constant;
  return constant ? constantExpr('bool', evaluate(undefined)) : { type: 'bool', evaluate, constant };
}

function sum(start: unknown, span: unknown): bigint | null {
  return start === null || span === null ? null : (start as bigint) + (span as bigint);
}

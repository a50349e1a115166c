/** What mv-expand and mv-apply share: which columns are expanded, and into which elements. */
import { compile } from '../expression.ts';
import { fromDynamic } from '../convert.ts';
import { isBag, kindOf } from '../dynamic.ts';
import { unsupported } from '../kql-error.ts';
import { type Scope } from '../scope.ts';
import {
  type SyntaxNode,
  autoName,
  descendants,
  kindName,
  nameOf,
  optionalPart,
  parametersOf,
  part,
  parts,
  textOf,
  typeFromKeyword,
} from '../syntax.ts';
import type { Evaluate, KqlType } from '../types.ts';

export interface Expansion {
  readonly name: string;
  readonly type: KqlType;
  /** The elements for one row. */
  readonly elements: (row: unknown) => readonly unknown[];
}

export interface ExpansionPlan {
  readonly expansions: readonly Expansion[];
  readonly indexName: string | undefined;
  readonly limit: number;
}

export function expansionPlan(node: SyntaxNode, rows: Scope): ExpansionPlan {
  const parameters = parametersOf(node);
  const kindParameter = parameters.get('kind') ?? parameters.get('bagexpansion');
  const kind = kindParameter ? textOf(kindParameter).trim() : 'bag';
  if (kind !== 'bag' && kind !== 'array') throw unsupported(`kind=${kind}`, node.TextStart);
  const index = parameters.get('with_itemindex');
  const limitClause = optionalPart(node, 'RowLimitClause');
  const limit = limitClause ? compile(part(limitClause, 'RowLimit'), rows) : undefined;
  return {
    expansions: parts(node, 'Expressions').map((item) => expansion(item, rows, kind === 'array')),
    indexName: index && textOf(index).trim(),
    limit: limit ? Number(limit.evaluate(undefined)) : Infinity,
  };
}

function expansion(item: SyntaxNode, rows: Scope, asArrays: boolean): Expansion {
  const inner = part(item, 'Expression');
  const named = kindName(inner) === 'SimpleNamedExpression';
  const name = named ? nameOf(part(inner, 'Name')) : autoName(inner);
  if (!name) throw unsupported('an expanded expression without a name', inner.TextStart);
  const expr = compile(named ? part(inner, 'Expression') : inner, rows);
  if (expr.type !== 'dynamic') throw unsupported(`expansion of a ${expr.type}`, inner.TextStart);
  const clause = optionalPart(item, 'ToTypeOf');
  const keyword = clause && descendants(part(clause, 'TypeOf')).find((node) => kindName(node) === 'PrimitiveTypeExpression');
  const type: KqlType = keyword ? typeFromKeyword(textOf(keyword).trim(), item.TextStart) : 'dynamic';
  return { name, type, elements: reader(expr.evaluate, type, asArrays) };
}

function reader(evaluate: Evaluate, type: KqlType, asArrays: boolean): Expansion['elements'] {
  const split = (value: unknown): readonly unknown[] => {
    if (Array.isArray(value)) return value as unknown[];
    if (isBag(value)) return Object.entries(value).map(([key, inner]) => (asArrays ? [key, inner] : { [key]: inner }));
    return [value];
  };
  if (type === 'dynamic') return (row) => split(evaluate(row));
  return (row) => split(evaluate(row)).map((value) => cast(value, type));
}

/** `to typeof()` casts and does not parse: the text '2' is no long. What it makes of other mismatches is not sure. */
function cast(value: unknown, type: KqlType): unknown {
  const kind = kindOf(value);
  if (kind === 'null') return emptyElement(type);
  if (kind === type || (kind === 'long' && (type === 'int' || type === 'real'))) return fromDynamic(value, type);
  if (kind === 'string' && (type === 'long' || type === 'int' || type === 'real')) return null;
  throw unsupported(`mv-expand of a ${kind} to typeof(${type})`);
}

export function emptyElement(type: KqlType): unknown {
  return type === 'string' ? '' : null;
}

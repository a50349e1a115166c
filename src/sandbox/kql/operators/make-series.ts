/** make-series: aggregates on a regular axis, gaps filled with a default. https://learn.microsoft.com/kusto/query/make-series-operator */
import type { Accumulator } from '../aggregate-state.ts';
import { box } from '../dynamic.ts';
import { compile, constantValue } from '../expression.ts';
import { KqlError, unsupported } from '../kql-error.ts';
import { jointKey } from '../order.ts';
import { type Expr, type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, optionalPart, parametersOf, part, parts, textOf } from '../syntax.ts';
import { type Tabular, arrayTable } from '../tabular.ts';
import type { KqlType } from '../types.ts';
import { Aggregates } from './summarize.ts';
import { convertExpr } from '../expression.ts';

/** https://learn.microsoft.com/kusto/query/make-series-operator: the longest array it makes. */
const POINTS_MAX = 1_048_576;

interface Axis {
  readonly expr: Expr;
  readonly type: KqlType;
  readonly from: number;
  readonly step: number;
  readonly points: number;
}

interface Series {
  readonly keys: unknown[];
  readonly bins: Map<number, Accumulator[]>;
}

export function makeSeries(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const rows = rowScope(scope, source);
  const columns = columnsOf(node);
  const by = optionalPart(node, 'ByClause');
  const keys = (by ? parts(by, 'Expressions') : []).map((key) => compile(key, rows));
  const slots = new Aggregates(rows);
  const outputs = parts(node, 'Aggregates').map((item) => {
    const clause = optionalPart(item, 'DefaultExpression');
    const expression = part(item, 'Expression');
    const inner = kindName(expression) === 'SimpleNamedExpression' ? part(expression, 'Expression') : expression;
    const type = inner.ResultType?.Name as KqlType;
    const read = slots.output(expression).read;
    return {
      read,
      type,
      fallback: clause ? convertExpr(compile(part(clause, 'Expression'), rows), type).evaluate(undefined) : type === 'timespan' ? 0n : 0,
    };
  });
  const axis = axisOf(node, rows);
  const nonEmpty = parametersOf(node).get('kind');
  if (nonEmpty && textOf(nonEmpty).trim() !== 'nonempty') throw unsupported('make-series kind', node.TextStart);
  const positions = Array.from({ length: axis.points }, (_, i) => box(plus(axis, i), axis.type));
  // The analyser puts the keys first, then the aggregates, then the axis.
  if (columns.length !== keys.length + outputs.length + 1) throw unsupported('make-series with these columns', node.TextStart);
  return arrayTable(columns, (emit) => {
    const found = gather(source, keys, axis, slots.create, scope.run.rowsMax);
    if (found.size === 0 && nonEmpty && keys.length === 0) found.set(null, { keys: [], bins: new Map() });
    for (const series of found.values()) {
      const points = outputs.map((output, o) =>
        positions.map((_, i) => {
          const state = series.bins.get(i);
          return box(state ? output.read(state.map((accumulator) => accumulator.result()))[0] : outputs[o]?.fallback, output.type);
        }),
      );
      if (emit([...series.keys, ...points, positions]) === true) return true;
    }
    return false;
  });
}

function gather(source: Tabular, keys: readonly Expr[], axis: Axis, create: () => Accumulator[], groupsMax: number): Map<unknown, Series> {
  const groups = new Map<unknown, Series>();
  source.run((row) => {
    const at = axis.expr.evaluate(row);
    if (at === null) return;
    const index = binOf(axis, at);
    if (index < 0 || index >= axis.points) return;
    const values = keys.map((key) => key.evaluate(row));
    const key = jointKey(values);
    let group = groups.get(key);
    if (!group) {
      if (groups.size >= groupsMax) throw new KqlError('runtime', `make-series has more than ${groupsMax} series.`);
      groups.set(key, (group = { keys: values, bins: new Map() }));
    }
    let state = group.bins.get(index);
    if (!state) group.bins.set(index, (state = create()));
    for (const accumulator of state) accumulator.add(row);
  });
  return groups;
}

function axisOf(node: SyntaxNode, rows: Scope): Axis {
  const on = part(part(node, 'OnClause'), 'Expression');
  const expr = compile(kindName(on) === 'SimpleNamedExpression' ? part(on, 'Expression') : on, rows);
  const range = part(node, 'RangeClause');
  const { type } = expr;
  if (!['datetime', 'timespan', 'long', 'int', 'real'].includes(type)) throw unsupported(`make-series on ${type}`, on.TextStart);
  if (kindName(range) !== 'MakeSeriesFromToStepClause') throw unsupported('make-series in range()', range.TextStart);
  const [from, to] = [optionalPart(range, 'MakeSeriesFromClause'), optionalPart(range, 'MakeSeriesToClause')];
  // Without bounds the first and last bin of the data count; how they are aligned is not documented well enough.
  if (!from || !to) throw unsupported('make-series without from and to', range.TextStart);
  const stepType: KqlType = type === 'datetime' ? 'timespan' : type;
  const start = constantValue(part(from, 'Expression'), type, rows) as number;
  const end = constantValue(part(to, 'Expression'), type, rows) as number;
  const step = constantValue(part(part(range, 'MakeSeriesStepClause'), 'Expression'), stepType, rows) as number;
  if (start === null || end === null || step === null || step <= 0) throw unsupported('make-series with such bounds', range.TextStart);
  const points = pointsBetween(start, end, step);
  if (points > POINTS_MAX) throw new KqlError('runtime', `make-series would make ${points} points.`, node.TextStart);
  return { expr, type, from: start, step, points };
}

/** `end` itself is outside. Bounds are numbers or bigints of one kind. */
function pointsBetween(start: number | bigint, end: number | bigint, step: number | bigint): number {
  if (end <= start) return 0;
  if (typeof start === 'bigint') {
    const [span, size] = [(end as bigint) - start, step as bigint];
    return Number((span + size - 1n) / size);
  }
  return Math.ceil(((end as number) - start) / (step as number));
}

function plus(axis: Axis, i: number): unknown {
  return typeof axis.from === 'bigint' ? (axis.from as bigint) + (axis.step as unknown as bigint) * BigInt(i) : axis.from + axis.step * i;
}

function binOf(axis: Axis, value: unknown): number {
  if (typeof axis.from === 'bigint') {
    const offset = (value as bigint) - (axis.from as bigint);
    return offset < 0n ? -1 : Number(offset / (axis.step as unknown as bigint));
  }
  return Math.floor(((value as number) - axis.from) / axis.step);
}

/** The aggregates of `summarize` that give one number: counts, sums, extremes, moments, percentiles. */
import { converter, int32 } from './convert.ts';
import { comparerFor, keyFor } from './order.ts';
import { unsupported } from './kql-error.ts';
import { type Long, addLong } from './long.ts';
import { type Aggregate, type AggregateCall, folding } from './aggregate-state.ts';
import { COLLECTING } from './aggregates-collecting.ts';
import { PICKING } from './aggregates-picking.ts';
import type { Evaluate, KqlType } from './types.ts';

const always: Evaluate = () => true;

export const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: () =>
    folding(
      () => 0,
      (n) => n + 1,
      (n) => n,
    ),
  countif: (call) => {
    const test = argument(call, 0, 'bool');
    return folding(
      () => 0,
      (n, row) => (test(row) === true ? n + 1 : n),
      (n) => n,
    );
  },
  dcount: (call) => distinct(call, always),
  dcountif: (call) => distinct(call, argument(call, 1, 'bool')),
  count_distinct: (call) => distinct(call, always),
  count_distinctif: (call) => distinct(call, argument(call, 1, 'bool')),
  sum: (call) => sum(call, always),
  sumif: (call) => sum(call, argument(call, 1, 'bool')),
  avg: (call) => average(call, always),
  avgif: (call) => average(call, argument(call, 1, 'bool')),
  min: (call) => extreme(call, -1, always),
  minif: (call) => extreme(call, -1, argument(call, 1, 'bool')),
  max: (call) => extreme(call, 1, always),
  maxif: (call) => extreme(call, 1, argument(call, 1, 'bool')),
  variance: (call) => moment(call, 1, false, always),
  varianceif: (call) => moment(call, 1, false, argument(call, 1, 'bool')),
  variancep: (call) => moment(call, 0, false, always),
  stdev: (call) => moment(call, 1, true, always),
  stdevif: (call) => moment(call, 1, true, argument(call, 1, 'bool')),
  stdevp: (call) => moment(call, 0, true, always),
  binary_all_and: (call) => bitwise(call, (a, b) => a & b, -1n),
  binary_all_or: (call) => bitwise(call, (a, b) => a | b, 0n),
  binary_all_xor: (call) => bitwise(call, (a, b) => a ^ b, 0n),
  ...COLLECTING,
  ...PICKING,
};

export function argument(call: AggregateCall, index: number, type?: KqlType): Evaluate {
  const expr = call.args[index];
  if (!expr) throw unsupported(`${call.name}() with ${call.args.length} arguments`, call.position);
  if (type === undefined || expr.type === type) return expr.evaluate;
  const convert = converter(expr.type, type);
  const { evaluate } = expr;
  return (row) => convert(evaluate(row));
}

export function typeOfArgument(call: AggregateCall, index: number): KqlType {
  return call.args[index]?.type ?? 'dynamic';
}

/** Exact where Kusto estimates: its estimate is exact for small sets, and a sandbox should not add noise. */
function distinct(call: AggregateCall, test: Evaluate) {
  const value = argument(call, 0);
  const key = keyFor(typeOfArgument(call, 0));
  return folding(
    () => new Set<unknown>(),
    (seen, row) => {
      const v = test(row) === true ? value(row) : null;
      return v === null ? seen : seen.add(key(v));
    },
    (seen) => seen.size,
  );
}

function sum(call: AggregateCall, test: Evaluate) {
  const { type } = call;
  const value = argument(call, 0, type === 'int' ? 'long' : type);
  if (type === 'real')
    return folding(
      () => 0,
      (total, row) => (test(row) === true ? total + ((value(row) as number | null) ?? 0) : total),
      (t) => t,
    );
  if (type === 'timespan')
    return folding(
      () => 0n,
      (total, row) => (test(row) === true ? total + ((value(row) as bigint | null) ?? 0n) : total),
      (t) => t,
    );
  if (type !== 'long' && type !== 'int') throw unsupported(`sum() of ${type}`, call.position);
  return folding<Long>(
    () => 0,
    (total, row) => {
      const v = test(row) === true ? (value(row) as Long | null) : null;
      return v === null ? total : addLong(total, v);
    },
    (total) => (type === 'int' && int32(total) === null ? fail('overflow of int in sum()') : total),
  );
}

function average(call: AggregateCall, test: Evaluate) {
  const { type } = call;
  if (type === 'timespan' || type === 'datetime') {
    const value = argument(call, 0, type);
    return folding(
      () => ({ total: 0n, n: 0n }),
      (s, row) => {
        const v = test(row) === true ? (value(row) as bigint | null) : null;
        return v === null ? s : { total: s.total + v, n: s.n + 1n };
      },
      (s) => (s.n === 0n ? null : s.total / s.n),
    );
  }
  if (type !== 'real') throw unsupported(`avg() giving ${type}`, call.position);
  const value = argument(call, 0, 'real');
  const start = () => ({ total: 0, n: 0 });
  return folding(
    start,
    (s, row) => {
      const v = test(row) === true ? (value(row) as number | null) : null;
      if (v !== null) {
        s.total += v;
        s.n += 1;
      }
      return s;
    },
    (s) => (s.n === 0 ? NaN : s.total / s.n),
  );
}

function extreme(call: AggregateCall, sign: 1 | -1, test: Evaluate) {
  const value = argument(call, 0, call.type);
  const compare = comparerFor(call.type);
  const isText = call.type === 'string';
  return folding<unknown>(
    () => null,
    (best, row) => {
      const v = test(row) === true ? value(row) : null;
      // Whether an empty text is the least or none is documented nowhere.
      if (isText && v === '' && sign < 0) throw unsupported('min() over an empty text', call.position);
      if (v === null) return best;
      return best === null || compare(v, best) * sign > 0 ? v : best;
    },
    (best) => (best === null && isText ? '' : best),
  );
}

/** Sample (n-1) or population (n) variance, or its root; 0 for fewer values, as documented for empty input. */
function moment(call: AggregateCall, bias: 0 | 1, root: boolean, test: Evaluate) {
  const value = argument(call, 0, 'real');
  return folding(
    () => ({ n: 0, mean: 0, m2: 0 }),
    (s, row) => {
      const v = test(row) === true ? (value(row) as number | null) : null;
      if (v === null) return s;
      s.n += 1;
      const delta = v - s.mean;
      s.mean += delta / s.n;
      s.m2 += delta * (v - s.mean);
      return s;
    },
    (s) => {
      const variance = s.n <= bias ? 0 : s.m2 / (s.n - bias);
      return root ? Math.sqrt(variance) : variance;
    },
  );
}

function bitwise(call: AggregateCall, apply: (a: bigint, b: bigint) => bigint, start: bigint) {
  const value = argument(call, 0, 'long');
  return folding<bigint | null>(
    () => null,
    (state, row) => {
      const v = value(row) as Long | null;
      return v === null ? state : apply(state ?? start, BigInt(v));
    },
    (state) =>
      state === null
        ? null
        : converter('dynamic', 'long')(state >= -9007199254740991n && state <= 9007199254740991n ? Number(state) : state),
  );
}

function fail(construct: string): never {
  throw unsupported(construct);
}

/** bin, floor, bin_at, bin_auto: rounding down to a multiple. */
import { unsupported } from '../kql-error.ts';
import { type Long, normal } from '../long.ts';
import { type Expr } from '../scope.ts';
import { floorTo } from '../ticks.ts';
import type { KqlType } from '../types.ts';
import { type Builtins, type Call, made } from './define.ts';
import { converter } from '../convert.ts';

export const BINS: Builtins = {
  bin: made(bin),
  floor: made(bin),
  bin_at: made((call) => binning(call, call.args[0], call.args[1], call.args[2])),
  bin_auto: made((call) => {
    const { options } = call.scope.run;
    const size = options.get('query_bin_auto_size');
    if (!size) throw unsupported('bin_auto() without query_bin_auto_size', call.position);
    return binning(call, call.args[0], size, options.get('query_bin_auto_at'));
  }),
};

function bin(call: Call): (row: unknown) => unknown {
  return binning(call, call.args[0], call.args[1] ?? { type: 'long', constant: true, evaluate: () => 1 }, undefined);
}

function binning(call: Call, value: Expr | undefined, size: Expr | undefined, at: Expr | undefined): (row: unknown) => unknown {
  if (!value || !size) throw unsupported(`${call.name}() with ${call.args.length} arguments`, call.position);
  const { type } = value;
  const read = as(value, call.type === 'real' ? 'real' : type);
  if (type === 'datetime' || type === 'timespan') {
    if (size.type !== 'timespan') throw unsupported(`${call.name}() of ${type} by ${size.type}`, call.position);
    const origin = at ? as(at, type) : () => 0n;
    return (row) => {
      const v = read(row) as bigint | null;
      const s = size.evaluate(row) as bigint | null;
      const o = origin(row) as bigint | null;
      return v === null || s === null || o === null || s <= 0n ? null : floorTo(v - o, s) + o;
    };
  }
  if (call.type === 'real') {
    const step = as(size, 'real');
    const origin = at ? as(at, 'real') : () => 0;
    return (row) => {
      const [v, s, o] = [read(row), step(row), origin(row)] as (number | null)[];
      return v == null || s == null || o == null || s <= 0 ? null : Math.floor((v - o) / s) * s + o;
    };
  }
  if (type !== 'long' && type !== 'int') throw unsupported(`${call.name}() of ${type}`, call.position);
  const step = as(size, 'long');
  const origin = at ? as(at, 'long') : () => 0;
  return (row) => {
    const [v, s, o] = [read(row), step(row), origin(row)] as (Long | null)[];
    if (v == null || s == null || o == null || s <= 0) return null;
    if (typeof v === 'number' && typeof s === 'number' && typeof o === 'number') return Math.floor((v - o) / s) * s + o + 0;
    return normal(floorTo(BigInt(v) - BigInt(o), BigInt(s)) + BigInt(o));
  };
}

function as(expr: Expr, type: KqlType): (row: unknown) => unknown {
  const convert = converter(expr.type, type);
  const { evaluate } = expr;
  return expr.type === type ? evaluate : (row) => convert(evaluate(row));
}

/** Mathematical and bitwise functions. */
import { int32 } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import { type Long, normal } from '../long.ts';
import { type Builtin, type Builtins, made, readersOf, strict } from './define.ts';

const real = (apply: (...values: number[]) => number | null): Builtin => strict(['real'], apply);
const bits = (apply: (a: bigint, b: bigint) => bigint): Builtin =>
  strict(['long'], (a: Long, b: Long) => normal(apply(BigInt(a), BigInt(b))));
/** Works on long, int and real alike, keeping the type. */
const kept = (onReal: (value: number) => number, onBig: (value: bigint) => bigint): Builtin =>
  strict(['same'], (value: Long) => (typeof value === 'bigint' ? normal(onBig(value)) : onReal(value)));

export const NUMBERS: Builtins = {
  abs: made((call) => {
    const [read] = readersOf(call, ['same']);
    if (!read) throw unsupported('abs()', call.position);
    return (row) => {
      const value = read(row) as Long | null;
      if (value === null) return null;
      if (typeof value === 'number') return Math.abs(value);
      return call.type === 'timespan' ? (value < 0n ? -value : value) : normal(value < 0n ? -value : value);
    };
  }),
  sign: real(Math.sign),
  ceiling: kept(
    (v) => Math.ceil(v) + 0,
    (v) => v,
  ),
  round: made((call) => {
    const [value, precision] = readersOf(call, ['real', 'long']);
    if (!value) throw unsupported('round()', call.position);
    return (row) => {
      const v = value(row) as number | null;
      const p = precision ? (precision(row) as number | null) : 0;
      const rounded = v === null || p === null ? null : round(v, p);
      return call.type === 'real' || rounded === null ? rounded : (int32(Math.trunc(rounded)) ?? Math.trunc(rounded));
    };
  }),
  pow: real(Math.pow),
  sqrt: real(Math.sqrt),
  exp: real(Math.exp),
  exp2: real((v) => 2 ** v),
  exp10: real((v) => 10 ** v),
  log: real(Math.log),
  log2: real(Math.log2),
  log10: real(Math.log10),
  pi: strict([], () => Math.PI),
  sin: real(Math.sin),
  cos: real(Math.cos),
  tan: real(Math.tan),
  asin: real(Math.asin),
  acos: real(Math.acos),
  atan: real(Math.atan),
  atan2: real(Math.atan2),
  cot: real((v) => 1 / Math.tan(v)),
  degrees: real((v) => (v * 180) / Math.PI),
  radians: real((v) => (v * Math.PI) / 180),
  isnan: strict(['real'], Number.isNaN),
  isinf: strict(['real'], (v: number) => v === Infinity || v === -Infinity),
  isfinite: strict(['real'], Number.isFinite),
  binary_and: bits((a, b) => a & b),
  binary_or: bits((a, b) => a | b),
  binary_xor: bits((a, b) => a ^ b),
  binary_not: strict(['long'], (a: Long) => normal(~BigInt(a))),
  binary_shift_left: bits((a, b) => a << (b & 63n)),
  binary_shift_right: bits((a, b) => a >> (b & 63n)),
  bitset_count_ones: strict(['long'], (a: Long) => BigInt.asUintN(64, BigInt(a)).toString(2).replaceAll('0', '').length),
};

/** A tie goes which way is not documented, so a tie is refused. */
function round(value: number, precision: number): number {
  if (!Number.isFinite(value)) return value;
  // The double is what is rounded: round(1.005, 2) is 1.0, for 1.005 is a little less.
  const scaled = value * 10 ** precision;
  if (Number.isNaN(scaled)) throw unsupported(`round() of ${value}`);
  if (Math.abs(scaled % 1) === 0.5) {
    // .NET's Math.Round goes to even, C++ away from zero; when both agree there is nothing to guess.
    const away = Math.sign(scaled) * Math.ceil(Math.abs(scaled));
    if (away % 2 !== 0) throw unsupported(`round() of the tie ${value}`);
    return away / 10 ** precision;
  }
  return Math.round(scaled) / 10 ** precision;
}

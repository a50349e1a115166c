/** series_* functions that are plain arithmetic. Fits, forecasts and anomalies are refused. */
import { kindOf, unbox, box } from '../dynamic.ts';
import { unsupported } from '../kql-error.ts';
import { type Builtin, type Builtins, lenient } from './define.ts';

type Items = readonly unknown[];
const number = (item: unknown): number | null => (kindOf(item) === 'long' || kindOf(item) === 'real' ? Number(unbox(item)) : null);
const isLong = (item: unknown): boolean => kindOf(item) === 'long';

const each = (apply: (value: number) => number, keepsLong = false): Builtin =>
  lenient(['dynamic'], (series: unknown) =>
    Array.isArray(series)
      ? series.map((item) => {
          const value = number(item);
          return value === null ? null : keepsLong && isLong(item) ? apply(value) : box(apply(value), 'real');
        })
      : null,
  );

/** Element by element; where one side has no number, null. */
const pairs = (apply: (a: number, b: number) => number | boolean, keepsLong = false): Builtin =>
  lenient(['dynamic', 'dynamic'], (left: unknown, right: unknown) => {
    const [a, b] = [left, right];
    const length = Array.isArray(a) ? (Array.isArray(b) ? Math.max(a.length, b.length) : a.length) : Array.isArray(b) ? b.length : -1;
    if (length < 0) return null;
    const at = (side: unknown, i: number): unknown => (Array.isArray(side) ? (side[i] ?? null) : side);
    return Array.from({ length }, (_, i) => {
      const [x, y] = [number(at(a, i)), number(at(b, i))];
      if (x === null || y === null) return null;
      const value = apply(x, y);
      return typeof value === 'boolean' || (keepsLong && isLong(at(a, i)) && isLong(at(b, i))) ? value : box(value, 'real');
    });
  });

export const SERIES: Builtins = {
  series_abs: each(Math.abs, true),
  series_sign: each(Math.sign, true),
  series_exp: each(Math.exp),
  series_log: each(Math.log),
  series_floor: each(Math.floor),
  series_ceiling: each(Math.ceil),
  series_sin: each(Math.sin),
  series_cos: each(Math.cos),
  series_tan: each(Math.tan),
  series_asin: each(Math.asin),
  series_acos: each(Math.acos),
  series_atan: each(Math.atan),
  series_add: pairs((a, b) => a + b, true),
  series_subtract: pairs((a, b) => a - b, true),
  series_multiply: pairs((a, b) => a * b, true),
  series_divide: pairs((a, b) => a / b),
  series_pow: pairs(Math.pow),
  series_equals: pairs((a, b) => a === b),
  series_not_equals: pairs((a, b) => a !== b),
  series_greater: pairs((a, b) => a > b),
  series_greater_equals: pairs((a, b) => a >= b),
  series_less: pairs((a, b) => a < b),
  series_less_equals: pairs((a, b) => a <= b),
  series_sum: lenient(['dynamic'], (series: unknown) => total(series, 0, (a, b) => a + b)),
  series_product: lenient(['dynamic'], (series: unknown) => total(series, 1, (a, b) => a * b)),
  series_magnitude: lenient(['dynamic'], (series: unknown) => {
    const squares = total(series, 0, (a, b) => a + b * b);
    return squares === null ? null : Math.sqrt(squares);
  }),
  series_dot_product: lenient(['dynamic', 'dynamic'], (a: unknown, b: unknown) => dot(a, b)),
  series_cosine_similarity: lenient(['dynamic', 'dynamic'], (a: unknown, b: unknown) => {
    const product = dot(a, b);
    const size = Math.sqrt((dot(a, a) ?? NaN) * (dot(b, b) ?? NaN));
    return product === null ? null : product / size;
  }),
  series_fill_const: lenient(['dynamic', 'dynamic', 'dynamic'], (series: unknown, constant: unknown, missing: unknown = null) =>
    Array.isArray(series) ? series.map((item) => (isMissing(item, missing) ? constant : item)) : null,
  ),
  series_fill_forward: lenient(['dynamic', 'dynamic'], (series: unknown, missing: unknown = null) =>
    Array.isArray(series) ? filled(series, missing) : null,
  ),
  series_fill_backward: lenient(['dynamic', 'dynamic'], (series: unknown, missing: unknown = null) =>
    Array.isArray(series) ? filled([...series].reverse(), missing).reverse() : null,
  ),
};

function numbers(series: unknown): number[] | null {
  if (!Array.isArray(series)) return null;
  const found = series.map(number);
  if (found.includes(null)) throw unsupported('a series function over values that are no numbers');
  return found as number[];
}

function total(series: unknown, start: number, step: (a: number, b: number) => number): number | null {
  return numbers(series)?.reduce(step, start) ?? null;
}

function dot(a: unknown, b: unknown): number | null {
  const [x, y] = [numbers(a), numbers(b)];
  if (!x || !y) return null;
  if (x.length !== y.length) throw unsupported('a product of series of different lengths');
  return x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
}

function isMissing(item: unknown, missing: unknown): boolean {
  return item === null || item === undefined ? missing === null : missing !== null && unbox(item) === unbox(missing);
}

function filled(series: Items, missing: unknown): unknown[] {
  let last: unknown = missing;
  return series.map((item) => (isMissing(item, missing) ? last : (last = item)));
}

/** Functions over dynamic arrays and sets. */
import { compareDynamic } from '../order.ts';
import { box, dynamicKey, kindOf, unbox } from '../dynamic.ts';
import { unsupported } from '../kql-error.ts';
import { type Long, addLong } from '../long.ts';
import { type Builtins, type Call, lenient, made, readersOf, special, strict } from './define.ts';
import { hasTerm } from '../term.ts';
import { fromDynamic } from '../convert.ts';

type Items = readonly unknown[];

const onArray =
  (apply: (items: Items, ...rest: never[]) => unknown) =>
  (value: unknown, ...rest: unknown[]) =>
    Array.isArray(value) ? (apply as (items: Items, ...rest: unknown[]) => unknown)(value as Items, ...rest) : null;

export const ARRAYS: Builtins = {
  pack_array: made((call) => {
    const items = call.args.map(
      ({ evaluate, type }) =>
        (row: unknown) =>
          box(evaluate(row), type),
    );
    return (row) => items.map((item) => item(row));
  }),
  array_length: lenient(
    ['dynamic'],
    onArray((items) => items.length),
  ),
  arraylength: lenient(
    ['dynamic'],
    onArray((items) => items.length),
  ),
  array_concat: lenient(['dynamic'], (...arrays: unknown[]) => {
    const found = arrays.filter((value): value is unknown[] => Array.isArray(value));
    return found.length === 0 ? null : found.flat(1);
  }),
  array_slice: lenient(
    ['dynamic', 'long', 'long'],
    onArray((items, from: number, to: number) => {
      const start = from < 0 ? Math.max(0, items.length + from) : from;
      const end = to < 0 ? items.length + to : to;
      return items.slice(start, end + 1);
    }),
  ),
  array_split: lenient(['dynamic', 'any'], onArray(arraySplit)),
  array_reverse: lenient(
    ['dynamic'],
    onArray((items) => [...items].reverse()),
  ),
  array_sum: lenient(['dynamic'], onArray(arraySum)),
  array_index_of: lenient(['dynamic', 'dynamic', 'long', 'long', 'long'], onArray(indexOf)),
  array_rotate_left: lenient(
    ['dynamic', 'long'],
    onArray((items, by: number) => rotate(items, by)),
  ),
  array_rotate_right: lenient(
    ['dynamic', 'long'],
    onArray((items, by: number) => rotate(items, -by)),
  ),
  array_shift_left: lenient(
    ['dynamic', 'long', 'dynamic'],
    onArray((items, by: number, fill: unknown = gap(items)) => shift(items, by, fill)),
  ),
  array_shift_right: lenient(
    ['dynamic', 'long', 'dynamic'],
    onArray((items, by: number, fill: unknown = gap(items)) => shift(items, -by, fill)),
  ),
  array_iff: made(arrayIff),
  array_iif: made(arrayIff),
  array_sort_asc: made((call) => arraySort(call, 1)),
  array_sort_desc: made((call) => arraySort(call, -1)),
  range: special((call) => {
    const args = call.nodes.map(call.compile);
    return {
      type: 'dynamic',
      constant: args.every((arg) => arg.constant),
      evaluate: (row) =>
        rangeArray(
          args.map((arg) => box(arg.evaluate(row), arg.type)),
          call,
        ),
    };
  }),
  repeat: made((call) => {
    const [value, count] = call.args;
    if (!value || !count) throw unsupported('repeat()', call.position);
    return (row) => {
      const times = count.evaluate(row) as number | null;
      return times === null || times < 0 ? null : Array.from({ length: times }, () => box(value.evaluate(row), value.type));
    };
  }),
  zip: lenient(['dynamic'], (...arrays: unknown[]) => {
    const lists = arrays.map((value) => (Array.isArray(value) ? (value as unknown[]) : []));
    return Array.from({ length: Math.max(...lists.map((list) => list.length)) }, (_, i) => lists.map((list) => list[i] ?? null));
  }),
  set_union: lenient(['dynamic'], (...sets: unknown[]) => unique(arrays(sets).flat(1))),
  set_intersect: lenient(['dynamic'], (...sets: unknown[]) => {
    const [first = [], ...others] = arrays(sets);
    const keys = others.map((other) => new Set(other.map(dynamicKey)));
    return unique(first).filter((item) => keys.every((key) => key.has(dynamicKey(item))));
  }),
  set_difference: lenient(['dynamic'], (...sets: unknown[]) => {
    const [first = [], ...others] = arrays(sets);
    const keys = new Set(others.flat(1).map(dynamicKey));
    return unique(first).filter((item) => !keys.has(dynamicKey(item)));
  }),
  set_has_element: lenient(
    ['dynamic', 'any'],
    onArray((items, value: unknown) => items.some((item) => dynamicKey(item) === dynamicKey(value))),
  ),
  set_equals: lenient(['dynamic', 'dynamic'], (a: unknown, b: unknown) => {
    if (!Array.isArray(a) || !Array.isArray(b)) return null;
    const [x, y] = [new Set(a.map(dynamicKey)), new Set(b.map(dynamicKey))];
    return x.size === y.size && [...x].every((key) => y.has(key));
  }),
  jaccard_index: lenient(['dynamic', 'dynamic'], (a: unknown, b: unknown) => {
    if (!Array.isArray(a) || !Array.isArray(b)) return null;
    const [x, y] = [new Set(a.map(dynamicKey)), new Set(b.map(dynamicKey))];
    const union = new Set([...x, ...y]).size;
    return union === 0 ? NaN : [...x].filter((key) => y.has(key)).length / union;
  }),
  has_any_index: strict(['string', 'dynamic'], (text: string, lookups: unknown) => {
    if (!Array.isArray(lookups)) throw unsupported('has_any_index() without an array');
    const lower = text.toLowerCase();
    return lookups.findIndex((lookup) => hasTerm(lower, (fromDynamic(lookup, 'string') as string).toLowerCase()));
  }),
};

function arrays(values: readonly unknown[]): unknown[][] {
  if (!values.every((value) => Array.isArray(value))) throw unsupported('a set function over a value that is no array');
  return values as unknown[][];
}

function unique(items: Items): unknown[] {
  const seen = new Map<string, unknown>();
  for (const item of items) {
    const key = dynamicKey(item);
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
}

function arraySplit(items: Items, at: unknown): unknown[] {
  const borders = (Array.isArray(at) ? (at as number[]) : [at as number]).map((index) =>
    index < 0 ? Math.max(0, items.length + index) : index,
  );
  const starts = [0, ...borders];
  return starts.map((from, i) => items.slice(from, starts[i + 1]));
}

function arraySum(items: Items): unknown {
  const numbers = items.map((item) => (kindOf(item) === 'long' || kindOf(item) === 'real' ? unbox(item) : null));
  if (numbers.includes(null)) return null;
  return items.every((item) => kindOf(item) === 'long')
    ? numbers.reduce((sum, n) => addLong(sum as Long, n as Long), 0)
    : numbers.reduce((sum: number, n) => sum + Number(n), 0);
}

function indexOf(items: Items, value: unknown, start = 0, length = -1, occurrence = 1): number | null {
  const from = start < 0 ? Math.max(0, items.length + start) : start;
  const end = length < 0 ? items.length : Math.min(items.length, from + length);
  if (length < -1 || occurrence < 1) return null;
  const key = dynamicKey(value);
  let seen = 0;
  for (let i = from; i < end; i++) if (dynamicKey(items[i]) === key && ++seen === occurrence) return i;
  return -1;
}

function rotate(items: Items, by: number): unknown[] {
  const at = items.length === 0 ? 0 : ((by % items.length) + items.length) % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

/** Null, or an empty text, "depending on the array type": which type that is in doubt for texts. */
function gap(items: Items): null {
  if (items.some((item) => typeof item === 'string')) throw unsupported('array_shift of texts without a default');
  return null;
}

function shift(items: Items, by: number, fill: unknown): unknown[] {
  return items.map((_, i) => (i + by >= 0 && i + by < items.length ? items[i + by] : fill));
}

/** A value that is no array stands for every element. */
function arrayIff(call: Call): (row: unknown) => unknown {
  const [test, yes, no] = readersOf(call, ['dynamic']);
  if (!test || !yes || !no) throw unsupported('array_iff()', call.position);
  const pick = (value: unknown, i: number): unknown => (Array.isArray(value) ? ((value[i] as unknown) ?? null) : value);
  return (row) => {
    const tests = test(row);
    if (!Array.isArray(tests)) return null;
    const [a, b] = [yes(row), no(row)];
    return tests.map((t, i) => {
      const condition = fromDynamic(t, 'bool');
      return condition === null ? null : pick(condition === true ? a : b, i);
    });
  };
}

/** Sorts the first array and moves the others along. Nulls go last unless the last argument says false. */
function arraySort(call: Call, sign: 1 | -1): (row: unknown) => unknown {
  const flag = call.args.at(-1);
  const nullsLast = call.args.length > 1 && flag?.type === 'bool' ? flag.evaluate(undefined) === true : true;
  const readers = readersOf({ ...call, args: call.args.filter((arg) => arg.type !== 'bool') }, ['dynamic']);
  return (row) => {
    const lists = readers.map((read) => read(row));
    const [first] = lists;
    if (!Array.isArray(first)) return null;
    if (lists.some((list) => !Array.isArray(list) || list.length !== first.length))
      throw unsupported(`${call.name}() over arrays of different lengths`, call.position);
    const order = first
      .map((_, i) => i)
      .sort((i, j) => {
        const [a, b] = [first[i] as unknown, first[j] as unknown];
        if (a === null || b === null) return a === b ? i - j : (a === null) === nullsLast ? 1 : -1;
        return compareDynamic(a, b) * sign || i - j;
      });
    const sorted = (lists as unknown[][]).map((list) => order.map((i) => list[i]));
    // Two or more results are a tuple in Kusto, which shows as an array when indexed.
    return sorted.length === 1 ? sorted[0] : sorted;
  };
}

function rangeArray(bounds: unknown[], call: Call): unknown[] | null {
  const kinds = bounds.map(kindOf);
  if (kinds.includes('null')) return null;
  const [from, to, step = 1] = bounds.map(unbox) as [unknown, unknown, unknown];
  const kind = kinds[0];
  if (kind !== 'long' && kind !== 'datetime' && kind !== 'timespan') throw unsupported(`range() of ${kind}`, call.position);
  if (kind === 'long' && !kinds.every((k) => k === 'long')) throw unsupported('range() of mixed numbers', call.position);
  const increment = (bounds.length === 2 && kind !== 'long' ? 36_000_000_000n : step) as number;
  const zero = typeof increment === 'bigint' ? 0n : 0;
  if (increment === zero) return null;
  const items: unknown[] = [];
  const up = increment > (zero as number);
  for (let value = from as number; up ? value <= (to as number) : value >= (to as number); value = value + increment) {
    items.push(kind === 'long' ? value : box(value, kind));
    if (items.length >= 1_048_576) break; // https://learn.microsoft.com/kusto/query/range-function: the longest array it makes
  }
  return items;
}

/** Aggregates that collect: lists, sets, bags, percentiles. */
import { type Aggregate, type AggregateCall, folding } from './aggregate-state.ts';
import { converter } from './convert.ts';
import { box, dynamicKey, isBag, type Bag } from './dynamic.ts';
import { unsupported } from './kql-error.ts';
import { compareValues } from './order.ts';
import type { Evaluate, KqlType } from './types.ts';

/** https://learn.microsoft.com/kusto/query/make-list-aggregation-function: the default maxSize. */
const LIST_MAX = 1_048_576;

const always: Evaluate = () => true;

export const COLLECTING: Readonly<Record<string, Aggregate>> = {
  make_list: (call) => list(call, always, limit(call, 1), false),
  makelist: (call) => list(call, always, Math.min(limit(call, 1), call.args.length > 1 ? LIST_MAX : 128), false),
  make_list_if: (call) => list(call, read(call, 1), limit(call, 2), false),
  make_list_with_nulls: (call) => list(call, always, LIST_MAX, true),
  make_set: (call) => set(call, always, limit(call, 1)),
  make_set_if: (call) => set(call, read(call, 1), limit(call, 2)),
  make_bag: (call) => bag(call, always),
  make_bag_if: (call) => bag(call, read(call, 1)),
  percentile: (call) => percentiles(call, [rank(call, 1)], false),
  percentiles: (call) =>
    percentiles(
      call,
      call.args.slice(1).map((_, i) => rank(call, i + 1)),
      true,
    ),
  percentiles_array: (call) => {
    const ranks = call.args
      .slice(1)
      .flatMap((arg, i) => (arg.type === 'dynamic' ? (arg.evaluate(undefined) as number[]) : [rank(call, i + 1)]));
    const inner = percentiles(call, ranks, true);
    return () => {
      const state = inner();
      return { add: (row) => state.add(row), result: () => (state.result() as unknown[]).map((v) => box(v, type(call))) };
    };
  },
};

function type(call: AggregateCall): KqlType {
  return call.args[0]?.type ?? 'dynamic';
}

function read(call: AggregateCall, index: number): Evaluate {
  const arg = call.args[index];
  if (!arg) throw unsupported(`${call.name}() with ${call.args.length} arguments`, call.position);
  return arg.evaluate;
}

function limit(call: AggregateCall, index: number): number {
  const arg = call.args[index];
  if (!arg) return LIST_MAX;
  if (!arg.constant) throw unsupported(`${call.name}() whose size is not constant`, call.position);
  return Number(arg.evaluate(undefined));
}

function list(call: AggregateCall, test: Evaluate, max: number, nulls: boolean) {
  const value = read(call, 0);
  const boxed = type(call);
  return folding<unknown[]>(
    () => [],
    (items, row) => {
      if (items.length >= max || test(row) !== true) return items;
      const v = value(row);
      // Measured on the Kusto emulator: arrays are spread, and a null of type dynamic stays in the list.
      if (boxed === 'dynamic') items.push(...(Array.isArray(v) ? (v as unknown[]) : [v]));
      else if (v !== null || nulls) items.push(box(v, boxed));
      return items;
    },
    (items) => items,
  );
}

function set(call: AggregateCall, test: Evaluate, max: number) {
  const value = read(call, 0);
  const boxed = type(call);
  const key: (v: unknown) => unknown = boxed === 'dynamic' ? dynamicKey : (v) => v;
  return folding<Map<unknown, unknown>>(
    () => new Map(),
    (seen, row) => {
      if (seen.size >= max || test(row) !== true) return seen;
      const v = value(row);
      // An array of dynamics is a set of the arrays' elements: documented for make_set of dynamic.
      const members = boxed === 'dynamic' && Array.isArray(v) ? (v as unknown[]) : [v];
      for (const member of members) {
        if (member === null || seen.size >= max) continue;
        const k = key(member);
        if (!seen.has(k)) seen.set(k, box(member, boxed));
      }
      return seen;
    },
    (seen) => [...seen.values()],
  );
}

function bag(call: AggregateCall, test: Evaluate) {
  const value = read(call, 0);
  return folding<Bag>(
    () => ({}),
    (merged, row) => {
      const v = test(row) === true ? value(row) : null;
      if (!isBag(v)) return merged;
      for (const key of Object.keys(v)) {
        // Documented as arbitrary; the Kusto emulator keeps the first.
        if (!Object.hasOwn(merged, key)) merged[key] = v[key];
      }
      return merged;
    },
    (merged) => merged,
  );
}

function rank(call: AggregateCall, index: number): number {
  const arg = call.args[index];
  if (!arg?.constant) throw unsupported(`${call.name}() whose percentile is not constant`, call.position);
  return Number(converter(arg.type, 'real')(arg.evaluate(undefined)));
}

/** Nearest rank, the smallest value with at least p percent of the values at or below it. */
function percentiles(call: AggregateCall, ranks: readonly number[], several: boolean) {
  const value = read(call, 0);
  return folding<unknown[]>(
    () => [],
    (items, row) => {
      const v = value(row);
      if (v !== null) items.push(v);
      return items;
    },
    (items) => {
      items.sort(compareValues);
      const found = ranks.map((p) => (items.length === 0 ? null : items[Math.max(0, Math.ceil((p / 100) * items.length) - 1)]));
      return several ? found : found[0];
    },
  );
}

/** Aggregates that pick a row: arg_max, arg_min, take_any. */
import type { Accumulator, Aggregate, AggregateCall } from './aggregate-state.ts';
import { unsupported } from './kql-error.ts';
import { comparerFor } from './order.ts';
import type { Evaluate } from './types.ts';

export const PICKING: Readonly<Record<string, Aggregate>> = {
  arg_max: (call) => argExtreme(call, 1),
  arg_min: (call) => argExtreme(call, -1),
  take_any: takeAny,
  any: takeAny,
  take_anyif: takeAnyIf,
  anyif: takeAnyIf,
};

/** Of rows that tie, the first: Kusto picks any. */
function argExtreme(call: AggregateCall, sign: 1 | -1): () => Accumulator {
  const by = call.args[0];
  if (!by) throw unsupported(`${call.name}() without arguments`, call.position);
  const readers = returned(call, 1);
  const compare = comparerFor(by.type);
  const { evaluate } = by;
  return () => {
    let best: unknown = null;
    let values: unknown[] | undefined;
    return {
      add(row) {
        const value = evaluate(row);
        if (values !== undefined && (value === null || (best !== null && compare(value, best) * sign <= 0))) return;
        best = value;
        values = readers.map((read) => read(row));
      },
      result() {
        if (!call.columns) return best;
        return values === undefined ? emptyOf(call) : [best, ...values];
      },
    };
  };
}

function returned(call: AggregateCall, skip: number): Evaluate[] {
  if (!call.columns) return [];
  if (!call.hasStar) return call.args.slice(skip).map((arg) => arg.evaluate);
  return call.columns.slice(skip).map((column) => call.column(column.name));
}

/** The first non-null value: Kusto's choice is free, and prefers a value to none. */
function takeAny(call: AggregateCall): () => Accumulator {
  if (call.columns) {
    const readers = returned(call, 0);
    return () => {
      let values: unknown[] | undefined;
      return { add: (row) => void (values ??= readers.map((read) => read(row))), result: () => values ?? emptyOf(call) };
    };
  }
  return first(call, () => true);
}

function takeAnyIf(call: AggregateCall): () => Accumulator {
  const test = call.args[1];
  if (!test || call.columns) throw unsupported(`this form of ${call.name}()`, call.position);
  return first(call, test.evaluate);
}

function first(call: AggregateCall, test: Evaluate): () => Accumulator {
  const value = call.args[0]?.evaluate;
  if (!value) throw unsupported(`${call.name}() without arguments`, call.position);
  const none = call.type === 'string' ? '' : null;
  return () => {
    let found: unknown = none;
    return {
      add(row) {
        if (found === none && test(row) === true) found = value(row);
      },
      result: () => found,
    };
  };
}

function emptyOf(call: AggregateCall): unknown[] {
  return (call.columns ?? []).map((column) => (column.type === 'string' ? '' : null));
}

/** Conversions, null tests, and the functions that choose between values. */
import { converter, fromDynamic, guidFromText } from '../convert.ts';
import { box, kindOf, parseJson } from '../dynamic.ts';
import { unsupported } from '../kql-error.ts';
import { comparerFor } from '../order.ts';
import type { KqlType } from '../types.ts';
import { type Builtin, type Builtins, type Call, lenient, made, readersOf, strict } from './define.ts';

const to = (type: KqlType): Builtin => lenient([type], (value: unknown) => value);

export const CONVERSION: Builtins = {
  tostring: lenient(['string'], (value: string) => value),
  tolong: to('long'),
  toint: to('int'),
  toreal: to('real'),
  todouble: to('real'),
  tobool: to('bool'),
  toboolean: to('bool'),
  todatetime: to('datetime'),
  totimespan: to('timespan'),
  totime: to('timespan'),
  toguid: lenient(['any'], (value: unknown) => (value === null ? null : guidFromText(fromDynamic(value, 'string') as string))),
  todynamic: made(dynamicMaker),
  toobject: made(dynamicMaker),
  parse_json: made(dynamicMaker),
  parsejson: made(dynamicMaker),
  dynamic_to_json: lenient(['dynamic'], (value: unknown) => fromDynamic(value, 'string')),
  tohex: strict(['long', 'long'], (value: number | bigint, width = 0) =>
    BigInt.asUintN(64, BigInt(value)).toString(16).padStart(width, '0'),
  ),
  gettype: made((call) => {
    const [arg] = call.args;
    if (!arg) throw unsupported('gettype()', call.position);
    if (arg.type !== 'dynamic') return () => arg.type;
    return (row) => {
      const kind = kindOf(arg.evaluate(row));
      if (kind === 'real') throw unsupported('gettype() of a real inside a dynamic', call.position);
      return kind === 'bag' ? 'dictionary' : kind;
    };
  }),
  isnull: lenient(['any'], (value: unknown) => value === null),
  isnotnull: lenient(['any'], (value: unknown) => value !== null),
  notnull: lenient(['any'], (value: unknown) => value !== null),
  not: strict(['bool'], (value: boolean) => !value),
  iff: made(choose),
  iif: made(choose),
  case: made(choose),
  coalesce: made((call) => {
    const readers = readersOf(call, ['same']);
    return (row) => {
      let value: unknown = null;
      for (const read of readers) {
        value = read(row);
        if (value !== null && value !== '') return value;
      }
      return value;
    };
  }),
  max_of: made((call) => extreme(call, 1)),
  min_of: made((call) => extreme(call, -1)),
  assert: strict(['bool', 'string'], (condition: boolean, message: string) => {
    if (!condition) throw unsupported(`a failed assert: ${message}`);
    return true;
  }),
};

/** A text that is no JSON becomes a dynamic string, as parse_json() documents. */
function dynamicMaker(call: Call): (row: unknown) => unknown {
  const [arg] = call.args;
  if (!arg) throw unsupported(`${call.name}()`, call.position);
  const { evaluate, type } = arg;
  if (type === 'dynamic') {
    return (row) => {
      const value = evaluate(row);
      return typeof value === 'string' ? fromText(value) : value;
    };
  }
  if (type !== 'string') return (row) => box(evaluate(row), type);
  return (row) => fromText(evaluate(row) as string);
}

function fromText(text: string): unknown {
  if (text === '') return null;
  const value = parseJson(text);
  return value === undefined ? text : value;
}

/** iff(test, then, else) and case(test, then, …, else). A null test is not true. */
function choose(call: Call): (row: unknown) => unknown {
  const readers = call.args.map((arg, i) => converter(arg.type, i % 2 === 0 && i < call.args.length - 1 ? 'bool' : call.type));
  const values = call.args.map((arg) => arg.evaluate);
  const last = values.length - 1;
  if (last % 2 !== 0) throw unsupported(`${call.name}() with ${values.length} arguments`, call.position);
  const read = (index: number, row: unknown): unknown => readers[index]?.(values[index]?.(row));
  return (row) => {
    for (let i = 0; i < last; i += 2) if (read(i, row) === true) return read(i + 1, row);
    return read(last, row);
  };
}

/** Nulls are passed over. */
function extreme(call: Call, sign: 1 | -1): (row: unknown) => unknown {
  const readers = readersOf(call, ['same']);
  const compare = comparerFor(call.type);
  return (row) => {
    let best: unknown = null;
    for (const read of readers) {
      const value = read(row);
      if (value !== null && (best === null || compare(value, best) * sign > 0)) best = value;
    }
    return best;
  };
}

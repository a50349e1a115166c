/** + - * / % on numbers, datetimes and timespans. Null in, null out. */
import { converter, int32 } from './convert.ts';
import { unsupported } from './kql-error.ts';
import { type Long, addLong, divideLong, longFromReal, moduloLong, multiplyLong, normal, subtractLong } from './long.ts';
import type { Expr } from './scope.ts';
import { checkDatetime, modulo } from './ticks.ts';
import type { Evaluate, KqlType } from './types.ts';

type Operation = (a: never, b: never) => unknown;

export function negate(expr: Expr, position: number): Evaluate {
  const { evaluate, type } = expr;
  const flip: Record<string, (value: never) => unknown> = {
    long: (v: Long) => subtractLong(0, v),
    int: (v: number) => 0 - v,
    real: (v: number) => -v,
    timespan: (v: bigint) => -v,
  };
  const operation = flip[type] as ((value: unknown) => unknown) | undefined;
  if (!operation) throw unsupported(`minus ${type}`, position);
  return (row) => {
    const value = evaluate(row);
    return value === null ? null : operation(value);
  };
}

export function arithmetic(kind: string, left: Expr, right: Expr, type: KqlType, position: number): Evaluate {
  const name = kind.replace('Expression', '');
  const [a, b, operation] = choose(name, left, right, type, position);
  return (row) => {
    const x = a(row);
    if (x === null) return null;
    const y = b(row);
    return y === null ? null : operation(x as never, y as never);
  };
}

function choose(name: string, left: Expr, right: Expr, type: KqlType, position: number): [Evaluate, Evaluate, Operation] {
  const numeric = new Set<KqlType>(['long', 'int', 'real']);
  if (numeric.has(type) && numeric.has(left.type) && numeric.has(right.type)) {
    const operation = type === 'real' ? REAL[name] : LONG[name];
    if (operation) return [as(left, type), as(right, type), type === 'int' ? wrapInt(operation) : operation];
  }
  const operation = TIME[`${left.type} ${name} ${right.type}`];
  if (!operation) throw unsupported(`${name} of ${left.type} and ${right.type}`, position);
  return [left.evaluate, right.evaluate, operation];
}

/** Kusto widens to long before it overflows; which ints it keeps narrow is the analyser's word. */
function wrapInt(operation: Operation): Operation {
  return (a, b) => {
    const value = operation(a, b) as Long | null;
    if (value !== null && int32(value) === null) throw unsupported('overflow of int');
    return value;
  };
}

function as(expr: Expr, type: KqlType): Evaluate {
  if (expr.type === type || (type === 'long' && expr.type === 'int')) return expr.evaluate;
  const convert = converter(expr.type, type);
  const { evaluate } = expr;
  return (row) => convert(evaluate(row));
}

const LONG: Record<string, Operation> = {
  Add: addLong,
  Subtract: subtractLong,
  Multiply: multiplyLong,
  Divide: divideLong,
  Modulo: moduloLong,
};

const REAL: Record<string, Operation> = {
  Add: (a: number, b: number) => a + b,
  Subtract: (a: number, b: number) => a - b,
  Multiply: (a: number, b: number) => a * b,
  Divide: (a: number, b: number) => a / b,
  Modulo: (a: number, b: number) => {
    const rest = a % Math.abs(b);
    return rest < 0 ? rest + Math.abs(b) : rest;
  },
};

const times = (span: bigint, factor: number | bigint): bigint | null => {
  const value =
    typeof factor === 'number' && !Number.isInteger(factor) ? longFromReal(Math.round(Number(span) * factor)) : BigInt(factor) * span;
  return value === null ? null : BigInt(value);
};
const divideSpan = (span: bigint, by: number | bigint): bigint | null => {
  if (by === 0) return null;
  if (typeof by === 'bigint' || Number.isInteger(by)) return span / BigInt(by);
  const value = longFromReal(Number(span) / by);
  return value === null ? null : BigInt(value);
};

const TIME: Record<string, Operation> = {
  'datetime Add timespan': (a: bigint, b: bigint) => checkDatetime(a + b),
  'timespan Add datetime': (a: bigint, b: bigint) => checkDatetime(a + b),
  'datetime Subtract timespan': (a: bigint, b: bigint) => checkDatetime(a - b),
  'datetime Subtract datetime': (a: bigint, b: bigint) => a - b,
  'timespan Add timespan': (a: bigint, b: bigint) => a + b,
  'timespan Subtract timespan': (a: bigint, b: bigint) => a - b,
  'timespan Modulo timespan': (a: bigint, b: bigint) => (b === 0n ? null : modulo(a, b < 0n ? -b : b)),
  'datetime Modulo timespan': (a: bigint, b: bigint) => (b === 0n ? null : modulo(a, b < 0n ? -b : b)),
  'timespan Divide timespan': (a: bigint, b: bigint) => ratio(a, b),
  ...both(['long', 'int', 'real'], (number) => ({
    [`timespan Multiply ${number}`]: times,
    [`${number} Multiply timespan`]: (a: number, b: bigint) => times(b, a),
    [`timespan Divide ${number}`]: divideSpan,
  })),
};

function both(types: string[], make: (type: string) => Record<string, Operation>): Record<string, Operation> {
  return Object.assign({}, ...types.map(make)) as Record<string, Operation>;
}

/** A real quotient that is exact when it is whole, also beyond 2^53 ticks. */
function ratio(a: bigint, b: bigint): number | null {
  if (b === 0n) return Number(a) / 0;
  return a % b === 0n ? Number(normal(a / b)) : Number(a) / Number(b);
}

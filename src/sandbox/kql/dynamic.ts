/**
 * Dynamic values: plain JSON, plus a box for what JSON cannot say. Inside a dynamic an integral number (or bigint) is a long and
 * a number with a fraction is a real; a real without a fraction, a datetime, a timespan or a guid wears a `Typed` box.
 */
import { unsupported } from './kql-error.ts';
import { formatDatetime, formatTimespan } from './ticks.ts';
import { normal } from './long.ts';
import type { KqlType } from './types.ts';

export class Typed {
  readonly type: 'real' | 'datetime' | 'timespan' | 'guid';
  readonly value: unknown;

  constructor(type: Typed['type'], value: unknown) {
    this.type = type;
    this.value = value;
  }
}

export type Bag = Record<string, unknown>;

export function isBag(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Typed);
}

/** Puts a value of a static type into a dynamic. */
export function box(value: unknown, type: KqlType): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'real':
      return Number.isInteger(value) || !Number.isFinite(value) ? new Typed('real', value) : value;
    case 'datetime':
    case 'timespan':
    case 'guid':
      return new Typed(type, value);
    case 'decimal':
      throw unsupported('decimal inside a dynamic value');
    case 'string':
    case 'long':
    case 'int':
    case 'bool':
    case 'dynamic':
      return value;
  }
}

/** What a dynamic scalar holds, or `array`, `bag`, `null`. */
export type DynamicKind = KqlType | 'array' | 'bag' | 'null';

export function kindOf(value: unknown): DynamicKind {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'long';
  if (typeof value === 'number') return Number.isInteger(value) ? 'long' : 'real';
  if (value instanceof Typed) return value.type;
  return Array.isArray(value) ? 'array' : 'bag';
}

export function unbox(value: unknown): unknown {
  return value instanceof Typed ? value.value : value;
}

/** Only a number with a fraction, an exponent or many digits needs the slow, exact path. */
const EXACT_NUMBER = /(?:^|[:[,])\s*-?\d+(?:\.|[eE]|\d{15})/;

/** Undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return EXACT_NUMBER.test(text) ? (JSON.parse(text, exactNumber) as unknown) : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

function exactNumber(this: unknown, _key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value;
  const source = context?.source ?? String(value);
  if (/[.eE]/.test(source)) return box(value, 'real');
  if (Number.isSafeInteger(value)) return value;
  const big = BigInt(source);
  return BigInt.asIntN(64, big) === big ? normal(big) : new Typed('real', value);
}

/** Compact JSON, the text Kusto gives by tostring(). */
export function jsonText(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (isBag(value)) {
    return `{${Object.keys(value)
      .map((key) => `${JSON.stringify(key)}:${jsonText(value[key])}`)
      .join(',')}}`;
  }
  const text = scalarText(value);
  return value instanceof Typed && value.type !== 'real' ? JSON.stringify(text) : text;
}

/** tostring() of a dynamic: a string is itself, null is empty, the rest is JSON. */
export function dynamicText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return value instanceof Typed ? scalarText(value) : jsonText(value);
}

function scalarText(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : realText(value);
  if (!(value instanceof Typed)) return String(value);
  switch (value.type) {
    case 'real':
      return realText(value.value as number);
    case 'datetime':
      return formatDatetime(value.value as bigint);
    case 'timespan':
      return formatTimespan(value.value as bigint);
    case 'guid':
      return value.value as string;
  }
}

/** Kusto writes 5.0 for a whole real. Its exponent form is documented nowhere, so it is refused. */
export function realText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const text = String(value);
  if (!Number.isFinite(value) || text.includes('e') || Math.abs(value) >= 1e15) throw unsupported(`text form of the real ${text}`);
  return Number.isInteger(value) ? `${Object.is(value, -0) ? '-0' : text}.0` : text;
}

/** A key that is equal for equal dynamic values, whatever the order of a bag's keys. */
export function dynamicKey(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(dynamicKey).join(',')}]`;
  if (isBag(value)) {
    return `{${Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${dynamicKey(value[key])}`)
      .join(',')}}`;
  }
  const kind = kindOf(value);
  if (kind === 'real' || kind === 'long') return `n${String(unbox(value))}`;
  return `${kind}${jsonText(value)}`;
}

/** A property that the bag itself holds; a prototype's is no property. */
export function property(value: unknown, name: string): unknown {
  return isBag(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
}

/** Index from the end when negative; null outside. */
export function element(value: unknown, index: number): unknown {
  if (!Array.isArray(value)) return null;
  return (value.at(index) as unknown) ?? null;
}

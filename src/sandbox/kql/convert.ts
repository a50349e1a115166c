/** Explicit and implicit conversion between types: tostring(), tolong(), todatetime() and their kin. */
import { Typed, box, dynamicText, isBag, kindOf, parseJson, realText, unbox } from './dynamic.ts';
import { unsupported } from './kql-error.ts';
import { type Long, longFromReal, longFromText } from './long.ts';
import { formatDatetime, formatTimespan } from './ticks.ts';
import { parseDatetime, parseTimespan } from './time-text.ts';
import type { KqlType } from './types.ts';

/** A converter chosen once at compile time. Null in is null out, except for string, which has no null. */
export function converter(from: KqlType, to: KqlType): (value: unknown) => unknown {
  if (from === to) return (value) => value;
  if (from === 'dynamic') return (value) => fromDynamic(value, to);
  if (to === 'string') return (value) => textOfValue(value, from);
  const convert = pair(from, to);
  return (value) => (value === null ? null : convert(value as never));
}

export function fromDynamic(value: unknown, to: KqlType): unknown {
  if (to === 'dynamic') return value;
  if (to === 'string') return dynamicText(value);
  const kind = kindOf(value);
  if (kind === 'null' || kind === 'array' || kind === 'bag') return null;
  return kind === to ? unbox(value) : converter(kind, to)(unbox(value));
}

export function textOfValue(value: unknown, type: KqlType): string {
  if (value === null || value === undefined) return '';
  switch (type) {
    case 'real':
      return realText(value as number);
    case 'datetime':
      return formatDatetime(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'dynamic':
      return dynamicText(value);
    case 'bool':
      return value === true ? 'True' : 'False'; // .NET's spelling; inside a dynamic it is JSON's
    case 'decimal':
    case 'string':
    case 'long':
    case 'int':
    case 'guid':
      return String(value);
  }
}

function pair(from: KqlType, to: KqlType): (value: never) => unknown {
  const known = PAIRS[`${from}>${to}`];
  if (!known) throw unsupported(`conversion from ${from} to ${to}`);
  return known;
}

const TRUE_FALSE = new Map([
  ['true', true],
  ['false', false],
  ['1', true],
  ['0', false],
]);

const PAIRS: Record<string, (value: never) => unknown> = {
  'string>long': (s: string) => longText(s),
  'string>int': (s: string) => int32(longText(s)),
  'string>real': (s: string) => realFromText(s),
  // Any whole number is true but 0, also as text.
  'string>bool': (s: string) => TRUE_FALSE.get(s.trim().toLowerCase()) ?? (/^\s*-?\d+\s*$/.test(s) ? !/^\s*-?0+\s*$/.test(s) : null),
  'string>datetime': (s: string) => parseDatetime(s),
  'string>timespan': (s: string) => parseTimespan(s),
  'string>guid': (s: string) => guidFromText(s),
  'string>dynamic': (s: string) => s,
  'long>int': (n: Long) => int32(n),
  'int>long': (n: Long) => n,
  'long>real': Number,
  'int>real': Number,
  'real>long': (n: number) => longFromReal(n),
  'real>int': (n: number) => int32(longFromReal(n)),
  'long>bool': (n: Long) => n !== 0,
  'int>bool': (n: Long) => n !== 0,
  'real>bool': (n: number) => n !== 0,
  'bool>long': Number,
  'bool>int': Number,
  'bool>real': Number,
  'timespan>long': (t: bigint) => longFromReal(Number(t)),
  'guid>dynamic': (g: string) => new Typed('guid', g),
  'long>dynamic': (n: Long) => n,
  'int>dynamic': (n: Long) => n,
  'bool>dynamic': (b: boolean) => b,
  'real>dynamic': (n: number) => box(n, 'real'),
  'datetime>dynamic': (t: bigint) => box(t, 'datetime'),
  'timespan>dynamic': (t: bigint) => box(t, 'timespan'),
  'long>datetime': (n: Long) => BigInt(n),
  'long>timespan': (n: Long) => BigInt(n),
  'datetime>long': (t: bigint) => t,
};

export function int32(value: Long | null): number | null {
  return typeof value === 'number' && value === (value | 0) ? value : null;
}

function longText(text: string): Long | null {
  const found = longFromText(text);
  // Whether "2.7" is 2, 3 or null differs between versions of the engine.
  if (found === null && /^\s*[+-]?\d*\.?\d+(?:e[+-]?\d+)?\s*$/i.test(text)) throw unsupported(`tolong("${text}")`);
  return found;
}

export function realFromText(text: string): number | null {
  const trimmed = text.trim();
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(trimmed)) return Number(trimmed);
  return /^nan$/i.test(trimmed) ? NaN : null;
}

/** With or without dashes (in any place) and braces, as Kusto reads them. */
export function guidFromText(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '')
    .toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return null;
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20)].join('-');
}

/** A raw JSON value of a table row, read as its column's type. Log Analytics may hold a dynamic as its JSON text. */
export function coerce(raw: unknown, type: KqlType): unknown {
  if (raw === undefined || raw === null) return type === 'string' ? '' : null;
  switch (type) {
    case 'string':
      return typeof raw === 'string' ? raw : dynamicText(raw);
    case 'dynamic':
      return typeof raw === 'string' && /^\s*[[{]/.test(raw) ? (parseJson(raw) ?? raw) : raw;
    case 'real':
      return typeof raw === 'number' ? raw : fromDynamic(raw, 'real');
    case 'decimal':
      throw unsupported('decimal column');
    case 'datetime':
      return typeof raw === 'string' ? parseDatetime(raw) : typeof raw === 'bigint' ? raw : null;
    case 'long':
    case 'int':
      return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : fromDynamic(raw, type);
    case 'bool':
    case 'timespan':
    case 'guid':
      return isBag(raw) ? null : fromDynamic(raw, type);
  }
}

/**
 * Whether a cell copied from a markdown table says the same as a value. Pages show values in several ways (fractions cut off, JSON
 * indented, quotes lost); the value itself must be equal.
 */
import { isDeepStrictEqual } from 'node:util';
import { Typed, isBag, jsonText, parseJson, unbox } from '../src/sandbox/kql/dynamic.ts';
import { parseDatetime, parseTimespan } from '../src/sandbox/kql/time-text.ts';
import type { KqlType } from '../src/sandbox/kql/index.ts';

export function isBlank(cell: string): boolean {
  return clean(cell) === '';
}

/** `anyOrder`: arrays that are sets. */
export function cellMatches(cell: string, value: unknown, type: KqlType, anyOrder = false): boolean {
  const text = clean(cell);
  const shownNull = text === '' || /^\(?null\)?$/i.test(text);
  if (value === null || value === undefined) return shownNull;
  switch (type) {
    case 'string':
      return sameText(text, value as string) || (value === '' && shownNull);
    case 'guid':
      return text.toLowerCase() === value;
    case 'bool':
      return /^(?:true|1)$/i.test(text) ? value === true : /^(?:false|0)$/i.test(text) && value === false;
    case 'long':
    case 'int':
      // 1/0 and true/false are both ways to show a bool, but a number is a number.
      return /^-?[\d,]+(?:\.0+)?$/.test(text) && BigInt(text.replaceAll(',', '').replace(/\.0+$/, '')) === BigInt(value as number);
    case 'real':
      return sameReal(text, value as number);
    case 'datetime':
      return sameInstant(text, value as bigint);
    case 'timespan':
      // One page separates the days by a colon: 14:00:00:00.
      return parseTimespan(text.replace(/^(-?\d+):(\d\d:\d\d:\d\d)/, '$1.$2')) === value;
    case 'dynamic':
      return sameDynamic(text, value) || (anyOrder && sameSet(parseJson(text), value));
    case 'decimal':
      return text === (value as string);
  }
}

function clean(cell: string): string {
  return cell
    .replaceAll(/<br\s*\/?>/gi, '\n')
    .replaceAll('&nbsp;', ' ')
    .trim()
    .replace(/^`([\s\S]*)`$/, '$1')
    .trim();
}

/** Markdown eats spaces, and editors spell out or contract: "is not", "isn't". */
function sameText(text: string, value: string): boolean {
  const plain = (s: string) => s.replaceAll(/n't\b/g, ' not').replaceAll(/\s+/g, ' ').trim();
  if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === value.toLowerCase();
  return plain(text) === plain(value) || looksLikeJson(text, value);
}

function looksLikeJson(text: string, value: string): boolean {
  if (!/^[[{]/.test(value)) return false;
  const [a, b] = [parseJson(text), parseJson(value)];
  return a !== undefined && b !== undefined && sameJson(a, b);
}

/** Equal to the digits that are shown. */
function sameReal(text: string, value: number): boolean {
  const named: Record<string, number> = {
    NaN,
    '∞': Infinity,
    '-∞': -Infinity,
    inf: Infinity,
    '-inf': -Infinity,
    Infinity,
    '-Infinity': -Infinity,
  };
  if (text in named) return Object.is(named[text], value);
  const plain = text.replaceAll(',', '');
  if (!/^-?\d*\.?\d+(?:e[+-]?\d+)?$/i.test(plain)) return false;
  const shown = Number(plain);
  if (shown === value) return true;
  const digits = plain.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '').length;
  const fraction = (plain.replace(/e.*$/i, '').split('.')[1] ?? '').length;
  if (digits >= 15) return Math.abs(shown - value) <= Math.abs(value) * 1e-14;
  return fraction > 0 && !/e/i.test(plain) && Math.abs(shown - value) < 10 ** -fraction;
}

/** The fraction of a second may be cut off, and the time of day when it is midnight. */
function sameInstant(text: string, value: bigint): boolean {
  const shown = parseDatetime(text);
  if (shown === null) return false;
  const digits = /\.(\d+)/.exec(text)?.[1]?.length ?? 0;
  return digits >= 7 ? shown === value : shown === value - (value % 10n ** BigInt(7 - digits));
}

function sameDynamic(text: string, value: unknown): boolean {
  const shown = parseJson(text);
  if (shown !== undefined && sameJson(shown, value)) return true;
  const scalar = unbox(value);
  if (value instanceof Typed) return cellMatches(text, scalar, value.type);
  if (typeof scalar === 'string') return sameText(text, scalar);
  // Quotes, spaces and line ends differ from page to page; the rest of the text may not.
  const bare = (s: string) => s.replaceAll(/[\s"'`]/g, '');
  return bare(text) === bare(jsonText(value)) && bare(text) !== '';
}

function sameSet(shown: unknown, value: unknown): boolean {
  if (!Array.isArray(shown) || !Array.isArray(value) || shown.length !== value.length) return false;
  return shown.every((item) => value.some((mine) => sameJson(item, mine)));
}

/** 118 and 118.0 are one number; instants may be shown with or without their fraction. */
function sameJson(a: unknown, b: unknown): boolean {
  const [x, y] = [unbox(a), unbox(b)];
  if (Array.isArray(x) && Array.isArray(y)) return x.length === y.length && x.every((item, i) => sameJson(item, y[i]));
  if (isBag(x) && isBag(y)) {
    const keys = Object.keys(x);
    return keys.length === Object.keys(y).length && keys.every((key) => Object.hasOwn(y, key) && sameJson(x[key], y[key]));
  }
  if (typeof x === 'number' && typeof y === 'number') return sameReal(String(x), y);
  if (b instanceof Typed && typeof x === 'string') return cellMatches(x, y, b.type);
  return isDeepStrictEqual(x, y);
}

/** String functions. */
import { dynamicText } from '../dynamic.ts';
import { textOfValue } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import { regexOf } from '../regex.ts';
import { type Builtins, lenient, made, strict } from './define.ts';

/** Code points, which is what Kusto counts: https://learn.microsoft.com/kusto/query/strlen-function */
const points = (text: string): string[] => Array.from(text);
// eslint-disable-next-line no-control-regex
const isAscii = (text: string): boolean => /^[\x00-\x7f]*$/.test(text);

export const TEXT: Builtins = {
  strlen: strict(['string'], (text: string) => (isAscii(text) ? text.length : points(text).length)),
  string_size: strict(['string'], (text: string) => Buffer.byteLength(text, 'utf8')),
  tolower: strict(['string'], (text: string) => text.toLowerCase()),
  toupper: strict(['string'], (text: string) => text.toUpperCase()),
  strcat: made((call) => {
    const readers = call.args.map(
      ({ evaluate, type }) =>
        (row: unknown) =>
          textOfValue(evaluate(row), type),
    );
    return (row) => {
      let text = '';
      for (const read of readers) text += read(row);
      return text;
    };
  }),
  strcat_delim: made((call) => {
    const readers = call.args.map(
      ({ evaluate, type }) =>
        (row: unknown) =>
          textOfValue(evaluate(row), type),
    );
    return (row) => {
      const [delimiter = '', ...texts] = readers.map((read) => read(row));
      return texts.join(delimiter);
    };
  }),
  strcat_array: lenient(['dynamic', 'string'], joinArray),
  array_strcat: lenient(['dynamic', 'string'], joinArray),
  strcmp: strict(['string', 'string'], (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)),
  strrep: strict(['string', 'long', 'string'], (text: string, times: number, delimiter = '') => {
    if (times < 0 || times > 1024) throw unsupported(`strrep() ${times} times`);
    return Array.from({ length: times }, () => text).join(delimiter);
  }),
  substring: strict(['string', 'long', 'long'], substring),
  reverse: strict(['string'], (text: string) => points(text).reverse().join('')),
  indexof: strict(['string', 'string', 'long', 'long', 'long'], indexOf),
  split: strict(['string', 'string', 'long'], (text: string, delimiter: string, index?: number) => {
    const pieces = delimiter === '' ? (text === '' ? [''] : [text]) : text.split(delimiter);
    if (index === undefined) return pieces;
    const piece = index < 0 ? undefined : pieces[index];
    return piece === undefined ? null : [piece];
  }),
  replace_string: strict(['string', 'string', 'string'], (text: string, from: string, to: string) =>
    from === '' ? text : text.replaceAll(from, () => to),
  ),
  replace_strings: strict(['string', 'dynamic', 'dynamic'], replaceStrings),
  countof: strict(['string', 'string', 'string'], (text: string, search: string, kind = 'normal') => {
    if (search === '') throw unsupported('countof() of an empty text');
    if (kind === 'regex') return [...text.matchAll(regexOf(search))].length;
    if (kind !== 'normal') throw unsupported(`countof() of kind ${kind}`);
    let count = 0;
    // Overlapping occurrences count: https://learn.microsoft.com/kusto/query/countof-function
    for (let at = text.indexOf(search); at >= 0; at = text.indexOf(search, at + 1)) count += 1;
    return count;
  }),
  translate: strict(['string', 'string', 'string'], (from: string, to: string, text: string) => {
    const source = points(from);
    const target = points(to);
    return points(text)
      .map((char) => {
        const at = source.indexOf(char);
        return at < 0 ? char : (target[Math.min(at, target.length - 1)] ?? '');
      })
      .join('');
  }),
  isempty: lenient(['any'], isEmpty),
  isnotempty: lenient(['any'], (value: unknown) => !isEmpty(value)),
  notempty: lenient(['any'], (value: unknown) => !isEmpty(value)),
  isascii: strict(['string'], isAscii),
  isutf8: strict(['string'], (text: string) => text.isWellFormed()),
  to_utf8: strict(['string'], codePoints),
  unicode_codepoints_from_string: strict(['string'], codePoints),
  unicode_codepoints_to_string: made((call) => fromCodePoints(call.args.map((arg) => arg.evaluate))),
  make_string: made((call) => fromCodePoints(call.args.map((arg) => arg.evaluate))),
  regex_quote: strict(['string'], (text: string) => {
    if (!/^[\w\s.()[\]{}*+?^$|\\]*$/.test(text)) throw unsupported('regex_quote() of such a text');
    return text.replace(/[.()[\]{}*+?^$|\\]/g, '\\$&');
  }),
};

function joinArray(array: unknown, delimiter: string): string | null {
  return Array.isArray(array) ? array.map(dynamicText).join(delimiter) : '';
}

function isEmpty(value: unknown): boolean {
  return value === null || value === '';
}

/** Positions count code points; a negative start counts from the end. */
function substring(text: string, start: number, length?: number): string {
  const chars: string | string[] = isAscii(text) ? text : points(text);
  const from = start < 0 ? Math.max(0, chars.length + start) : start;
  if (length !== undefined && length < 0) return '';
  const piece = chars.slice(from, length === undefined ? undefined : from + length);
  return typeof piece === 'string' ? piece : piece.join('');
}

/** `length` is the part of the text that is searched; `occurrence` counts from 1. */
function indexOf(text: string, lookup: string, start = 0, length = -1, occurrence = 1): number | null {
  if (!isAscii(text)) throw unsupported('indexof() in a text beyond ASCII');
  if (length < -1 || occurrence < 1) return null;
  const from = start < 0 ? Math.max(0, text.length + start) : start;
  if (length === -1) return occurrenceIn(text, lookup, from, text.length, occurrence);
  const at = occurrenceIn(text, lookup, from, from + length, occurrence);
  // The page's example of a second occurrence reaches one character beyond the range it gives: refuse where that matters.
  if (at !== occurrenceIn(text, lookup, from, from + length + 1, occurrence)) {
    throw unsupported('indexof() of an occurrence at the edge of the range');
  }
  return at;
}

function occurrenceIn(text: string, lookup: string, from: number, end: number, occurrence: number): number {
  let at = from - 1;
  for (let i = 0; i < occurrence; i++) {
    at = text.indexOf(lookup, at + 1);
    if (at < 0 || at + lookup.length > Math.min(end, text.length)) return -1;
  }
  return at;
}

function replaceStrings(text: string, lookups: unknown, rewrites: unknown): string {
  if (!Array.isArray(lookups) || !Array.isArray(rewrites)) throw unsupported('replace_strings() without arrays');
  if (rewrites.length !== lookups.length) throw unsupported('replace_strings() with arrays of different lengths');
  const pairs = lookups.flatMap((lookup, i) =>
    typeof lookup === 'string' && lookup !== '' ? [{ lookup, rewrite: rewrites[i] as unknown }] : [],
  );
  // An earlier lookup takes its matches first, wherever they are; what was written is not searched again.
  const done = pairs.reduce<{ text: string; fixed: boolean }[]>(
    (pieces, { lookup, rewrite }) =>
      pieces.flatMap((piece) => {
        if (piece.fixed) return [piece];
        const written = { text: typeof rewrite === 'string' ? rewrite : lookup, fixed: true };
        return piece.text
          .split(lookup)
          .flatMap((rest, i) => (i === 0 ? [{ text: rest, fixed: false }] : [written, { text: rest, fixed: false }]));
      }),
    [{ text, fixed: false }],
  );
  return done.map((piece) => piece.text).join('');
}

function codePoints(text: string): number[] {
  return points(text).map((char) => char.codePointAt(0) as number);
}

function fromCodePoints(readers: readonly ((row: unknown) => unknown)[]): (row: unknown) => unknown {
  return (row) => String.fromCodePoint(...readers.flatMap((read) => read(row) as number | number[]));
}

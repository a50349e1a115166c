/**
 * Kusto's regular expressions (RE2 syntax, https://learn.microsoft.com/kusto/query/regex) as JavaScript ones.
 * What one side has and the other lacks, or reads differently, is refused.
 */
import { unsupported } from './kql-error.ts';

const POSIX: Record<string, string> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  upper: 'A-Z',
  lower: 'a-z',
  space: '\\t\\n\\v\\f\\r ',
  punct: '!-\\/:-@\\[-`{-~',
  word: '\\w',
  xdigit: '0-9A-Fa-f',
  blank: '\\t ',
};
const cache = new Map<string, RegExp>();

/** With the flags `g` and `u`; use `exec`, `matchAll` or `replace` with a fresh `lastIndex`. */
export function regexOf(pattern: string, flags = ''): RegExp {
  const key = `${flags}/${pattern}`;
  let regex = cache.get(key);
  if (!regex) {
    regex = build(pattern, flags);
    if (cache.size > 1000) cache.clear();
    cache.set(key, regex);
  }
  regex.lastIndex = 0;
  return regex;
}

interface Mode {
  s: boolean;
  m: boolean;
  i: boolean;
  U: boolean;
}

function build(pattern: string, flags: string): RegExp {
  const mode: Mode = { s: flags.includes('s'), m: flags.includes('m'), i: flags.includes('i'), U: flags.includes('U') };
  const open = /^\(\?([a-zA-Z]+)\)/.exec(pattern);
  let rest = pattern;
  if (open) {
    setFlags(mode, open[1] ?? '', true, pattern);
    rest = pattern.slice(open[0].length);
  }
  try {
    return new RegExp(translate(rest, mode, pattern), mode.i ? 'giu' : 'gu');
  } catch (error) {
    if (error instanceof SyntaxError) throw unsupported(`regular expression ${pattern}`);
    throw error;
  }
}

function setFlags(mode: Mode, letters: string, value: boolean, pattern: string): void {
  for (const letter of letters) {
    if (!(letter in mode)) throw unsupported(`regular expression flag '${letter}' in ${pattern}`);
    mode[letter as keyof Mode] = value;
  }
}

function translate(text: string, mode: Mode, pattern: string): string {
  let out = '';
  let i = 0;
  while (i < text.length) {
    const char = text[i] as string;
    if (char === '\\') {
      const [piece, width] = escape(text, i, pattern, false);
      out += piece;
      i += width;
    } else if (char === '[') {
      const [piece, width] = characterClass(text, i, pattern);
      out += piece;
      i += width;
    } else if (char === '(' && text[i + 1] === '?') {
      const [piece, width] = group(text.slice(i), pattern);
      out += piece;
      i += width;
    } else if ('*+?'.includes(char) || (char === '{' && /^\{\d+(?:,\d*)?\}/.test(text.slice(i)))) {
      const [quantifier = ''] = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(text.slice(i)) ?? [];
      const lazy = text[i + quantifier.length] === '?';
      if (text[i + quantifier.length] === '+') throw unsupported(`possessive quantifier in ${pattern}`);
      out += quantifier + (lazy !== mode.U ? '?' : '');
      i += quantifier.length + (lazy ? 1 : 0);
    } else {
      out += plain(char, mode);
      i += 1;
    }
  }
  return out;
}

function plain(char: string, mode: Mode): string {
  if (char === '.') return mode.s ? '[\\s\\S]' : '[^\\n]';
  if (char === '^') return mode.m ? '(?<![^\\n])' : '^';
  if (char === '$') return mode.m ? '(?![^\\n])' : '$';
  return '{}]'.includes(char) ? `\\${char}` : char;
}

function group(text: string, pattern: string): [string, number] {
  const named = /^\(\?P?<([A-Za-z_]\w*)>/.exec(text);
  if (named) return [`(?<${named[1]}>`, named[0].length];
  if (text.startsWith('(?:')) return ['(?:', 3];
  const flags = /^\(\?(i):/.exec(text);
  if (flags) return ['(?i:', flags[0].length];
  throw unsupported(`regular expression group ${text.slice(0, 4)} in ${pattern}`);
}

function escape(text: string, at: number, pattern: string, inClass: boolean): [string, number] {
  const next = text[at + 1];
  if (next === undefined) throw unsupported(`regular expression ${pattern}`);
  if ('dDwW'.includes(next)) return [`\\${next}`, 2];
  if (next === 's') return [inClass ? '\\t\\n\\v\\f\\r ' : '[\\t\\n\\v\\f\\r ]', 2];
  if (next === 'S') {
    if (inClass) throw unsupported(`\\S inside a character class in ${pattern}`);
    return ['[^\\t\\n\\v\\f\\r ]', 2];
  }
  if ('tnrfv'.includes(next)) return [`\\${next}`, 2];
  if (next === 'a') return ['\\x07', 2];
  if ((next === 'b' || next === 'B') && !inClass) return [`\\${next}`, 2];
  if (next === 'A' && !inClass) return ['(?<![\\s\\S])', 2];
  if (next === 'z' && !inClass) return ['(?![\\s\\S])', 2];
  const hex = /^\\x(?:([0-9a-fA-F]{2})|\{([0-9a-fA-F]+)\})/.exec(text.slice(at));
  if (hex) return [`\\u{${hex[1] ?? hex[2]}}`, hex[0].length];
  const property = /^\\([pP])(?:([A-Z])|\{(\w+)\})/.exec(text.slice(at));
  if (property) return [`\\${property[1]}{${property[2] ?? property[3]}}`, property[0].length];
  if (/[a-zA-Z0-9]/.test(next)) throw unsupported(`\\${next} in the regular expression ${pattern}`);
  return [/[\^$\\.*+?()[\]{}|/-]/.test(next) ? `\\${next === '-' && !inClass ? 'x2d' : next}` : next, 2];
}

function characterClass(text: string, at: number, pattern: string): [string, number] {
  let i = at + 1;
  let out = '[';
  if (text[i] === '^') {
    out += '^';
    i += 1;
  }
  for (let first = true; first || text[i] !== ']'; first = false) {
    const char = text[i];
    if (char === undefined) throw unsupported(`regular expression ${pattern}`);
    const posix = /^\[:(\w+):\]/.exec(text.slice(i));
    if (posix) {
      const set = POSIX[posix[1] ?? ''];
      if (!set) throw unsupported(`character class ${posix[0]} in ${pattern}`);
      out += set;
      i += posix[0].length;
    } else if (char === '\\') {
      const [piece, width] = escape(text, i, pattern, true);
      out += piece;
      i += width;
    } else {
      // `&&`, `--` and `~~` are set operations in newer engines and plain characters in older ones.
      if ('&~-'.includes(char) && text[i + 1] === char) throw unsupported(`'${char}${char}' in a character class of ${pattern}`);
      out += '[]{}()/|'.includes(char) ? `\\${char}` : char;
      i += 1;
    }
  }
  return [`${out}]`, i + 1 - at];
}

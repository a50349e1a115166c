/** Functions over regular expressions: extract, replace_regex, trim… */
import { converter } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import { regexOf } from '../regex.ts';
import { descendants, kindName, textOf, typeFromKeyword } from '../syntax.ts';
import { type Builtins, type Call, lenient, special, strict } from './define.ts';
import { type Expr } from '../scope.ts';

const replaceRegex = strict(['string', 'string', 'string'], (text: string, pattern: string, rewrite: string) => {
  const template = rewrite.replace(/\\(\d)|\$/g, (whole, digit: string | undefined) =>
    digit === undefined ? '$$' : digit === '0' ? '$&' : `$${digit}`,
  );
  if (/\\[^\d]/.test(rewrite)) throw unsupported(`rewrite pattern ${rewrite}`);
  return text.replace(regexOf(pattern), template);
});

export const REGEX_TEXT: Builtins = {
  extract: special(extract),
  extract_all: special(extractAll),
  extractall: special(extractAll),
  replace_regex: replaceRegex,
  replace: strict(['string', 'string', 'string'], () => {
    throw unsupported('replace(), which is deprecated; say replace_regex()');
  }),
  trim: strict(['string', 'string'], (pattern: string, text: string) => trimEnd(pattern, trimStart(pattern, text))),
  trim_start: strict(['string', 'string'], trimStart),
  trim_end: strict(['string', 'string'], trimEnd),
  indexof_regex: lenient(['string', 'string', 'long', 'long', 'long'], indexOfRegex),
};

function trimStart(pattern: string, text: string): string {
  return text.replace(regexOf(`^(?:${pattern})`), '');
}

function trimEnd(pattern: string, text: string): string {
  return text.replace(regexOf(`(?:${pattern})$`), '');
}

/** extract(regex, group, text [, typeof(type)]): empty, or null for other types, when nothing matches. */
function extract(call: Call): Expr {
  const [pattern, group, text, type] = call.nodes;
  if (!pattern || !group || !text) throw unsupported('extract() with fewer than three arguments', call.position);
  const [p, g, t] = [call.compile(pattern), call.compile(group), call.compile(text)];
  const read = converter(t.type, 'string');
  const convert = type ? converter('string', typeArgument(type)) : (value: unknown) => value;
  const find = (row: unknown): unknown => {
    const found = regexOf(p.evaluate(row) as string).exec(read(t.evaluate(row)) as string);
    const index = Number(g.evaluate(row));
    if (found && index >= found.length) throw unsupported(`extract() of group ${index}`, call.position);
    const value = found?.[index] ?? '';
    return value === '' && type && typeArgument(type) !== 'string' ? null : convert(value);
  };
  return { type: call.type, evaluate: find, constant: false };
}

export function typeArgument(node: Call['nodes'][number]) {
  const keyword = descendants(node).find((child) => kindName(child) === 'PrimitiveTypeExpression');
  if (!keyword) throw unsupported('this typeof()', node.TextStart);
  return typeFromKeyword(textOf(keyword).trim(), node.TextStart);
}

/** Each match's groups: a text each when there is one group, else an array of them. */
function extractAll(call: Call): Expr {
  const args = call.nodes.map(call.compile);
  const [p, second, third] = args;
  const text = third ?? second;
  if (!p || !text) throw unsupported('extract_all() with one argument', call.position);
  const read = converter(text.type, 'string');
  const find = (row: unknown): unknown => {
    const regex = regexOf(p.evaluate(row) as string);
    const groups = third ? second?.evaluate(row) : undefined;
    const matches = [...(read(text.evaluate(row)) as string).matchAll(regex)];
    if (matches.length === 0) return null;
    const wanted = (match: RegExpExecArray | RegExpMatchArray): string[] => {
      const chosen = Array.isArray(groups) ? (groups as unknown[]) : match.slice(1).map((_, i) => i + 1);
      return chosen.map((group) => (typeof group === 'number' ? match[group] : match.groups?.[String(group)]) ?? '');
    };
    if ((matches[0] as RegExpMatchArray).length === 1) throw unsupported('extract_all() without a group', call.position);
    return matches.map((match) => {
      const values = wanted(match);
      return values.length === 1 ? values[0] : values;
    });
  };
  return { type: 'dynamic', evaluate: find, constant: false };
}

function indexOfRegex(text: string, pattern: string, start = 0, length = -1, occurrence = 1): number | null {
  if (start < 0 || length < -1 || occurrence < 1) return null;
  const end = length === -1 ? text.length : Math.min(text.length, start + length);
  const matches = [...text.slice(start, end).matchAll(regexOf(pattern))];
  const match = matches[occurrence - 1];
  return match ? match.index + start : -1;
}

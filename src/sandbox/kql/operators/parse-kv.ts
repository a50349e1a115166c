/** parse-kv: named values cut out of a text of pairs. https://learn.microsoft.com/kusto/query/parse-kv-operator */
import { compile } from '../expression.ts';
import { converter } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import { regexOf } from '../regex.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, columnsOf, nameOf, optionalPart, parametersOf, part, parts, typeFromKeyword, textOf } from '../syntax.ts';
import { type Tabular, type TabularColumn, arrayTable, columnIndex } from '../tabular.ts';
import { textReader } from '../text-reader.ts';
import type { Evaluate } from '../types.ts';

interface Style {
  readonly pairs: string | undefined;
  readonly equals: string | undefined;
  readonly quotes: readonly [string, string] | undefined;
  readonly escape: string | undefined;
  readonly greedy: boolean;
  readonly regex: string | undefined;
}

export function parseKv(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const text = textReader(compile(part(node, 'Expression'), rowScope(scope, source)), node.TextStart);
  const keys = parts(part(node, 'Keys'), 'Columns').map((key) => {
    const type = typeFromKeyword(textOf(part(key, 'Type')).trim(), key.TextStart);
    return { name: nameOf(part(key, 'Name')), type, convert: converter('string', type) };
  });
  const split = splitter(styleOf(node, scope), new Set(keys.map((key) => key.name)), node.TextStart);
  const columns: TabularColumn[] = [...columnsOf(node), ...source.columns.filter((column) => column.hidden)];
  const slots = columns.map((column): { get?: Evaluate; key: number } => {
    const key = keys.findIndex((candidate) => candidate.name === column.name);
    return key >= 0 ? { key } : { key, get: source.getters[columnIndex(source, column.name)] as Evaluate };
  });
  return arrayTable(
    columns,
    (emit) =>
      source.run((row) => {
        const found = split(text(row));
        return emit(
          slots.map((slot) => {
            if (slot.get) return slot.get(row);
            const key = keys[slot.key] as (typeof keys)[number];
            const value = found.get(key.name);
            return value === undefined ? (key.type === 'string' ? '' : null) : key.convert(value);
          }),
        );
      }),
    { ordered: source.ordered, serialized: source.serialized ?? false },
  );
}

function styleOf(node: SyntaxNode, scope: Scope): Style {
  const clause = optionalPart(node, 'WithClause');
  const given = clause ? parametersOf(clause, 'Properties') : new Map<string, SyntaxNode>();
  const value = (name: string): unknown => {
    const expression = given.get(name);
    return expression && compile(expression, scope).evaluate(undefined);
  };
  const quote = value('quote') as string | undefined;
  if (quote !== undefined && (quote.length === 0 || quote.length > 2)) throw unsupported(`parse-kv quote '${quote}'`, node.TextStart);
  return {
    pairs: value('pair_delimiter') as string | undefined,
    equals: value('kv_delimiter') as string | undefined,
    quotes: quote === undefined ? undefined : [quote[0] as string, quote.at(-1) as string],
    escape: value('escape') as string | undefined,
    greedy: value('greedy') === true,
    regex: value('regex') as string | undefined,
  };
}

function splitter(style: Style, names: ReadonlySet<string>, position: number): (text: string) => Map<string, string> {
  const { regex } = style;
  if (regex !== undefined) {
    return (text) =>
      new Map(
        [...text.matchAll(regexOf(regex))].flatMap((match) => (match.length === 3 ? [[match[1] ?? '', match[2] ?? ''] as const] : [])),
      );
  }
  if (style.pairs === undefined && style.equals === undefined) {
    if (style.quotes || style.escape) throw unsupported('parse-kv with quotes and no delimiters', position);
    return keyWords;
  }
  if (!style.pairs || !style.equals) throw unsupported('parse-kv with one delimiter', position);
  if (style.greedy) return (text) => greedyPairs(text, style.pairs as string, style.equals as string, names);
  return (text) => delimitedPairs(text, style as Style & { pairs: string; equals: string }, position);
}

/** Without delimiters: `Key: value` or `Key=value`, where everything that is no letter or digit separates. */
function keyWords(text: string): Map<string, string> {
  const words = [...text.matchAll(/[A-Za-z0-9_]+/g)].map((match) => match[0]);
  const found = new Map<string, string>();
  words.slice(0, -1).forEach((word, i) => {
    if (!found.has(word)) found.set(word, words[i + 1] as string);
  });
  return found;
}

/** Values run on until the next known key. */
function greedyPairs(text: string, pairs: string, equals: string, names: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>();
  let key: string | undefined;
  for (const piece of text.split(pairs)) {
    const at = piece.indexOf(equals);
    if (at >= 0 && (names.has(piece.slice(0, at)) || key === undefined)) {
      key = piece.slice(0, at).trim();
      if (found.has(key)) throw unsupported(`parse-kv with '${key}' twice`);
      found.set(key, piece.slice(at + equals.length));
    } else if (key !== undefined) found.set(key, `${found.get(key)}${pairs}${piece}`);
  }
  return found;
}

function delimitedPairs(text: string, style: Style & { pairs: string; equals: string }, position: number): Map<string, string> {
  const found = new Map<string, string>();
  let at = 0;
  /** One key or value: up to the delimiter, or what stands between quotes. */
  const skipSpace = (stops: readonly string[]): void => {
    while (/\s/.test(text[at] ?? '') && !stops.some((stop) => text.startsWith(stop, at))) at += 1;
  };
  const token = (stops: readonly string[]): string => {
    let value = '';
    skipSpace(stops);
    if (style.quotes && text.startsWith(style.quotes[0], at)) {
      at += 1;
      while (at < text.length && !text.startsWith(style.quotes[1], at)) {
        if (style.escape && text.startsWith(style.escape, at)) at += style.escape.length;
        value += text[at] ?? '';
        at += 1;
      }
      if (at >= text.length) throw unsupported('parse-kv of an open quote', position);
      at += 1;
      skipSpace(stops);
      return value;
    }
    while (at < text.length && !stops.some((stop) => text.startsWith(stop, at))) value += text[at++];
    return value.trim();
  };
  while (at < text.length) {
    const key = token([style.equals, style.pairs]);
    if (text.startsWith(style.equals, at)) {
      at += style.equals.length;
      const value = token([style.pairs]);
      if (!found.has(key)) found.set(key, value);
    }
    if (text.startsWith(style.pairs, at)) at += style.pairs.length;
    else if (at < text.length) throw unsupported('parse-kv of text after a quote', position);
  }
  return found;
}

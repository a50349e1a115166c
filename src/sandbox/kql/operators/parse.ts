/** parse and parse-where: columns cut out of a text by a pattern of delimiters or regular expressions. */
import { compile } from '../expression.ts';
import { converter } from '../convert.ts';
import { unsupported } from '../kql-error.ts';
import { regexOf } from '../regex.ts';
import { type Scope, rowScope } from '../scope.ts';
import {
  type SyntaxNode,
  children,
  columnsOf,
  kindName,
  nameOf,
  parametersOf,
  part,
  parts,
  stringTokenValue,
  textOf,
  typeFromKeyword,
} from '../syntax.ts';
import { type Tabular, type TabularColumn, arrayTable, columnIndex } from '../tabular.ts';
import { textReader } from '../text-reader.ts';
import type { Evaluate, KqlType } from '../types.ts';

type Piece = { readonly text: string } | { readonly star: true } | { readonly name: string; readonly type: KqlType };

export function parse(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const parameters = parametersOf(node);
  const kind = parameters.has('kind') ? textOf(parameters.get('kind') as SyntaxNode).trim() : 'simple';
  const flags = parameters.has('flags') ? textOf(parameters.get('flags') as SyntaxNode).trim() : '';
  const pieces = parts(node, 'Patterns').map(pieceOf);
  const captures = pieces.flatMap((piece) => ('name' in piece ? [piece] : []));
  const text = textReader(compile(part(node, 'Expression'), rowScope(scope, source)), node.TextStart);
  const match = kind === 'regex' ? regexMatcher(pieces, flags) : simpleMatcher(pieces, kind, node.TextStart);
  const columns: TabularColumn[] = [...columnsOf(node), ...source.columns.filter((column) => column.hidden)];
  const dropsMisses = kindName(node) === 'ParseWhereOperator';
  const empty = captures.map(({ type }) => (type === 'string' ? '' : null));
  const slots = columns.map((column): { get?: Evaluate; capture: number } => {
    const capture = captures.findIndex((candidate) => candidate.name === column.name);
    if (capture >= 0) return { capture };
    return { capture: -1, get: source.getters[columnIndex(source, column.name)] as Evaluate };
  });
  return arrayTable(
    columns,
    (emit) =>
      source.run((row) => {
        const found = match(text(row));
        if (!found && dropsMisses) return false;
        const values = found ?? empty;
        return emit(slots.map((slot) => (slot.get ? slot.get(row) : values[slot.capture])));
      }),
    { ordered: source.ordered, serialized: source.serialized ?? false },
  );
}

function pieceOf(node: SyntaxNode): Piece {
  switch (kindName(node)) {
    case 'StarExpression':
      return { star: true };
    case 'StringLiteralExpression':
      return { text: stringTokenValue(part(node, 'Token')) };
    case 'CompoundStringLiteralExpression':
      return { text: children(part(node, 'Tokens')).map(stringTokenValue).join('') };
    case 'NameDeclaration':
      return { name: nameOf(node), type: 'string' };
    case 'NameAndTypeDeclaration':
      return { name: nameOf(part(node, 'Name')), type: typeFromKeyword(textOf(part(node, 'Type')).trim(), node.TextStart) };
    default:
      throw unsupported(`${kindName(node)} in parse`, node.TextStart);
  }
}

type Match = (text: string) => unknown[] | null;

/** Columns are greedy; numbers take digits only. A value that does not convert is a miss. */
function regexMatcher(pieces: readonly Piece[], flags: string): Match {
  let column = 0;
  const source = pieces.map((piece) => {
    if ('text' in piece) return piece.text;
    if ('star' in piece) return '.*';
    return `(?P<kql${column++}>${CAPTURES[piece.type] ?? '.*'})`;
  });
  const regex = regexOf(`^${source.join('')}`, flags);
  return converted(pieces, regex, true);
}

const CAPTURES: Partial<Record<KqlType, string>> = { long: '-?\\d+', int: '-?\\d+', real: '-?\\d+(?:\\.\\d+)?' };

/** Delimiters are literal. simple: every value must fit its type; relaxed: one that does not is null. */
function simpleMatcher(pieces: readonly Piece[], kind: string, position: number): Match {
  if (kind !== 'simple' && kind !== 'relaxed') throw unsupported(`parse kind=${kind}`, position);
  let column = 0;
  const source = pieces.map((piece, i) => {
    if ('text' in piece) return piece.text.replace(/[^\w\s]/g, '\\$&');
    if ('star' in piece) return i === pieces.length - 1 ? '.*' : '.*?';
    const next = pieces[i + 1];
    const last = next === undefined;
    if (next && !('text' in next)) {
      const digits = CAPTURES[piece.type];
      if (!digits) throw unsupported(`a ${piece.type} column followed by '*' or a column in parse`, position);
      return `(?P<kql${column++}>${digits})`;
    }
    return `(?P<kql${column++}>${last ? '.*' : '.*?'})`;
  });
  // Anchored at both ends, lazy in between.
  return converted(pieces, regexOf(`^${source.join('')}$`, 's'), kind === 'simple');
}

function converted(pieces: readonly Piece[], regex: RegExp, strict: boolean): Match {
  const captures = pieces.flatMap((piece) => ('name' in piece ? [piece] : []));
  const converters = captures.map(({ type }) => converter('string', type));
  return (text) => {
    regex.lastIndex = 0;
    const groups = regex.exec(text)?.groups;
    if (!groups) return null;
    const values = captures.map((_, i) => converters[i]?.(groups[`kql${i}`] ?? ''));
    const misfit = values.some((value) => value === null);
    return misfit && strict ? null : values;
  };
}

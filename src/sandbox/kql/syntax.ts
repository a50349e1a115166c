/** Reading Microsoft's syntax tree by the names its own classes use. */
import { autoName, kindName, type SyntaxNode } from './kusto-language.ts';
import { unsupported } from './kql-error.ts';
import type { KqlColumn, KqlType } from './types.ts';

export { autoName, kindName, type SyntaxNode };

/** The named part, which the grammar guarantees. */
export function part(node: SyntaxNode, name: string): SyntaxNode {
  const found = optionalPart(node, name);
  if (!found) throw unsupported(`${kindName(node)} without ${name}`, node.TextStart);
  return found;
}

export function optionalPart(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return (node as unknown as Record<string, SyntaxNode | null | undefined>)[name] ?? undefined;
}

/** The members of a list, without the separators. */
export function parts(node: SyntaxNode, name: string): SyntaxNode[] {
  const list = optionalPart(node, name);
  return list ? listOf(list) : [];
}

export function listOf(list: SyntaxNode): SyntaxNode[] {
  return children(list).map((child) => (kindName(child) === 'SeparatedElement' ? (child.GetChild(0) as SyntaxNode) : child));
}

export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let i = 0; i < node.ChildCount; i++) {
    const child = node.GetChild(i);
    if (child) found.push(child);
  }
  return found;
}

export function descendants(node: SyntaxNode): SyntaxNode[] {
  return children(node).flatMap((child) => [child, ...descendants(child)]);
}

/** The text of a token as written, or of a node without its surrounding trivia. */
export function textOf(node: SyntaxNode): string {
  const token = node as { Text?: unknown };
  if (typeof token.Text === 'string') return token.Text;
  const inner = children(node);
  return inner.map((child, i) => (i > 0 ? child.toString() : textOf(child))).join('');
}

/** The unquoted value of a string token. */
export function stringTokenValue(token: SyntaxNode): string {
  const value = (token as { Value?: unknown }).Value;
  return typeof value === 'string' ? value : '';
}

export function nameOf(node: SyntaxNode): string {
  return node.SimpleName ?? textOf(node);
}

export function unwrap(node: SyntaxNode): SyntaxNode {
  return kindName(node) === 'ParenthesizedExpression' ? unwrap(part(node, 'Expression')) : node;
}

/** `kind=leftouter hint.strategy=…` as a map from name to the expression node. */
export function parametersOf(node: SyntaxNode, list = 'Parameters'): Map<string, SyntaxNode> {
  return new Map(parts(node, list).map((p) => [nameOf(part(p, 'Name')).toLowerCase(), part(p, 'Expression')]));
}

const TYPES = new Set<string>(['string', 'long', 'int', 'real', 'decimal', 'bool', 'datetime', 'timespan', 'dynamic', 'guid']);

/** Static type of an expression, as the analyser found it. Arrays, bags and unknowns are all `dynamic` at run time. */
export function typeOf(node: SyntaxNode): KqlType {
  return kqlType(node.ResultType?.Name ?? '', node.TextStart);
}

export function kqlType(name: string, position?: number): KqlType {
  if (TYPES.has(name)) return name as KqlType;
  if (name.startsWith('dynamic') || name === 'array' || name === 'bag') return 'dynamic';
  throw unsupported(`type '${name || 'unknown'}'`, position);
}

export function isTabular(node: SyntaxNode): boolean {
  return node.ResultType?.Columns !== undefined && !isTuple(node);
}

function isTuple(node: SyntaxNode): boolean {
  return node.ResultType?.Name === 'tuple';
}

/** The columns the analyser derived for a table or tuple. */
export function columnsOf(node: SyntaxNode): KqlColumn[] {
  const columns = node.ResultType?.Columns;
  if (!columns) throw unsupported(`${kindName(node)} whose columns are unknown`, node.TextStart);
  const found: KqlColumn[] = [];
  for (let i = 0; i < columns.Count; i++) {
    const column = columns.getItem(i);
    found.push({ name: column.Name, type: kqlType(column.Type.Name, node.TextStart) });
  }
  return found;
}

/** The type named by a `long`, `date`, `double`… keyword. */
export function typeFromKeyword(text: string, position?: number): KqlType {
  const aliases: Record<string, KqlType> = {
    boolean: 'bool',
    date: 'datetime',
    time: 'timespan',
    double: 'real',
    int64: 'long',
    int32: 'int',
    uniqueid: 'guid',
    uuid: 'guid',
    object: 'dynamic',
  };
  return aliases[text.toLowerCase()] ?? kqlType(text.toLowerCase(), position);
}

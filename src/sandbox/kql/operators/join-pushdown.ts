/**
 * `join kind=innerunique` keeps any one left row a key. Kusto moves a filter that follows the join to the left side first, so that
 * rows which pass it are found: https://learn.microsoft.com/kusto/query/join-innerunique
 */
import type { Scope } from '../scope.ts';
import { type SyntaxNode, descendants, kindName, nameOf, part, unwrap } from '../syntax.ts';
import type { Tabular } from '../tabular.ts';
import { where } from './filter.ts';
import { join, joinKind } from './join.ts';

/** Undefined when this is not `… | join innerunique … | where <left columns only>`. */
export function pushDownInnerUnique(source: SyntaxNode, operator: SyntaxNode, scope: Scope, closed: boolean): Tabular | undefined {
  if (kindName(operator) !== 'FilterOperator' || kindName(source) !== 'PipeExpression') return undefined;
  const joinNode = part(source, 'Operator');
  if (kindName(joinNode) !== 'JoinOperator' || joinKind(joinNode) !== 'innerunique') return undefined;
  const left = scope.run.compileTabular(part(source, 'Expression'), scope, closed);
  const { input: _, ...inner } = scope;
  const names = new Set(left.columns.map((column) => column.name));
  const pushed = conjuncts(part(operator, 'Condition')).filter((condition) => onlyNames(condition, names));
  if (pushed.length === 0) return undefined;
  // The whole filter stays after the join as well: filtering twice changes nothing.
  const filtered = pushed.reduce((table, condition) => where(filterOf(operator, condition), table, inner), left);
  return where(operator, join(joinNode, filtered, inner, closed), inner);
}

function filterOf(operator: SyntaxNode, condition: SyntaxNode): SyntaxNode {
  return Object.create(operator, { Condition: { value: condition } }) as SyntaxNode;
}

function conjuncts(condition: SyntaxNode): SyntaxNode[] {
  const inner = unwrap(condition);
  if (kindName(inner) !== 'AndExpression') return [inner];
  return [...conjuncts(part(inner, 'Left')), ...conjuncts(part(inner, 'Right'))];
}

function onlyNames(condition: SyntaxNode, names: ReadonlySet<string>): boolean {
  const references = [condition, ...descendants(condition)].filter((node) => kindName(node) === 'NameReference');
  const columns = references.filter((node) => /ColumnSymbol/.test(symbolClass(node)));
  return columns.length > 0 && columns.every((node) => names.has(nameOf(node)));
}

function symbolClass(node: SyntaxNode): string {
  const symbol = node.ReferencedSymbol as { constructor?: { $$name?: string; $$fullname?: string } } | null | undefined;
  return symbol?.constructor?.$$fullname ?? symbol?.constructor?.$$name ?? '';
}

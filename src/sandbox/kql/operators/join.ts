/** join (all kinds) and lookup: a hash table of the right side, the left side streamed past it. */
import { compile } from '../expression.ts';
import { unsupported } from '../kql-error.ts';
import { jointKey } from '../order.ts';
import { type Scope, rowScope, withoutRow } from '../scope.ts';
import { type SyntaxNode, columnsOf, kindName, nameOf, optionalPart, parametersOf, part, parts, textOf } from '../syntax.ts';
import { type Emit, type Tabular, arrayTable, collect } from '../tabular.ts';
import type { Evaluate, KqlColumn } from '../types.ts';

const KINDS = new Set([
  'innerunique',
  'inner',
  'leftouter',
  'rightouter',
  'fullouter',
  'leftsemi',
  'rightsemi',
  'leftanti',
  'rightanti',
  'leftantisemi',
  'rightantisemi',
  'anti',
]);

export function joinKind(node: SyntaxNode): string {
  const parameter = parametersOf(node).get('kind');
  const kind = parameter ? textOf(parameter).trim().toLowerCase() : kindName(node) === 'LookupOperator' ? 'leftouter' : 'innerunique';
  if (!KINDS.has(kind)) throw unsupported(`join kind=${kind}`, node.TextStart);
  return kind === 'anti' ? 'leftanti' : kind.replace('antisemi', 'anti');
}

interface Sides {
  readonly left: Tabular;
  readonly right: Tabular;
  readonly leftKeys: Evaluate[];
  readonly rightKeys: Evaluate[];
  /** Names of the right side's key columns. */
  readonly rightKeyNames: Set<string>;
}

export function join(node: SyntaxNode, source: Tabular, scope: Scope, closed: boolean): Tabular {
  const sides = sidesOf(node, source, scope, closed, 'ConditionClause');
  const kind = joinKind(node);
  const right = visible(sides.right);
  const columns = columnsOf(node);
  const left = visible(sides.left);
  const expected =
    kind.startsWith('left') && kind !== 'leftouter'
      ? left.length
      : kind === 'rightsemi' || kind === 'rightanti'
        ? right.length
        : left.length + right.length;
  if (columns.length !== expected) throw unsupported('join with these columns', node.TextStart);
  return arrayTable(columns, (emit) => runJoin(kind, sides, left, right, scope.run.rowsMax, emit));
}

/** The right side's key columns are not repeated. */
export function lookup(node: SyntaxNode, source: Tabular, scope: Scope, closed: boolean): Tabular {
  const kind = joinKind(node);
  if (kind !== 'leftouter' && kind !== 'inner') throw unsupported(`lookup kind=${kind}`, node.TextStart);
  const sides = sidesOf(node, source, scope, closed, 'LookupClause');
  const right = visible(sides.right).filter((index) => !sides.rightKeyNames.has(sides.right.columns[index]?.name ?? ''));
  const left = visible(sides.left);
  const columns = columnsOf(node);
  if (columns.length !== left.length + right.length) throw unsupported('lookup with these columns', node.TextStart);
  return arrayTable(columns, (emit) => runJoin(kind, sides, left, right, scope.run.rowsMax, emit));
}

function visible(table: Tabular): number[] {
  return table.columns.flatMap((column, i) => (column.hidden ? [] : [i]));
}

function sidesOf(node: SyntaxNode, left: Tabular, scope: Scope, closed: boolean, clauseName: string): Sides {
  const right = scope.run.compileTabular(part(node, 'Expression'), withoutRow(scope), closed);
  const clause = optionalPart(node, clauseName);
  if (!clause || kindName(clause) !== 'JoinOnClause') throw unsupported('join without on', node.TextStart);
  const rightRows = arrayTable(right.columns, () => false);
  const leftScope = rowScope(scope, left);
  const rightScope = rowScope(scope, rightRows);
  const leftKeys: Evaluate[] = [];
  const rightKeys: Evaluate[] = [];
  const rightKeyNames = new Set<string>();
  for (const condition of parts(clause, 'Expressions')) {
    const [a, b] = kindName(condition) === 'EqualExpression' ? equated(condition) : [condition, condition];
    const leftKey = compile(a, leftScope);
    const rightKey = compile(b, rightScope);
    const fits = leftKey.type === rightKey.type || (/^(long|int)$/.test(leftKey.type) && /^(long|int)$/.test(rightKey.type));
    if (!fits || leftKey.type === 'dynamic') throw unsupported(`join on ${leftKey.type} and ${rightKey.type}`, condition.TextStart);
    leftKeys.push(leftKey.evaluate);
    rightKeys.push(rightKey.evaluate);
    rightKeyNames.add(nameOf(b));
  }
  return { left, right, leftKeys, rightKeys, rightKeyNames };
}

/** `$left.a == $right.b`, in either order. */
function equated(condition: SyntaxNode): [SyntaxNode, SyntaxNode] {
  const sides = new Map([part(condition, 'Left'), part(condition, 'Right')].map((side) => [side0(side), part(side, 'Selector')]));
  const left = sides.get('$left');
  const right = sides.get('$right');
  if (!left || !right) throw unsupported('this join condition', condition.TextStart);
  return [left, right];
}

function side0(side: SyntaxNode): string {
  if (kindName(side) !== 'PathExpression') throw unsupported('this join condition', side.TextStart);
  return nameOf(part(side, 'Expression'));
}

/** A null key matches a null key, unlike `==`. */
function keyOf(keys: readonly Evaluate[], row: unknown): unknown {
  return jointKey(keys.map((key) => key(row)));
}

interface Bucket {
  readonly rows: unknown[][];
  matched: boolean;
}

function runJoin(
  kind: string,
  sides: Sides,
  leftOut: readonly number[],
  rightOut: readonly number[],
  rowsMax: number,
  emit: Emit,
): boolean {
  const { left, right } = sides;
  const index = new Map<unknown, Bucket>();
  for (const row of collect(right, rowsMax)) {
    const key = keyOf(sides.rightKeys, row);
    const bucket = index.get(key);
    if (bucket) bucket.rows.push(row);
    else index.set(key, { rows: [row], matched: false });
  }
  const leftGetters = leftOut.map((i) => left.getters[i] as Evaluate);
  const emptyLeft = leftOut.map((i) => emptyValue(left.columns[i]));
  const emptyRight = rightOut.map((i) => emptyValue(right.columns[i]));
  const rightValues = (row: unknown[]) => rightOut.map((i) => row[i]);
  const seen = new Set<unknown>();
  const onLeft = (row: unknown): boolean => {
    const key = keyOf(sides.leftKeys, row);
    if (kind === 'innerunique') {
      if (seen.has(key)) return false;
      seen.add(key);
    }
    const bucket = index.get(key);
    if (bucket) bucket.matched = true;
    const values = () => leftGetters.map((get) => get(row));
    if (kind === 'leftsemi') return bucket !== undefined && emit(values()) === true;
    if (kind === 'leftanti') return bucket === undefined && emit(values()) === true;
    if (kind === 'rightsemi' || kind === 'rightanti') return false;
    if (!bucket) return (kind === 'leftouter' || kind === 'fullouter') && emit([...values(), ...emptyRight]) === true;
    const mine = values();
    return bucket.rows.some((other) => emit([...mine, ...rightValues(other)]) === true);
  };
  if (left.run(onLeft)) return true;
  if (!/^(right|full)/.test(kind)) return false;
  const wanted = kind === 'rightsemi';
  const rest = [...index.values()].filter((bucket) => bucket.matched === wanted).flatMap((b) => b.rows);
  const alone = kind === 'rightsemi' || kind === 'rightanti';
  return rest.some((row) => emit(alone ? rightValues(row) : [...emptyLeft, ...rightValues(row)]) === true);
}

function emptyValue(column: KqlColumn | undefined): unknown {
  return column?.type === 'string' ? '' : null;
}

/** evaluate: the plugins that reshape a table by its data. */
import { converter, fromDynamic } from '../convert.ts';
import { isBag, kindOf } from '../dynamic.ts';
import { compile } from '../expression.ts';
import { unsupported } from '../kql-error.ts';
import { type Scope, rowScope } from '../scope.ts';
import { type SyntaxNode, children, columnsOf, descendants, kindName, nameOf, optionalPart, part, parts } from '../syntax.ts';
import { type Tabular, arrayTable, collect, columnIndex, pushAll } from '../tabular.ts';
import type { KqlColumn, KqlType } from '../types.ts';

/**
 * The first `… | evaluate plugin()` whose columns only the data can tell and on which something else is built. Undefined when
 * there is none, or when it ends the query.
 */
export function findOpenEvaluate(root: SyntaxNode): SyntaxNode | undefined {
  const end = descendants(root).find((node) => kindName(node) === 'ExpressionStatement');
  const last = end && optionalPart(end, 'Expression');
  const pipes = descendants(root).filter((node) => kindName(node) === 'PipeExpression' && isOpen(node));
  const innermost = pipes.findLast((pipe) => !descendants(pipe).some((node) => kindName(node) === 'PipeExpression' && isOpen(node)));
  if (!innermost || innermost === last) return undefined;
  if (insideSubquery(root, innermost)) throw unsupported('evaluate inside a function or a subquery', innermost.TextStart);
  return innermost;
}

function isOpen(pipe: SyntaxNode): boolean {
  const operator = part(pipe, 'Operator');
  return (
    kindName(operator) === 'EvaluateOperator' && optionalPart(operator, 'Schema') === undefined && operator.ResultType?.IsOpen === true
  );
}

function insideSubquery(root: SyntaxNode, wanted: SyntaxNode): boolean {
  const walk = (node: SyntaxNode, inside: boolean): boolean =>
    children(node).some((child) =>
      child === wanted
        ? inside
        : walk(child, inside || /^(?:FunctionBody|MvApplySubqueryExpression|PartitionSubquery)$/.test(kindName(child))),
    );
  return walk(root, false);
}

export function evaluatePlugin(node: SyntaxNode, source: Tabular, scope: Scope): Tabular {
  const call = part(node, 'FunctionCall');
  const name = nameOf(part(call, 'Name'));
  const schema = optionalPart(node, 'Schema') ? columnsOf(node) : undefined;
  if (name === 'bag_unpack') return bagUnpack(call, source, scope, schema);
  if (name === 'narrow') return narrow(source);
  throw unsupported(`evaluate ${name}()`, node.TextStart);
}

interface Arguments {
  readonly positional: readonly SyntaxNode[];
  readonly named: ReadonlyMap<string, SyntaxNode>;
}

function argumentsOf(call: SyntaxNode): Arguments {
  const all = parts(part(call, 'ArgumentList'), 'Expressions');
  const isNamed = (node: SyntaxNode) => kindName(node) === 'SimpleNamedExpression';
  return {
    positional: all.filter((node) => !isNamed(node)),
    named: new Map(all.filter(isNamed).map((node) => [nameOf(part(node, 'Name')), part(node, 'Expression')])),
  };
}

/** https://learn.microsoft.com/kusto/query/bag-unpack-plugin: one column for each key, in the keys' alphabetical order. */
function bagUnpack(call: SyntaxNode, source: Tabular, scope: Scope, schema: readonly KqlColumn[] | undefined): Tabular {
  const { positional, named } = argumentsOf(call);
  const rows = rowScope(scope, source);
  const constant = (node: SyntaxNode | undefined): unknown => (node ? compile(node, rows).evaluate(undefined) : undefined);
  const bagNode = positional[0] as SyntaxNode;
  const prefix = (constant(positional[1] ?? named.get('OutputColumnPrefix')) as string | undefined) ?? '';
  const conflict = (constant(positional[2] ?? named.get('columnsConflict')) as string | undefined) ?? 'error';
  const ignored = new Set((constant(positional[3] ?? named.get('ignoredProperties')) as string[] | undefined) ?? []);
  const bag = compile(bagNode, rows);
  const kept = source.columns.filter((column) => !column.hidden && column.name !== nameOf(bagNode));
  const width = source.columns.length;
  const all = collect(
    { ...source, columns: [...source.columns, { name: '', type: 'dynamic' }], getters: [...source.getters, bag.evaluate] },
    scope.run.rowsMax,
  );
  const types = new Map<string, Set<string>>();
  for (const row of all) {
    const value = row[width];
    if (!isBag(value)) continue;
    for (const key of Object.keys(value)) {
      if (ignored.has(key)) continue;
      const kind = kindOf(value[key]);
      const seen = types.get(key) ?? new Set();
      types.set(key, kind === 'null' ? seen : seen.add(kind));
    }
  }
  const keys = [...types.keys()].sort();
  const clash = keys.filter((key) => kept.some((column) => column.name === prefix + key));
  if (clash.length > 0 && conflict === 'error')
    throw unsupported(`bag_unpack() of '${clash[0]}', which is a column already`, call.TextStart);
  const unpacked = keys
    .filter((key) => conflict !== 'keep_source' || !clash.includes(key))
    .map((key) => ({ key, name: prefix + key, type: typeOfKinds(types.get(key) as Set<string>) }));
  const columns: KqlColumn[] = schema
    ? [...schema]
    : [...kept.filter((column) => conflict !== 'replace_source' || !clash.includes(column.name.slice(prefix.length))), ...unpacked].map(
        ({ name, type }) => ({ name, type }),
      );
  const read = columns.map((column) => {
    const key = unpacked.find((candidate) => candidate.name === column.name)?.key;
    const index = columnIndex(source, column.name);
    if (key === undefined && index < 0) return () => (column.type === 'string' ? '' : null);
    return (row: unknown[]): unknown => {
      if (key === undefined) return row[index];
      const value = isBag(row[width]) ? (row[width][key] ?? null) : null;
      return fromDynamic(value, column.type);
    };
  });
  return arrayTable(columns, (emit) =>
    pushAll(
      all.map((row) => read.map((get) => get(row))),
      emit,
    ),
  );
}

function typeOfKinds(kinds: ReadonlySet<string>): KqlType {
  const [only] = kinds;
  if (kinds.size === 1 && only !== undefined && only !== 'array' && only !== 'bag') return only as KqlType;
  return kinds.size === 2 && kinds.has('long') && kinds.has('real') ? 'real' : 'dynamic';
}

/** https://learn.microsoft.com/kusto/query/narrow-plugin: a row for each cell. */
function narrow(source: Tabular): Tabular {
  const shown = source.columns.flatMap((column, i) =>
    column.hidden ? [] : [{ name: column.name, index: i, text: converter(column.type, 'string') }],
  );
  const columns: KqlColumn[] = [
    { name: 'Row', type: 'long' },
    { name: 'Column', type: 'string' },
    { name: 'Value', type: 'string' },
  ];
  return arrayTable(columns, (emit) => {
    let n = 0;
    return source.run((row) => {
      const at = n++;
      return shown.some(({ name, index, text }) => emit([at, name, text(source.getters[index]?.(row))]) === true);
    });
  });
}

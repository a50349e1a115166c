/** Functions over property bags. */
import { unsupported } from '../kql-error.ts';
import { type Bag, box, dynamicText, isBag } from '../dynamic.ts';
import { textOfValue } from '../convert.ts';
import { nameOf } from '../syntax.ts';
import { type Builtins, type Call, lenient, made, special, strict } from './define.ts';
import { INGESTION_TIME } from '../scan.ts';
import { type Expr, constantExpr } from '../scope.ts';
import { stringTokenValue, part, kindName } from '../syntax.ts';

export const BAGS: Builtins = {
  bag_pack: made(pack),
  pack: made(pack),
  pack_dictionary: made(pack),
  pack_all: special(packAll),
  bag_pack_columns: special((call) => {
    const items = call.nodes.map((node) => ({ name: nameOf(node), expr: call.compile(node) }));
    return {
      type: 'dynamic',
      constant: false,
      evaluate: (row) => Object.fromEntries(items.map(({ name, expr }) => [name, box(expr.evaluate(row), expr.type)])),
    };
  }),
  bag_keys: lenient(['dynamic'], (value: unknown) => (isBag(value) ? Object.keys(value) : null)),
  bag_merge: lenient(['dynamic'], (...bags: unknown[]) => {
    const found = bags.filter(isBag);
    const merged: Bag = {};
    for (const bag of found) for (const key of Object.keys(bag)) if (!Object.hasOwn(merged, key)) merged[key] = bag[key];
    return found.length === 0 ? null : merged;
  }),
  bag_has_key: lenient(['dynamic', 'string'], (bag: unknown, key: string) => (isBag(bag) ? pathExists(bag, pathOf(key)) : null)),
  bag_remove_keys: lenient(['dynamic', 'dynamic'], (bag: unknown, keys: unknown) => {
    if (!isBag(bag) || !Array.isArray(keys)) return isBag(bag) ? bag : null;
    return keys.reduce<Bag>((rest, key) => without(rest, pathOf(dynamicText(key))), bag);
  }),
  bag_set_key: lenient(['dynamic', 'string', 'any'], (bag: unknown, key: string, value: unknown) => {
    if (key.startsWith('$')) throw unsupported('bag_set_key() with a path');
    return isBag(bag) ? { ...bag, [key]: value } : null;
  }),
  bag_zip: lenient(['dynamic', 'dynamic'], (keys: unknown, values: unknown) => {
    if (!Array.isArray(keys) || !Array.isArray(values)) return null;
    return Object.fromEntries(keys.flatMap((key, i) => (typeof key === 'string' ? [[key, (values[i] as unknown) ?? null]] : [])));
  }),
  extract_json: strict(['string', 'string', 'any'], () => {
    throw unsupported('extract_json()');
  }),
  column_ifexists: special(columnIfExists),
  columnifexists: special(columnIfExists),
  ingestion_time: special((call) => {
    const column = call.scope.columns.get(INGESTION_TIME);
    if (!column) throw unsupported('ingestion_time() of rows that are no longer the table’s own', call.position);
    return { type: 'datetime', constant: false, evaluate: column.get };
  }),
};

/** bag_pack(key, value, …): a null value stays as null. */
function pack(call: Call): (row: unknown) => unknown {
  if (call.args.length % 2 !== 0) throw unsupported(`${call.name}() with an odd number of arguments`, call.position);
  const pairs = Array.from({ length: call.args.length / 2 }, (_, i) => [call.args[2 * i] as Expr, call.args[2 * i + 1] as Expr] as const);
  return (row) => {
    const bag: Bag = {};
    for (const [key, value] of pairs) bag[textOfValue(key.evaluate(row), key.type)] = box(value.evaluate(row), value.type);
    return bag;
  };
}

function packAll(call: Call): Expr {
  const ignore = call.nodes[0] ? call.compile(call.nodes[0]).evaluate(undefined) === true : false;
  const columns = [...call.scope.columns].filter(([name]) => name !== INGESTION_TIME);
  const evaluate = (row: unknown): Bag => {
    const bag: Bag = {};
    for (const [name, { type, get }] of columns) {
      const value = box(get(row), type);
      if (!ignore || (value !== null && value !== '')) bag[name] = value;
    }
    return bag;
  };
  return { type: 'dynamic', constant: false, evaluate };
}

/** `a`, or the JSON path `$.a.b`. */
function pathOf(key: string): string[] {
  if (!key.startsWith('$')) return [key];
  if (!/^\$(?:\.\w+)+$/.test(key)) throw unsupported(`the path ${key}`);
  return key.slice(2).split('.');
}

function pathExists(value: unknown, path: readonly string[]): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return true;
  return isBag(value) && Object.hasOwn(value, key) && pathExists(value[key], rest);
}

function without(bag: Bag, path: readonly string[]): Bag {
  const [key, ...rest] = path;
  if (key === undefined || !Object.hasOwn(bag, key)) return bag;
  const { [key]: inner, ...others } = bag;
  if (rest.length === 0) return others;
  return isBag(inner) ? Object.fromEntries(Object.entries(bag).map(([k, v]) => [k, k === key ? without(inner, rest) : v])) : bag;
}

/** The column when the rows have it, else the default. */
function columnIfExists(call: Call): Expr {
  const [name, fallback] = call.nodes;
  if (!name || !fallback || kindName(name) !== 'StringLiteralExpression')
    throw unsupported(`${call.name}() with a computed name`, call.position);
  const column = call.scope.columns.get(stringTokenValue(part(name, 'Token')));
  if (column) return { type: column.type, constant: false, evaluate: column.get };
  const expr = call.compile(fallback);
  return expr.constant ? constantExpr(expr.type, expr.evaluate(undefined)) : expr;
}

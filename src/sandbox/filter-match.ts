import type { CompareOp, Filter, Literal } from './filter.ts';
import { isObject } from './json.ts';

/** Text compares without regard to case, as Microsoft Graph and ARM do. Function calls are the caller's to answer. */
export function matches(filter: Filter, object: unknown, call: (name: string, values: readonly Literal[]) => boolean): boolean {
  switch (filter.kind) {
    case 'and':
      return matches(filter.left, object, call) && matches(filter.right, object, call);
    case 'or':
      return matches(filter.left, object, call) || matches(filter.right, object, call);
    case 'not':
      return !matches(filter.inner, object, call);
    case 'compare':
      return compares(valueOf(object, filter.path), filter.op, filter.value);
    case 'in':
      return filter.values.some((value) => compares(valueOf(object, filter.path), 'eq', value));
    case 'text': {
      const value = valueOf(object, filter.path);
      if (typeof value !== 'string') return false;
      const [text, part] = [value.toLowerCase(), filter.value.toLowerCase()];
      return filter.name === 'startswith' ? text.startsWith(part) : filter.name === 'endswith' ? text.endsWith(part) : text.includes(part);
    }
    case 'any': {
      const values = valueOf(object, filter.path);
      return Array.isArray(values) && values.some((value: unknown) => matches(filter.inner, { [filter.variable]: value }, call));
    }
    case 'call':
      return call(filter.name, filter.values);
  }
}

function valueOf(object: unknown, path: string): unknown {
  let value = object;
  for (const name of path.split(/[/.]/)) {
    if (!isObject(value)) return undefined;
    const key = Object.keys(value).find((one) => one.toLowerCase() === name.toLowerCase());
    value = key === undefined ? undefined : value[key];
  }
  return value;
}

function compares(given: unknown, op: CompareOp, wanted: Literal): boolean {
  const value = given ?? null;
  if (op === 'eq' || op === 'ne') return same(value, wanted) === (op === 'eq');
  if (value === null || wanted === null) return false;
  const order = orderOf(value, wanted);
  if (order === undefined) return false;
  return op === 'gt' ? order > 0 : op === 'ge' ? order >= 0 : op === 'lt' ? order < 0 : order <= 0;
}

function same(value: unknown, wanted: Literal): boolean {
  if (typeof value === 'string' && typeof wanted === 'string') return value.toLowerCase() === wanted.toLowerCase();
  return value === wanted;
}

function orderOf(value: unknown, wanted: Literal): number | undefined {
  if (typeof value === 'number' && typeof wanted === 'number') return value - wanted;
  if (typeof value !== 'string' || typeof wanted !== 'string') return undefined;
  const [left, right] = [Date.parse(value), Date.parse(wanted)];
  if (!Number.isNaN(left) && !Number.isNaN(right)) return left - right;
  return value.toLowerCase() < wanted.toLowerCase() ? -1 : value.toLowerCase() > wanted.toLowerCase() ? 1 : 0;
}

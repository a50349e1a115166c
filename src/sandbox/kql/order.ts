/** Which of two values comes first, and which values are the same. */
import { dynamicKey, kindOf, unbox } from './dynamic.ts';
import { unsupported } from './kql-error.ts';
import type { KqlType } from './types.ts';

/** Ascending order of two non-null values of one type. NaN comes before every other number. */
export function compareValues(a: unknown, b: unknown): number {
  const left = a as number;
  const right = b as number;
  if (left < right) return -1;
  if (left > right) return 1;
  if (typeof a === 'number' && Number.isNaN(a)) return typeof b === 'number' && Number.isNaN(b) ? 0 : -1;
  return typeof b === 'number' && Number.isNaN(b) ? 1 : 0;
}

/** Dynamic scalars sort when they are of one kind; what a mixture does is documented nowhere. */
export function compareDynamic(a: unknown, b: unknown): number {
  const kinds = [kindOf(a), kindOf(b)].map((kind) => (kind === 'long' || kind === 'int' ? 'real' : kind));
  if (kinds[0] !== kinds[1] || kinds[0] === 'array' || kinds[0] === 'bag')
    throw unsupported(`order of ${kinds.join(' and ')} dynamic values`);
  return compareValues(unbox(a), unbox(b));
}

export function comparerFor(type: KqlType): (a: unknown, b: unknown) => number {
  return type === 'dynamic' ? compareDynamic : compareValues;
}

/** A value usable as the key of a Map or Set. */
export function keyFor(type: KqlType): (value: unknown) => unknown {
  return type === 'dynamic' ? dynamicKey : (value) => value;
}

/** One key for several values. Columns keep their type, so the text of each is enough once its length is known. */
export function jointKey(values: readonly unknown[]): unknown {
  if (values.length === 1) return values[0];
  let key = '';
  for (const value of values) {
    const text = value === null ? '' : String(value);
    key += value === null ? 'n;' : `${text.length}:${text}`;
  }
  return key;
}

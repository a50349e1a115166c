/** A result as Azure writes it on the wire. */
import { Typed, isBag, jsonText } from './dynamic.ts';
import { formatDatetime, formatDatetimeShort, formatTimespan } from './ticks.ts';
import type { KqlColumn, KqlResult, KqlType } from './types.ts';

export interface JsonTable {
  readonly columns: readonly KqlColumn[];
  readonly rows: unknown[][];
}

/** Azure Monitor's tables: a dynamic is its JSON text. */
export function toJson(result: KqlResult): JsonTable {
  const types = result.columns.map((column) => column.type);
  return { columns: result.columns, rows: result.rows.map((row) => row.map((value, i) => wireValue(value, types[i] as KqlType, true))) };
}

/** Resource Graph's objectArray: a dynamic is JSON itself. */
export function toObjects(result: KqlResult): Record<string, unknown>[] {
  return result.rows.map((row) => Object.fromEntries(result.columns.map(({ name, type }, i) => [name, wireValue(row[i], type, false)])));
}

function wireValue(value: unknown, type: KqlType, dynamicAsText: boolean): unknown {
  if (value === null || value === undefined) return type === 'string' ? '' : null;
  switch (type) {
    case 'datetime':
      return formatDatetimeShort(value as bigint);
    case 'timespan':
      return formatTimespan(value as bigint);
    case 'long':
    case 'int':
      return Number(value);
    case 'real':
      return wireReal(value as number);
    case 'dynamic':
      if (!dynamicAsText) return plainJson(value);
      return typeof value === 'string' ? value : jsonText(value);
    case 'string':
    case 'bool':
    case 'guid':
    case 'decimal':
      return value;
  }
}

function wireReal(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

function plainJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainJson);
  if (isBag(value)) return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
  if (typeof value === 'bigint') return Number(value);
  if (!(value instanceof Typed)) return value;
  switch (value.type) {
    case 'real':
      return wireReal(value.value as number);
    case 'datetime':
      return formatDatetime(value.value as bigint);
    case 'timespan':
      return formatTimespan(value.value as bigint);
    case 'guid':
      return value.value;
  }
}

/** Queries against small tables, with answers as toJson() writes them. */
import { expect } from 'vitest';
import { KqlError, type KqlTable, type KqlType, runKql, toJson } from '../../../src/sandbox/kql/index.ts';

export const NOW = new Date('2026-11-20T08:00:00Z');

export function table(
  name: string,
  columns: Readonly<Record<string, KqlType>>,
  rows: readonly Readonly<Record<string, unknown>>[],
): KqlTable {
  return { name, columns: Object.entries(columns).map(([column, type]) => ({ name: column, type })), rows: () => rows };
}

export function rowsOf(query: string, tables: readonly KqlTable[] = []): unknown[][] {
  return toJson(runKql(query, { tables, now: NOW })).rows;
}

export function columnsOf(query: string, tables: readonly KqlTable[] = []): string[] {
  return runKql(query, { tables, now: NOW }).columns.map((column) => column.name);
}

/** One row of `print`. */
export function printed(expressions: string): unknown[] | undefined {
  return rowsOf(`print ${expressions}`)[0];
}

export function refusal(query: string, tables: readonly KqlTable[] = []): KqlError {
  try {
    rowsOf(query, tables);
  } catch (error) {
    if (error instanceof KqlError) return error;
    throw error;
  }
  return expect.fail(`answered instead of refusing: ${query}`);
}

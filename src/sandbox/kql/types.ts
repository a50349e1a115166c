/** The vocabulary of the KQL evaluator: tables in, a result out. */

export type KqlType = 'string' | 'long' | 'int' | 'real' | 'decimal' | 'bool' | 'datetime' | 'timespan' | 'dynamic' | 'guid';

export interface KqlColumn {
  readonly name: string;
  readonly type: KqlType;
}

export interface KqlSchema {
  readonly name: string;
  readonly columns: readonly KqlColumn[];
}

/** Rows are raw JSON objects; a value is coerced to its column's type only when a query touches it. */
export interface KqlTable extends KqlSchema {
  readonly rows: () => Iterable<Readonly<Record<string, unknown>>>;
}

/**
 * `rows` holds the evaluator's own values: long and int as number (bigint beyond 2^53), datetime and timespan as bigint ticks
 * of 100 ns, guid as lower-case text, dynamic as JSON (see dynamic.ts). `toJson` and `toObjects` give wire values.
 */
export interface KqlResult {
  readonly columns: readonly KqlColumn[];
  readonly rows: unknown[][];
  readonly ordered: boolean;
}

/** The value of one expression for one row. What a row is, only the column getters know (see tabular.ts). */
export type Evaluate = (row: unknown) => unknown;

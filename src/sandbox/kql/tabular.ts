/** A compiled table expression: columns, how to read them from a row, and a push stream of rows. */
import { KqlError } from './kql-error.ts';
import type { Evaluate, KqlColumn } from './types.ts';

/** Takes a row; true means "enough". */
export type Emit = (row: unknown) => boolean | void;

export interface TabularColumn extends KqlColumn {
  /** Carried for ingestion_time(), never shown. */
  readonly hidden?: true;
}

export interface Tabular {
  readonly columns: readonly TabularColumn[];
  readonly getters: readonly Evaluate[];
  /** Pushes rows until the end or until told "enough"; returns true in the latter case. */
  readonly run: (emit: Emit) => boolean;
  readonly ordered: boolean;
  /** Row functions (row_number, prev…) are allowed. */
  readonly serialized?: boolean;
}

/** Rows as arrays, one slot a column. */
export function arrayTable(
  columns: readonly TabularColumn[],
  run: (emit: Emit) => boolean,
  flags: { ordered?: boolean; serialized?: boolean } = {},
): Tabular {
  return {
    columns,
    getters: columns.map((_, i) => (row: unknown) => (row as unknown[])[i]),
    run,
    ordered: flags.ordered ?? false,
    serialized: flags.serialized ?? flags.ordered ?? false,
  };
}

export function pushAll(rows: Iterable<unknown>, emit: Emit): boolean {
  for (const row of rows) if (emit(row) === true) return true;
  return false;
}

/** All rows as arrays. The limit keeps a careless cross join from eating the machine. */
export function collect(table: Tabular, rowsMax: number): unknown[][] {
  const { getters } = table;
  const rows: unknown[][] = [];
  table.run((row) => {
    if (rows.length >= rowsMax) throw new KqlError('runtime', `The query holds more than ${rowsMax} rows in memory.`);
    rows.push(getters.map((get) => get(row)));
  });
  return rows;
}

/** Another stream over the same rows. */
export function sameRows(table: Tabular, run: Tabular['run'], flags: { ordered?: boolean; serialized?: boolean } = {}): Tabular {
  return {
    columns: table.columns,
    getters: table.getters,
    run,
    ordered: flags.ordered ?? table.ordered,
    serialized: flags.serialized ?? table.serialized ?? false,
  };
}

export function columnIndex(table: { readonly columns: readonly TabularColumn[] }, name: string): number {
  return table.columns.findIndex((column) => column.name === name);
}

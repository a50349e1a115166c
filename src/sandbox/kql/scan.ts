/** Reads a table of raw JSON rows. A value is coerced when an expression asks for it, so unused columns cost nothing. */
import { coerce } from './convert.ts';
import type { Run } from './scope.ts';
import { type Tabular, type TabularColumn, pushAll } from './tabular.ts';
import type { KqlTable } from './types.ts';

/** The hidden column behind ingestion_time(). */
export const INGESTION_TIME = '$ingestion_time';

export function scan(table: KqlTable, run: Run, closed: boolean): Tabular {
  const mayDrop = closed && !run.usesAllColumns;
  const columns: TabularColumn[] = table.columns.map(({ name, type }) => ({ name, type }));
  const getters = table.columns.map(({ name, type }) => {
    if (mayDrop && !run.mentions(name)) return () => (type === 'string' ? '' : null);
    return (row: unknown) => coerce((row as Record<string, unknown>)[name], type);
  });
  if (run.ingestionTime) {
    columns.push({ name: INGESTION_TIME, type: 'datetime', hidden: true });
    getters.push((row) => coerce((row as Record<string, unknown>)['_IngestionTime'], 'datetime'));
  }
  return { columns, getters, ordered: false, run: (emit) => pushAll(table.rows(), emit) };
}

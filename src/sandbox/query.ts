import { Failure, notInSandbox } from './failure.ts';
import { KqlError, runKql, toJson, toObjects, type KqlColumn, type KqlTable } from './kql/index.ts';

/** The one place where the servers meet the KQL evaluator. */
export interface Answer {
  readonly columns: readonly KqlColumn[];
  readonly count: number;
  /** Rows from–to as objects with wire values: instants as ISO text, dynamic as JSON. */
  objects(from: number, to: number): readonly Readonly<Record<string, unknown>>[];
  /** The first rows as arrays with wire values: dynamic as JSON text. */
  arrays(rowsMax: number): readonly (readonly unknown[])[];
}

/** A query that Azure would refuse too; each API words its own 400. */
export class QueryProblem extends Error {
  override readonly name = 'QueryProblem';
  readonly kind: 'syntax' | 'semantic' | 'runtime';
  readonly position: number | undefined;

  constructor(kind: QueryProblem['kind'], message: string, position: number | undefined, cause: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.position = position;
  }
}

/** @throws QueryProblem, or a Failure 501 that names the construct the evaluator does not know */
export function runQuery(
  text: string,
  tables: readonly KqlTable[],
  options: { readonly now: string; readonly caseInsensitiveTables: boolean },
): Answer {
  try {
    const result = runKql(text, { ...options, tables, now: new Date(options.now) });
    return {
      columns: result.columns,
      count: result.rows.length,
      objects: (from, to) => toObjects({ ...result, rows: result.rows.slice(from, to) }),
      arrays: (rowsMax) => toJson({ ...result, rows: result.rows.slice(0, rowsMax) }).rows,
    };
  } catch (cause) {
    if (cause instanceof Failure || !(cause instanceof KqlError)) throw cause;
    if (cause.kind === 'unsupported') throw notInSandbox(`this KQL (${cause.message})`);
    throw new QueryProblem(cause.kind, cause.message, cause.position, cause);
  }
}

/**
 * The storage as we wish it were: rows of text under two keys. Three adapters keep this port (memory in tests, SQLite on a laptop, Table Storage in
 * Azure and in Azurite); the mapping of findings, runs and exceptions to rows is written once, above it.
 */
export interface Row {
  readonly partition: string;
  readonly row: string;
  /** Plain values only. Long text is split by the adapter that has a limit. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
}

export type Write = { readonly kind: 'put'; readonly row: Row } | { readonly kind: 'delete'; readonly partition: string; readonly row: string };

export interface RecordTable {
  get(partition: string, row: string): Promise<Row | undefined>;
  /** Rows of a partition in order of row key, optionally from `from` (inclusive) to `to` (exclusive); all partitions when none is named. */
  list(range: { readonly partition?: string; readonly from?: string; readonly to?: string }): AsyncIterable<Row>;
  /** All writes of one partition in one call succeed or fail together, in chunks of 100; a later chunk may be missing after a crash. */
  write(writes: readonly Write[]): Promise<void>;
  /** Puts only if the row is absent, or its `etag` value is the expected one. False: somebody else was faster. */
  putIf(row: Row, expected: Row | undefined): Promise<boolean>;
  calls(): number;
  close(): Promise<void>;
}

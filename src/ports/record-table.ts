/**
 * The storage as we wish it were: rows of text under two keys. Three adapters keep this port (memory in tests, SQLite on a laptop, Table Storage in
 * Azure and in Azurite); the mapping of findings, runs and exceptions to rows is written once, above it, in `src/store`.
 *
 * Keys are at most 512 characters of `A–Z a–z 0–9 . _ ~ -` (plain ASCII, so that all three sort alike); the mapping encodes, adapters refuse the rest.
 */
export interface Row {
  readonly partition: string;
  readonly row: string;
  /** Plain values only. Long text is split by the adapter that has a limit. */
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** Set by the adapter on rows it has read: names this version of the row, for `putIf`. */
  readonly etag?: string;
}

export type RowKey = Pick<Row, 'partition' | 'row'>;

export type Write =
  | { readonly kind: 'put'; readonly row: Row }
  | { readonly kind: 'delete'; readonly partition: string; readonly row: string };

export interface Range {
  readonly partition?: string;
  /** Within one partition: rows from here (inclusive) to there (exclusive). */
  readonly rowFrom?: string;
  readonly rowTo?: string;
  /** Partitions from here (inclusive) to there (exclusive), in order. */
  readonly partitionFrom?: string;
  readonly partitionTo?: string;
  /** At most so many rows. */
  readonly rowsMax?: number;
}

export interface RecordTable {
  get(partition: string, row: string): Promise<Row | undefined>;
  /** Many rows at once, in the order asked, undefined for those that are not there. Table Storage takes one call for each. */
  getMany(keys: readonly RowKey[]): Promise<readonly (Row | undefined)[]>;
  /** In order of partition, then row key. A row that changes meanwhile is seen before or after its change. */
  list(range: Range): AsyncIterable<Row>;
  /**
   * Upserts and deletes, in any order and not together: a crash may leave any part of them done. At most one write per row. Deleting what is not
   * there is no error. Throws before the first write when a row is more than the storage can hold.
   */
  write(writes: readonly Write[]): Promise<void>;
  /** Puts only if the row is absent (`expected` undefined) or unchanged since `expected` was read. False: somebody else was faster. */
  putIf(row: Row, expected: Row | undefined): Promise<boolean>;
  /** Calls to the storage so far. */
  calls(): number;
  close(): Promise<void>;
}

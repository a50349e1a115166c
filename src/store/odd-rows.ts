import type { Row } from '../ports/index.ts';
import type { RowKind } from './row-kind.ts';

/** Reads rows and counts those that make no sense: one of them must not end a run, nor vanish unsaid. */
export interface OddRows {
  read<Value>(kind: RowKind<Value>, row: Row): Value | undefined;
  notes(): readonly string[];
}

export function oddRows(): OddRows {
  const odd = new Map<string, { first: string; rows: Set<string> }>();
  return {
    read(kind, row) {
      const value = kind.decode(row);
      if (value === undefined) {
        const seen = odd.get(row.partition) ?? { first: row.row, rows: new Set() };
        odd.set(row.partition, seen);
        seen.rows.add(row.row);
      }
      return value;
    },
    notes: () =>
      [...odd].map(
        ([partition, { first, rows }]) =>
          `${rows.size} ${rows.size === 1 ? 'row' : 'rows'} of the store could not be read and ${rows.size === 1 ? 'was' : 'were'} left out (partition ${partition}, first ${first}); the next audit writes anew what it still sees.`,
      ),
  };
}

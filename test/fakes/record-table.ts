import type { RecordTable, Row } from '../../src/ports/index.ts';

/** The port in memory, as strict as the port's words: keys are checked, what is read is a copy. `dump` is what a test compares. */
export function memoryTable(): RecordTable & { dump(): readonly Row[] } {
  const rows = new Map<string, Row>();
  let calls = 0;
  let etag = 0;
  const key = (partition: string, row: string): string => `${checked(partition)}\u0000${checked(row)}`;
  const put = ({ partition, row, values }: Row): void =>
    void rows.set(key(partition, row), { partition, row, values: { ...values }, etag: String(++etag) });
  const sorted = (): Row[] => [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return {
    async get(partition, row) {
      calls++;
      return rows.get(key(partition, row));
    },
    async getMany(keys) {
      calls++;
      return keys.map(({ partition, row }) => rows.get(key(partition, row)));
    },
    async *list({
      partition,
      rowFrom = '',
      rowTo = '\u007f',
      partitionFrom = '',
      partitionTo = '\u007f',
      rowsMax = Number.POSITIVE_INFINITY,
    }) {
      calls++;
      let left = rowsMax;
      for (const row of sorted()) {
        const inside =
          partition === undefined
            ? row.partition >= partitionFrom && row.partition < partitionTo
            : row.partition === partition && row.row >= rowFrom && row.row < rowTo;
        if (inside && left-- > 0) yield row;
      }
    },
    async write(writes) {
      if (writes.length > 0) calls++;
      for (const write of writes) {
        if (write.kind === 'put') put(write.row);
        else rows.delete(key(write.partition, write.row));
      }
    },
    async putIf(row, expected) {
      calls++;
      if (rows.get(key(row.partition, row.row))?.etag !== expected?.etag) return false;
      put(row);
      return true;
    },
    calls: () => calls,
    async close() {},
    dump: () => sorted().map(({ partition, row, values }) => ({ partition, row, values })),
  };
}

function checked(key: string): string {
  if (!/^[\w.~-]{1,512}$/.test(key)) throw new Error(`not a key: ${JSON.stringify(key)}`);
  return key;
}

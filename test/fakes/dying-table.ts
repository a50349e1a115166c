import type { RecordTable } from '../../src/ports/index.ts';

/** The process is gone: nothing after this point happened. */
export class Died extends Error {}

/**
 * A table that dies at its n-th write (0: before the first). Rows of one call go one by one, in the order given or backwards: more
 * deaths than any real table knows, where a batch lives or dies together.
 */
export function dyingTable(table: RecordTable, writesLeft: number, backwards = false): RecordTable {
  let left = writesLeft;
  const live = (): void => {
    if (left-- <= 0) throw new Died();
  };
  return {
    ...table,
    async write(writes) {
      for (const write of backwards ? writes.toReversed() : writes) {
        live();
        await table.write([write]);
      }
    },
    async putIf(row, expected) {
      live();
      return table.putIf(row, expected);
    },
  };
}

/** Waits for work on a dying table: death is what the test wants, anything else is an error. */
export async function orDeath(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Died)) throw error;
  });
}

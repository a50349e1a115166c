import { z } from 'zod';
import type { RecordTable } from '../ports/index.ts';
import { changeBuckets } from './bucket.ts';
import { namePartition } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';

const names = rowKind<Record<string, string>>({
  name: 'bucket of names of subscriptions',
  version: 1,
  schema: z.record(z.string(), z.string()),
  migrations: {},
});

const nameCharsMax = 128;

/** What people call the subscriptions that ids name. One that is out of sight keeps its name. */
export function keptNames(table: RecordTable, odd: OddRows) {
  return {
    saveSubscriptionNames: (given: Readonly<Record<string, string>>): Promise<void> =>
      changeBuckets(
        table,
        namePartition,
        names,
        new Map(Object.entries(given).map(([id, name]) => [id, name.slice(0, nameCharsMax).toWellFormed()])),
      ),
    async subscriptionNames(): Promise<Readonly<Record<string, string>>> {
      const all: Record<string, string> = {};
      for await (const row of table.list({ partition: namePartition })) Object.assign(all, odd.read(names, row) ?? {});
      return all;
    },
  };
}

import { z } from 'zod';
import type { HistoryEntry, Run } from '../findings/index.ts';
import type { KeptReview, RecordTable, ReviewStore } from '../ports/index.ts';
import { historyPartitions, reviewPartition, runPartition, runRow } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { rowKind } from './row-kind.ts';
import { kinds } from './row-kinds.ts';

/** What the monthly review reads, and the row that is kept of each. */
export function reviewRows(table: RecordTable, odd: OddRows): ReviewStore {
  return {
    runsWithin: (from, until) => runsWithin(table, odd, from, until),
    history: () => readHistory(table, odd),
    async keptReview(month) {
      const row = await table.get(reviewPartition, month);
      return row && odd.read(keptReview, row);
    },
    async reviewBefore(month) {
      let latest: KeptReview | undefined;
      for await (const row of table.list({ partition: reviewPartition, rowFrom: '0', rowTo: month }))
        latest = odd.read(keptReview, row) ?? latest;
      return latest;
    },
    saveReview: (review) =>
      table.write([{ kind: 'put', row: { partition: reviewPartition, row: review.month, values: keptReview.encode(review) } }]),
  };
}

const keptReview = rowKind<KeptReview>({
  name: 'review',
  version: 1,
  schema: z.object({
    month: z.string(),
    generatedAt: z.string(),
    tenantId: z.string(),
    values: z.record(z.string(), z.number()),
    sent: z.record(
      z.string(),
      z.object({ state: z.enum(['sending', 'delivered', 'waiting', 'refused']), at: z.string(), attempts: z.number(), why: z.string() }),
    ),
  }),
  migrations: {},
});

/** Rows of runs are in order of their start, newest first; `~` sorts behind every run of its second. */
async function* runsWithin(table: RecordTable, odd: OddRows, from: string, until: string): AsyncIterable<Run> {
  for await (const row of table.list({ partition: runPartition, rowFrom: rowOfSecond(until), rowTo: `${rowOfSecond(from)}~` })) {
    const run = odd.read(kinds.run, row);
    if (run !== undefined && run.startedAt >= from && run.startedAt <= until) yield run;
  }
}

const rowOfSecond = (instant: string): string =>
  runRow(`${new Date(Date.parse(instant)).toISOString().replace(/\.\d+|[:-]/g, '')}-9999`).replace(/-\d+$/, '-');

async function* readHistory(table: RecordTable, odd: OddRows): AsyncIterable<HistoryEntry> {
  for await (const row of table.list(historyPartitions)) {
    const entry = odd.read(kinds.history, row);
    if (entry !== undefined) yield entry;
  }
}

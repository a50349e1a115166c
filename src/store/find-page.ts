import type { StoredFinding } from '../findings/index.ts';
import type { FindingFilter, FindingQuery, FindingSort, Page, RecordTable } from '../ports/index.ts';
import { cursorAfter, readCursor } from './cursor.ts';
import { hintMatcher, matcher } from './finding-filter.ts';
import { hintOf, indexed, type Hint } from './finding-index.ts';
import { findingPartition, keyText } from './keys.ts';
import type { OddRows } from './odd-rows.ts';
import { planOf, type Stretch } from './page-plan.ts';
import { kinds } from './row-kinds.ts';
import { ruleOfFinding } from '../findings/index.ts';

export const pageItemsMax = 1_000;
/** Rows of the index that one page looks at before it says "go on from here". */
const rowsMax = 20_000;
const chunkRowsMax = 1_000;

/** One page from the index. Every finding is read by its key before it is shown: a hint that is out of date is passed over. */
export async function findPage(table: RecordTable, odd: OddRows, query: FindingQuery): Promise<Page<StoredFinding>> {
  const { filter, sort = 'severity' } = query;
  const limit = pageLimit(query.limit);
  const callsBefore = table.calls();
  const question = { filter, sort };
  const after = readCursor(question, query.cursor);
  const budget: Budget = { rows: rowsMax };
  const hints = hintsInOrder(table, filter, sort, after, limit, budget);
  const wanted = matcher(filter);
  const items: StoredFinding[] = [];
  let last = after;
  let ended = false;
  while (items.length < limit && !ended) {
    const batch: Placed[] = [];
    while (batch.length < limit - items.length) {
      const next = await hints.next();
      if (next.done === true) {
        ended = true;
        break;
      }
      batch.push(next.value);
    }
    const found = await truthOf(
      table,
      odd,
      batch.map(({ hint }) => hint),
    );
    for (const finding of found) if (finding !== undefined && wanted(finding)) items.push(finding);
    last = batch.at(-1)?.place ?? last;
  }
  const more = budget.rows <= 0 ? (budget.stoppedAt ?? last) : ended || (await hints.next()).done === true ? undefined : last;
  return {
    items,
    ...(more !== undefined && { cursor: cursorAfter(question, more) }),
    roundTrips: table.calls() - callsBefore,
  };
}

/** The same answer without an index: everything is read, and put in order. */
export async function findAllPage(
  table: RecordTable,
  matching: AsyncIterable<StoredFinding>,
  query: FindingQuery,
): Promise<Page<StoredFinding>> {
  const { filter, sort = 'severity' } = query;
  const limit = pageLimit(query.limit);
  const callsBefore = table.calls();
  const question = { filter, sort };
  const after = readCursor(question, query.cursor) ?? '';
  const found: { readonly finding: StoredFinding; readonly place: string }[] = [];
  for await (const finding of matching) {
    const place = `${indexed(finding).key.slice(sort === 'severity' ? 1 : 2)}.${keyText(finding.id)}`;
    if (place > after) found.push({ finding, place });
  }
  const page = found.toSorted((a, b) => (a.place < b.place ? -1 : 1)).slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map(({ finding }) => finding),
    ...(last !== undefined && { cursor: cursorAfter(question, last.place) }),
    roundTrips: table.calls() - callsBefore,
  };
}

export function pageLimit(given: number): number {
  if (!Number.isInteger(given) || given < 1 || given > pageItemsMax)
    throw new RangeError(`A page holds 1 to ${pageItemsMax} items, not ${given}.`);
  return given;
}

async function truthOf(table: RecordTable, odd: OddRows, hints: readonly Hint[]): Promise<readonly (StoredFinding | undefined)[]> {
  const rows = await table.getMany(hints.map(({ id }) => ({ partition: findingPartition(ruleOfFinding(id) ?? ''), row: keyText(id) })));
  return rows.map((row, at) => {
    const finding = row && odd.read(kinds.finding, row);
    // A finding stands in two places while it is being written; in one of them it is not, or not any more.
    return finding !== undefined && indexed(finding).key === hints[at]?.key ? finding : undefined;
  });
}

interface Placed {
  readonly hint: Hint;
  /** Place in the order. */
  readonly place: string;
}

interface Budget {
  rows: number;
  /** Place up to which everything was looked at when the rows ran out. */
  stoppedAt?: string;
}

/** Hints that may answer the question, each once, in order. Ends early when the budget is used up. */
async function* hintsInOrder(
  table: RecordTable,
  filter: FindingFilter,
  sort: FindingSort,
  after: string | undefined,
  limit: number,
  budget: Budget,
): AsyncGenerator<Placed, undefined> {
  const mayMatch = hintMatcher(filter);
  let latest = '';
  for (const tier of planOf(filter, sort)) {
    const streams = tier.map((stretch) => placesIn(table, stretch, after, limit + 1));
    const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads)
        if (head.next.done !== true && (first?.next.value === undefined || head.next.value.place < first.next.value.place)) first = head;
      if (first === undefined || first.next.done === true) break;
      const placed = first.next.value;
      if (placed.hint !== undefined && placed.place !== latest && mayMatch(placed.hint)) yield { place: placed.place, hint: placed.hint };
      latest = placed.place;
      if (--budget.rows <= 0) {
        budget.stoppedAt = latest;
        return;
      }
      first.next = await first.stream.next();
    }
  }
}

/** A stretch from behind a place, in pieces: first as many as a page takes, then as many as one call gives. */
async function* placesIn(
  table: RecordTable,
  { partition, rowFrom, rowTo, head }: Stretch,
  after: string | undefined,
  firstRows: number,
): AsyncGenerator<{ readonly hint: Hint | undefined; readonly place: string }, undefined> {
  // `-` sorts before `.` and every letter: this is the place right behind the last row.
  const behind = after === undefined ? '' : `${head}${after}-`;
  let from = behind > rowFrom ? behind : rowFrom;
  for (let rows = Math.min(firstRows, chunkRowsMax); from < rowTo; rows = chunkRowsMax) {
    let count = 0;
    for await (const row of table.list({ partition, ...(from === '' ? {} : { rowFrom: from }), rowTo, rowsMax: rows })) {
      count++;
      from = `${row.row}-`;
      yield { hint: hintOf(row), place: row.row.slice(head.length) };
    }
    if (count < rows) return;
  }
}

import type { Page, PageRequest } from '../ports/index.ts';
import { Refusal } from './http/problem.ts';

/** So many pages of the store are read for one answer; what is left comes with the next cursor. */
const roundsMax = 25;

/**
 * One page of what the store gives and the caller may see and asked for. The store's filter does what its indexes can; `wanted` does the rest, so
 * that a page may hold fewer than `limit` and still go on.
 */
export async function filteredPage<Item>(
  { limit, cursor }: PageRequest,
  read: (page: PageRequest) => Promise<Page<Item>>,
  wanted: (item: Item) => boolean | Promise<boolean>,
): Promise<{ readonly items: readonly Item[]; readonly cursor?: string }> {
  const items: Item[] = [];
  let at = cursor;
  for (let round = 0; round < roundsMax; round++) {
    // Never more than are still wanted: the store's cursor names the last item of its page.
    const page = await read({ limit: limit - items.length, cursor: at }).catch(rethrowUnknownCursor);
    const keep = await Promise.all(page.items.map(async (item) => wanted(item)));
    items.push(...page.items.filter((_, index) => keep[index]));
    at = page.cursor;
    if (at === undefined || items.length >= limit) break;
  }
  return { items, ...(at !== undefined && { cursor: at }) };
}

function rethrowUnknownCursor(cause: unknown): never {
  if (cause instanceof Error && cause.name === 'UnknownCursorError')
    throw new Refusal('bad-cursor', 'Cursors belong to the query that gave them: ask again without one.', { cause });
  throw cause;
}

/** For short lists that are held whole: the cursor names the last item's key, so that what comes and goes meanwhile neither shifts nor doubles the rest. */
export function pageOfList<Item>(
  items: readonly Item[],
  { limit, cursor }: PageRequest,
  keyOf: (item: Item) => string,
): { readonly items: readonly Item[]; readonly cursor?: string } {
  const sorted = items.toSorted((one, other) => (keyOf(one) < keyOf(other) ? 1 : keyOf(one) > keyOf(other) ? -1 : 0));
  const after = cursor === undefined ? undefined : decodeCursor(cursor);
  const rest = after === undefined ? sorted : sorted.filter((item) => keyOf(item) < after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, ...(rest.length > limit && last !== undefined && { cursor: encodeCursor(keyOf(last)) }) };
}

const encodeCursor = (key: string): string => Buffer.from(`1:${key}`, 'utf8').toString('base64url');

function decodeCursor(cursor: string): string {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!text.startsWith('1:') || encodeCursor(text.slice(2)) !== cursor)
    throw new Refusal('bad-cursor', 'This is no cursor that was given here: ask again without one.');
  return text.slice(2);
}

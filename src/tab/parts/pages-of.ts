import { useInfiniteQuery } from '@tanstack/react-query';
import type { Coverage } from '../../api/contract/index.ts';
import { useAccess } from '../api/use-api.ts';
import { addressOf } from '../route.ts';

export interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly cursor?: string;
  readonly coverage: Coverage;
}

export type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A list of the API, page after page as somebody scrolls. */
export function usePages<Item>(path: string, query: Query, limit = 200) {
  const { api } = useAccess();
  return useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam, signal }) =>
      api.get<ListPage<Item>>(addressOf(path, { ...query, limit: String(limit), cursor: pageParam }), signal),
    initialPageParam: '',
    getNextPageParam: ({ cursor }) => cursor,
  });
}

/** The items of all pages that are here, each once: what moved between two pages would come twice. */
export function itemsOf<Item>(pages: readonly ListPage<Item>[], keyOf: (item: Item) => string): readonly Item[] {
  const seen = new Map<string, Item>();
  for (const { items } of pages) for (const item of items) seen.set(keyOf(item), item);
  return [...seen.values()];
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filteredPage, pageOfList } from '../../src/api/paging.ts';
import { api, person, send } from './api.ts';

const keyOf = (text: string): string => text;
const texts = fc.uniqueArray(fc.string({ maxLength: 8 }), { maxLength: 40 });

describe('paging a list', () => {
  it('gives each item once, whatever the size of a page', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 10 }), async (items, limit) => {
        const got: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageOfList(items, { limit, cursor }, keyOf);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          got.push(...page.items);
          ({ cursor } = page);
        } while (cursor !== undefined);
        expect(got).toEqual([...items].toSorted().toReversed());
      }),
    );
  });

  it('neither shifts nor doubles what is left when items come and go', () => {
    const first = pageOfList(['a', 'c', 'e', 'g'], { limit: 2 }, keyOf);
    expect(first.items).toEqual(['g', 'e']);
    expect(pageOfList(['a', 'b', 'c', 'f', 'g', 'h'], { limit: 2, cursor: first.cursor }, keyOf).items).toEqual(['c', 'b']);
  });

  it('fills a page although much is filtered out, and never holds more than was asked for', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 10 }), async (items, limit) => {
        const wanted = (text: string): boolean => text.length % 3 === 0;
        const read = async (page: { readonly limit: number; readonly cursor?: string | undefined }) => ({
          ...pageOfList(items, page, keyOf),
          roundTrips: 1,
        });
        const got: string[] = [];
        let cursor: string | undefined;
        do {
          const page = await filteredPage({ limit, cursor }, read, wanted);
          expect(page.items.length).toBeLessThanOrEqual(limit);
          got.push(...page.items);
          ({ cursor } = page);
        } while (cursor !== undefined);
        expect(got).toEqual([...items].toSorted().toReversed().filter(wanted));
      }),
    );
  });
});

describe('paging over the API', () => {
  it('lists runs and acceptances whole, page by page', async () => {
    const asked = await api();
    const manager = person({ roles: ['Findings.Manage'] });
    const ids = (await asked.ask('/api/findings?limit=7')).body.items.map(({ id }: { id: string }) => id) as string[];
    await asked.ask('/api/exceptions', manager, send({ findingIds: ids, reason: 'x', until: '2027-01-31' }));
    for (const [path, count] of [
      ['/api/exceptions', 7],
      ['/api/runs', 2],
      ['/api/findings?status=new,accepted', 38],
    ] as const) {
      const got: string[] = [];
      let cursor: string | undefined;
      do {
        const { body } = await asked.ask(
          `${path}${path.includes('?') ? '&' : '?'}limit=3${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        );
        got.push(...body.items.map(({ id }: { id: string }) => id));
        cursor = body.cursor;
      } while (cursor !== undefined);
      expect([new Set(got).size, got.length]).toEqual([count, count]);
    }
    expect((await asked.ask('/api/runs?job=watch&limit=1')).body).toMatchObject({ items: [{ job: 'watch' }] });
    expect((await asked.ask('/api/runs?since=2026-11-19')).body.items).toHaveLength(1);
  });
});

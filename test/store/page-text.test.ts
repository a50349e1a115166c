import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { array, assert, jsonValue, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entityOf } from '../../src/azure/tables/entity.ts';
import { itemsOfPage, pageMaker } from '../../src/store/page-text.ts';

const pagesOf = (items: readonly unknown[]): readonly string[] => {
  const maker = pageMaker();
  return [...items.flatMap((item) => maker.add(item)), ...maker.rest()];
};
const itemsOf = (pages: readonly string[]): readonly unknown[] => pages.flatMap((page) => [...itemsOfPage(page)]);

describe('pages of a checkpoint', () => {
  it('give back what was put there, in order', () => {
    assert(
      property(array(jsonValue()), (items) => {
        expect(itemsOf(pagesOf(items))).toEqual(JSON.parse(JSON.stringify(items)));
      }),
    );
  });

  it('fit a row of Table Storage, also where nothing can be packed', () => {
    const items = Array.from({ length: 300 }, (_, at) => ({ at, noise: randomBytes(9_000).toString('base64') }));
    const pages = pagesOf(items);
    expect(pages.length).toBeGreaterThan(5);
    for (const body of pages) expect(() => entityOf({ partition: 'shard.x', row: 'rows.000001', values: { body } })).not.toThrow();
    expect(itemsOf(pages)).toEqual(items);
  });

  it('say so where one item does not fit alone', () => {
    const maker = pageMaker();
    expect(() => maker.add(randomBytes(2_000_000).toString('base64'))).toThrow('One item of a checkpoint takes');
  });

  it('do not fill the memory from a small row', () => {
    const bomb = gzipSync(Buffer.alloc(70_000_000, ' ')).toString('base64');
    expect(() => [...itemsOfPage(bomb)]).toThrow(/larger than/);
  });
});

import { array, assert, integer, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partOf, partsFor, planShards } from '../../src/shards/index.ts';
import { guid } from '../build/estate.ts';

const counts = array(record({ assignments: integer({ min: 0, max: 5_000 }), resources: integer({ min: 0, max: 3_000 }) }), {
  maxLength: 40,
}).map((each) => each.map((count, at) => ({ subscription: guid(`subscription ${at}`), ...count })));

describe('shards', () => {
  it('hold each subscription once, whatever its size, and are the same for the same counts in any order', () => {
    assert(
      property(counts, integer({ min: 1, max: 20_000 }), (given, rowsMax) => {
        const shards = planShards(given, rowsMax);
        expect(shards.flatMap(({ subscriptions }) => subscriptions).sort()).toEqual(given.map(({ subscription }) => subscription).sort());
        expect(shards.every(({ subscriptions }) => subscriptions.length > 0)).toBe(true);
        expect(planShards(given.toReversed(), rowsMax)).toEqual(shards);
      }),
    );
  });

  it('are of about one size where subscriptions are small', () => {
    const given = Array.from({ length: 400 }, (_, at) => ({
      subscription: guid(String(at)),
      assignments: 1_000 + (at % 7) * 100,
      resources: 500,
    }));
    const shards = planShards(given, 50_000);
    const rows = shards.map(({ assignments, resources }) => assignments + resources);
    expect(shards.length).toBeGreaterThan(10);
    expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(2_200);
  });

  it('are none where there is no subscription', () => expect(planShards([], 100)).toEqual([]));
});

describe('parts', () => {
  it('are never none, and as many as a million assignments need', () => {
    expect(partsFor([])).toBe(1);
    expect(partsFor([{ assignments: 30_000 }])).toBe(1);
    expect(partsFor([{ assignments: 600_000 }, { assignments: 400_000 }])).toBe(20);
  });

  it('take an id as ids are compared', () => {
    const id = '/subscriptions/AAAA/resourceGroups/rg';
    for (const parts of [2, 7, 20]) expect(partOf(`${id.toUpperCase()}/`, parts)).toBe(partOf(id.toLowerCase(), parts));
  });

  it.each([2, 3, 7, 16, 20])('spread principals over %i', (parts) => {
    const sizes = Array.from({ length: parts }, () => 0);
    for (let at = 0; at < 10_000; at++) sizes[partOf(guid(`principal ${at}`), parts)]! += 1;
    expect(Math.max(...sizes)).toBeLessThan((10_000 / parts) * 1.25);
    expect(Math.min(...sizes)).toBeGreaterThan((10_000 / parts) * 0.75);
  });
});

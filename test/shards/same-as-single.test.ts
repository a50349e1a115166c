import { assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { expect, it } from 'vitest';
import { rules } from '../../src/rules/index.ts';
import { difference, judgementsOfParts, sharded, single } from './both-ways.ts';
import { now, randomTenant } from './random-estate.ts';

const partCounts = [1, 2, 3, 7] as const;

it('judges in parts what it judges at once, byte for byte', { timeout: 120_000 }, async () => {
  const fired = new Set<string>();
  await assert(
    asyncProperty(integer({ min: 1, max: 1_000_000 }), constantFrom(...partCounts), async (seed, parts) => {
      const run = { ...randomTenant(seed), now };
      const whole = single(run);
      for (const { rule } of whole.judgement.violations) fired.add(rule);
      expect(difference(await sharded(run, parts, seed), whole)).toBe('');
    }),
    { seed: 20261120, numRuns: 50 },
  );
  // The tenants are worth something only if every rule has something to say in them.
  expect([...fired].sort()).toEqual(rules.map(({ id }) => id));
});

it('tells each violation in one part only', async () => {
  const run = { ...randomTenant(7), now };
  const judgements = await judgementsOfParts(run, 7);
  const told = judgements.flatMap(({ violations }) => violations.map((violation) => JSON.stringify(violation)));
  expect(new Set(told).size).toBe(new Set(single(run).judgement.violations.map((violation) => JSON.stringify(violation))).size);
  expect(judgements.filter(({ violations }) => violations.length > 0).length).toBeGreaterThan(4);
});

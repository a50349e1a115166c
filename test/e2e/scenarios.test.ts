import { describe, expect, test } from 'vitest';
import { causes } from '../../src/incidents/index.ts';
import { scenarios } from '../../src/sandbox/generate/scenarios/index.ts';
import { watchHalf } from './scenario-table.ts';

describe('the catalogue', () => {
  test.each(causes.map((cause) => cause.id))('%s is first somewhere, and near to it something else is', (id) => {
    const own = scenarios.filter((one) => one.cause === id);
    const near = scenarios.filter((one) => one.id.startsWith(`${id}/neighbour`) && one.cause !== id);
    expect(own.length).toBeGreaterThan(0);
    expect(near.length).toBeGreaterThanOrEqual(2);
  });

  test('names each scenario once', () => {
    expect(new Set(scenarios.map((one) => one.id)).size).toBe(scenarios.length);
  });
});

watchHalf(0);

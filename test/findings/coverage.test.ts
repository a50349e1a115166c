import { describe, expect, it } from 'vitest';
import { slices, type Gap } from '../../src/estate/index.ts';
import { coverage, isComplete } from '../../src/findings/index.ts';

const gap = (more: Partial<Gap> = {}): Gap => ({ slice: 'hosts', scope: '/subscriptions/s1', state: 'missing', why: 'refused', ...more });

describe('coverage', () => {
  it('names every slice, whole where nothing hides it', () => {
    expect(coverage([]).map(({ slice }) => slice)).toEqual([...slices]);
    expect(new Set(coverage([]).map(({ state, scope }) => `${state} ${scope}`))).toEqual(new Set(['whole /']));
  });

  it('puts the gaps in the place of "whole", each once, in an order of its own', () => {
    const gaps = [
      gap({ scope: '/subscriptions/s2', permission: 'x/read' }),
      gap(),
      gap(),
      gap({ slice: 'vaults', scope: '/', state: 'partial', why: 'capped' }),
    ];
    const lines = coverage(gaps);
    expect(lines.filter(({ state }) => state !== 'whole')).toEqual([
      { slice: 'hosts', scope: '/subscriptions/s1', state: 'missing', why: 'refused', permission: '' },
      { slice: 'hosts', scope: '/subscriptions/s2', state: 'missing', why: 'refused', permission: 'x/read' },
      { slice: 'vaults', scope: '/', state: 'partial', why: 'capped', permission: '' },
    ]);
    expect(coverage(gaps.toReversed())).toEqual(lines);
    expect(lines.length).toBe(slices.length + 1);
  });

  it('is complete with harmless gaps, which it shows, and not with others', () => {
    expect(isComplete([])).toBe(true);
    expect(isComplete([gap({ harmless: true })])).toBe(true);
    expect(coverage([gap({ harmless: true })]).some(({ state }) => state === 'missing')).toBe(true);
    expect(isComplete([gap({ harmless: true }), gap()])).toBe(false);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorbTokens, defaultWatchSettings, findTokenBursts, type Acquired, type TokenUses } from '../../src/denials/index.ts';
import { guid } from '../build/estate.ts';

const hour = 3_600_000;
const now = Date.parse('2026-11-20T08:20:00Z');
const top = now - (now % hour);
const vault = 'https://vault.azure.net';
const storage = 'https://storage.azure.com';

/** Tokens an hour, from `from` hours ago to `to` hours ago. */
const steady = (audience: string, from: number, to: number, count: number, who = 'app'): Acquired => ({
  principalId: guid(who),
  clientId: guid(`client of ${who}`),
  audience,
  hours: Array.from({ length: from - to + 1 }, (_, n) => ({ start: top - (from - n) * hour, count })),
});
const days = (count: number): number => count * 24;

function watched(readings: readonly (readonly Acquired[])[], at: readonly number[] = [now]) {
  let uses: TokenUses = new Map();
  let bursts: ReturnType<typeof findTokenBursts>['bursts'] = [];
  for (const [pass, instant] of at.entries()) {
    uses = absorbTokens(uses, readings[pass] ?? []);
    ({ bursts, uses } = findTokenBursts(uses, new Date(instant).toISOString(), defaultWatchSettings));
  }
  return { bursts, uses };
}
const gist = (readings: readonly Acquired[]) =>
  watched([readings]).bursts.map(({ reason, count, silence }) => `${reason} ${count} ${silence}`);

describe('unusual acquisition of tokens', () => {
  it.each([
    ['an audience that it never asked for', [steady(vault, days(20), 0, 3), steady(storage, 1, 0, 4)], ['new-audience 8 none']],
    ['a rate far above its own', [steady(vault, days(20), 2, 3), steady(vault, 1, 0, 120)], ['unusual-rate 240 none']],
    ['a rate far above its own, hours ago', [steady(vault, days(20), 20, 3), steady(vault, 19, 18, 120)], ['unusual-rate 240 resolved']],
    ['a first audience of an identity that is new', [steady(vault, 1, 0, 400)], []],
    ['a new audience before two weeks have passed', [steady(vault, days(13), 0, 3), steady(storage, 1, 0, 4)], []],
    ['ten times as much of very little', [steady(vault, days(20), 1, 2), steady(vault, 0, 0, 40)], []],
    ['three times as much of a lot', [steady(vault, days(20), 1, 60), steady(vault, 0, 0, 180)], []],
    ['a rate that has always been high', [steady(vault, days(20), 0, 500)], []],
    ['an audience that came three days ago', [steady(vault, days(20), 0, 3), steady(storage, days(3), 0, 3)], []],
    ['a new identity beside an old one', [steady(vault, days(20), 0, 3), steady(storage, 1, 0, 4, 'other')], []],
  ])('%s', (_, readings, expected) => {
    expect(gist(readings)).toEqual(expected);
  });

  it('takes the audience as usual once it is there, and tells its first day as one', () => {
    const { bursts } = watched([[steady(vault, days(20), 0, 3), steady(storage, 20, 0, 100)]]);
    expect(bursts.map(({ reason, count }) => `${reason} ${count}`)).toEqual(['new-audience 2100']);
  });

  it('counts the same sign-ins of two workspaces once', () => {
    const both = [steady(vault, days(20), 0, 3), steady(storage, 1, 0, 4)];
    expect(gist([...both, ...both])).toEqual(gist(both));
  });

  it('keeps what it needs and no more: the hours of the window, a few numbers for the rest', () => {
    const { uses } = watched([[steady(vault, days(30), 0, 3)]]);
    expect([...uses.values()].map((use) => use.hours.length)).toEqual([defaultWatchSettings.windowHours]);
  });

  it('ends in the same whatever the passes were', () => {
    const story = fc.record({
      from: fc.integer({ min: 0, max: days(22) }),
      length: fc.integer({ min: 0, max: 60 }),
      count: fc.integer({ min: 1, max: 900 }),
      audience: fc.constantFrom(vault, storage),
    });
    const base = steady(vault, days(25), 0, 2);
    fc.assert(
      fc.property(fc.array(story, { maxLength: 5 }), fc.array(fc.integer({ min: 1, max: days(24) }), { maxLength: 8 }), (stories, some) => {
        const series = [vault, storage].map((audience): Acquired => {
          const counts = new Map(audience === vault ? base.hours.map(({ start, count }) => [start, count]) : []);
          for (const one of stories.filter((each) => each.audience === audience)) {
            for (let ago = one.from; ago >= Math.max(0, one.from - one.length); ago -= 1) counts.set(top - ago * hour, one.count);
          }
          return { ...base, audience, hours: [...counts].map(([start, count]) => ({ start, count })).sort((a, b) => a.start - b.start) };
        });
        const upTo = (instant: number): readonly Acquired[] =>
          series.map((one) => ({ ...one, hours: one.hours.filter(({ start }) => start <= instant) }));
        const passes = [...new Set([...some.map((ago) => now - ago * hour), now])].sort((a, b) => a - b);
        const told = ({ bursts }: ReturnType<typeof watched>) =>
          bursts.map(({ id, count, firstAt, lastAt, silence }) => ({ id, count, firstAt, lastAt, silence }));
        const once = told(watched([upTo(now)]));
        expect(told(watched(passes.map(upTo), passes))).toEqual(once);
        // Doubled readings, and a pass that read nothing.
        expect(told(watched([...passes.map(upTo), upTo(now), []], [...passes, now, now]))).toEqual(once);
      }),
      { numRuns: 80 },
    );
  });
});

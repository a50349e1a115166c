import { describe, expect, it } from 'vitest';
import { absorbTokens, attributionIn, defaultWatchSettings, findTokenBursts } from '../../src/denials/index.ts';
import { diagnoseTokens, type Change } from '../../src/incidents/index.ts';
import { change, now } from '../build/denials.ts';
import { attached, estate, host, userAssigned } from '../build/estate.ts';
import { readable } from './cause-table.ts';

const app = userAssigned('app');
const web = attached(host('web'), app);
const other = host('other');
const world = estate({ identities: [app], hosts: [web, other] });
const hour = 3_600_000;
const top = Date.parse(now);
const hours = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, n) => ({ start: top - (from - n) * hour, count: 3 }));
const of = (audience: string, from: number) => ({
  principalId: app.principalId,
  clientId: app.clientId ?? '',
  audience,
  hours: hours(from, 0),
});
const { bursts } = findTokenBursts(
  absorbTokens(new Map(), [of('https://vault.azure.net', 500), of('https://storage.azure.com', 1)]),
  now,
  defaultWatchSettings,
);
const told = (changes: readonly Change[] | undefined) => {
  const [burst] = bursts;
  return burst && diagnoseTokens(burst, attributionIn(world)(burst.denials), world, changes);
};
const before = (minutes: number): string => new Date(top - hour - minutes * 60_000).toISOString();

describe('an unusual acquisition of tokens', () => {
  it('says who, what, since when, and what to look at', () => {
    const diagnosis = told([])!;
    expect(diagnosis.causes[0]?.why).toMatch(
      /^app \(.*\) asks for tokens for https:\/\/storage\.azure\.com since 2026-11-20 07:00 UTC, .*never asked for before/,
    );
    expect(diagnosis.causes[0]?.check).toHaveLength(2);
    readable(diagnosis);
  });

  it('says so where the Activity Log could not be read', () => {
    expect(told(undefined)?.causes[0]?.why).toMatch(/Activity Log could not be read/);
  });

  it.each([
    ['its host was redeployed', change('host-written', web.id, { at: before(30) }), false],
    ['it was attached to a new host', change('identity-attached', web.id, { at: before(600) }), false],
    ['its host was redeployed two days before', change('host-written', web.id, { at: before(2900) }), true],
    ['another host was redeployed', change('host-written', other.id, { at: before(30) }), true],
    ['a redeployment failed', change('host-written', web.id, { at: before(30), succeeded: false }), true],
  ])('%s', (_, one, isTold) => {
    expect(told([one]) !== undefined).toBe(isTold);
  });
});

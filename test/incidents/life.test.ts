import { describe, expect, it } from 'vitest';
import { carryOn, incidentId, type StoredIncident } from '../../src/incidents/index.ts';
import { blobRefused, burst, lastly, minutes, now, onset } from '../build/denials.ts';
import { userAssigned } from '../build/estate.ts';

const app = userAssigned('app');
const of = (part: Parameters<typeof burst>[1]) => ({ burst: burst([blobRefused(app)], { id: 'app|storage|x|1', who: 'app', ...part }) });
const told = (incidents: readonly StoredIncident[]) =>
  incidents.map(({ status, denials, toldDenials }) => `${status} ${denials} ${toldDenials}`);
const kept = (incidents: readonly StoredIncident[]) => new Map(incidents.map((one) => [one.id, one]));
const episode = of({}).burst.episode;

describe('the life of an incident', () => {
  it('opens, grows when it has doubled, goes quiet, is resolved; under one id', () => {
    const opened = carryOn(new Map(), [of({ count: 20 })], undefined, now);
    const more = carryOn(kept(opened), [of({ count: 30 })], undefined, now);
    const grown = carryOn(kept(more), [of({ count: 40 })], undefined, now);
    const still = carryOn(kept(grown), [of({ count: 50 })], undefined, now);
    const quiet = carryOn(kept(still), [of({ count: 50, silence: 'quiet' })], undefined, now);
    const again = carryOn(kept(quiet), [of({ count: 55 })], undefined, now);
    const resolved = carryOn(kept(again), [of({ count: 55, silence: 'resolved' })], undefined, now);
    expect([opened, more, grown, still, quiet, again, resolved].flatMap(told)).toEqual([
      'opened 20 20',
      'opened 30 20',
      'grown 40 40',
      'grown 50 40',
      'quiet 50 40',
      'opened 55 40',
      'resolved 55 40',
    ]);
    expect(new Set([opened, grown, resolved].flat().map((one) => one.id)).size).toBe(1);
    expect(resolved[0]?.resolvedAt).toBe(now);
  });

  it('keeps the instant at which it was resolved', () => {
    const resolved = carryOn(new Map(), [of({ silence: 'resolved' })], undefined, lastly);
    expect(carryOn(kept(resolved), [of({ silence: 'resolved' })], undefined, now)[0]?.resolvedAt).toBe(lastly);
  });

  it('is resolved when its rows have left the window', () => {
    const opened = carryOn(new Map(), [of({})], undefined, lastly);
    expect(carryOn(kept(opened), [], undefined, now)).toMatchObject([
      { status: 'resolved', resolvedAt: now, resolvedBy: expect.stringContaining('left the window') },
    ]);
  });

  it('says so when late rows joined it with another run', () => {
    const second = of({ id: 'app|storage|x|2', episode: { ...episode, onset: Date.parse(lastly) } });
    const both = carryOn(new Map(), [of({}), second], undefined, now);
    const joined = of({ episode: { ...episode, lastBin: Date.parse(lastly) } });
    const after = carryOn(kept(both), [joined], undefined, now);
    expect(after.map(({ status, resolvedBy = '' }) => `${status} ${resolvedBy}`)).toEqual([
      'opened ',
      `resolved joined with ${incidentId(joined.burst)}: rows that arrived late show one run of refusals`,
    ]);
  });

  it('says so when it turned out to be a part of a spread, and only then', () => {
    const opened = carryOn(new Map(), [of({})], undefined, now);
    const spread = (who: string) =>
      of({
        id: `${who}|spread|1`,
        who,
        kind: 'spread',
        episode: { ...episode, start: Date.parse(minutes(-5)), lastBin: Date.parse(lastly) },
      });
    const endOf = (who: string) => carryOn(kept(opened), [spread(who)], undefined, now).find((one) => one.kind === 'outage')?.resolvedBy;
    expect(endOf('app')).toMatch(/^joined with/);
    expect(endOf('api')).toMatch(/left the window/);
  });

  it('begins with the first refusal and is dated by it', () => {
    expect(carryOn(new Map(), [of({})], undefined, now)).toMatchObject([
      { openedAt: new Date(onset).toISOString(), firstDenialAt: onset, lastDenialAt: lastly },
    ]);
  });
});

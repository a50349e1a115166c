import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { quietUntil } from '../../src/outbox/index.ts';

const quiet = (from: string, to: string, timeZone: string) => ({ from, to, timeZone, exceptSeverity: 'critical' as const });

describe('quiet hours', () => {
  it.each([
    ['before they begin', quiet('22:00', '07:00', 'UTC'), '2026-11-20T21:59:59Z', undefined],
    ['as they begin', quiet('22:00', '07:00', 'UTC'), '2026-11-20T22:00:00Z', '2026-11-21T07:00:00.000Z'],
    ['past midnight', quiet('22:00', '07:00', 'UTC'), '2026-11-21T06:59:30Z', '2026-11-21T07:00:00.000Z'],
    ['as they end', quiet('22:00', '07:00', 'UTC'), '2026-11-21T07:00:00Z', undefined],
    ['within a day', quiet('12:00', '14:00', 'UTC'), '2026-11-21T13:00:00Z', '2026-11-21T14:00:00.000Z'],
    ['in the zone, not in UTC', quiet('22:00', '07:00', 'Asia/Kolkata'), '2026-11-20T20:00:00Z', '2026-11-21T01:30:00.000Z'],
    // Berlin: clocks go back at 03:00 on 25 October 2026, forward at 02:00 on 28 March 2027.
    ['in a night with one hour more', quiet('22:00', '07:00', 'Europe/Berlin'), '2026-10-24T20:30:00Z', '2026-10-25T06:00:00.000Z'],
    ['in a night with one hour less', quiet('22:00', '07:00', 'Europe/Berlin'), '2027-03-27T21:30:00Z', '2027-03-28T05:00:00.000Z'],
    ['with an end that is skipped', quiet('22:00', '02:30', 'Europe/Berlin'), '2027-03-27T21:30:00Z', '2027-03-28T01:00:00.000Z'],
    ['with an end that comes twice', quiet('22:00', '02:30', 'Europe/Berlin'), '2026-10-24T20:30:00Z', '2026-10-25T00:30:00.000Z'],
    ['nearly all day', quiet('07:01', '07:00', 'UTC'), '2026-11-20T07:01:00Z', '2026-11-21T07:00:00.000Z'],
  ])('%s', (_, hours, now, until) => {
    expect(quietUntil(hours, now)).toBe(until);
  });

  it('end outside of themselves, within 26 hours, in every zone and at every time', () => {
    const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const zone = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham', 'Africa/Casablanca', 'UTC');
    const now = fc.date({ min: new Date('2026-01-01'), max: new Date('2028-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(time, time, zone, now, (from, to, timeZone, date) => {
        fc.pre(from !== to);
        const until = quietUntil(quiet(from, to, timeZone), date.toISOString());
        if (until === undefined) return;
        expect(Date.parse(until)).toBeGreaterThan(date.getTime());
        expect(Date.parse(until) - date.getTime()).toBeLessThan(26 * 3_600_000);
        expect(quietUntil(quiet(from, to, timeZone), until)).toBeUndefined();
      }),
    );
  });
});

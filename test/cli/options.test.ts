import { describe, expect, it } from 'vitest';
import { instant, until } from '../../src/cli/options.ts';

const now = '2026-11-20T08:00:00.000Z';

describe('the end of an acceptance', () => {
  it.each([
    ['2027-01-31', '2027-01-31T23:59:59.000Z'],
    ['2028-02-29', '2028-02-29T23:59:59.000Z'],
    ['2027-01-31T12:00:00+01:00', '2027-01-31T11:00:00.000Z'],
    ['90d', '2027-02-18T08:00:00.000Z'],
  ])('%s is %s', (given, at) => expect(until(given, now)).toBe(at));

  it.each(['2027-02-30', '2027-02-29', '2027-13-01', '2027', 'tomorrow', '', '2027-02-30T00:00:00Z'])('%j is none', (given) =>
    expect(until(given, now)).toBeUndefined(),
  );
});

describe('an instant', () => {
  it('keeps its moment', () => expect(instant('2026-11-20T09:00:00+01:00')).toBe(now));

  it.each(['2026-02-30T08:00:00Z', '2026-11-20', '2026-11-20T08:00:00', '2026-11-20T25:00:00Z'])('%j is none', (given) =>
    expect(() => instant(given)).toThrow('instant such as'),
  );
});

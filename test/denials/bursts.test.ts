import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absorb, binStart, defaultWatchSettings, findBursts, type Denial, type Ledger } from '../../src/denials/index.ts';
import { principalId } from '../../src/estate/index.ts';
import { guid } from '../build/estate.ts';

const minute = 60_000;
const start = Date.parse('2026-11-18T08:00:00Z');
const now = Date.parse('2026-11-20T08:00:00Z');
const at = (hoursBeforeNow: number): number => Math.round(now - hoursBeforeNow * 60 * minute);

/** One refused call as a log row: when it happened, when it arrived, who, what. */
interface RowSeen {
  readonly at: number;
  readonly arrived: number;
  readonly who: string;
  readonly target: string;
}

/** What Kusto would answer for rows that arrived in (from, until]: complete counts of each bin that received one of them. */
function reading(
  rows: readonly RowSeen[],
  from: number,
  until: number,
): { readonly denials: readonly Denial[]; readonly bins: readonly number[] } {
  const arrived = rows.filter((row) => row.arrived <= until);
  const bins = new Set(arrived.filter((row) => row.arrived > from).map((row) => binStart(row.at)));
  const series = new Map<string, RowSeen[]>();
  for (const row of arrived.filter((one) => bins.has(binStart(one.at)))) {
    const key = `${row.who}|${row.target}`;
    series.set(key, [...(series.get(key) ?? []), row]);
  }
  return { denials: [...series.values()].map(denialOf), bins: [...bins] };
}

function denialOf(rows: readonly RowSeen[]): Denial {
  const counts = new Map<number, number>();
  for (const row of rows) counts.set(binStart(row.at), (counts.get(binStart(row.at)) ?? 0) + 1);
  const instants = rows.map((row) => row.at);
  return {
    service: 'key-vault',
    table: 'AZKVAuditLogs',
    workspace: 'w',
    caller: { kind: 'workload', objectId: principalId(guid(rows[0]!.who)) },
    target: `/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/${rows[0]!.target}`,
    object: '',
    operation: 'SecretGet',
    statusCode: 403,
    reason: 'ForbiddenByRbac',
    sample: '',
    callerAddresses: [],
    hosts: [],
    bins: [...counts].map(([binAt, count]) => ({ start: binAt, count })),
    firstAt: new Date(Math.min(...instants)).toISOString(),
    lastAt: new Date(Math.max(...instants)).toISOString(),
  };
}

/** Passes at the given instants, the last of them `now`. */
function watch(rows: readonly RowSeen[], passes: readonly number[]) {
  let ledger: Ledger = { watchedSince: start, entries: new Map(), states: new Map() };
  let cursor = start - 1;
  let bursts: ReturnType<typeof findBursts>['bursts'] = [];
  for (const pass of passes) {
    const read = reading(rows, cursor, pass);
    ({ ledger } = absorb(ledger, read.denials, [{ workspace: 'w', table: 'AZKVAuditLogs', bins: read.bins }]));
    ({ bursts, ledger } = findBursts(ledger, [...ledger.entries.values()], new Date(pass).toISOString(), defaultWatchSettings));
    cursor = pass;
  }
  return bursts;
}

const every = (minutes: number): readonly number[] => {
  const passes: number[] = [];
  for (let pass = start + minutes * minute; pass < now; pass += minutes * minute) passes.push(pass);
  return [...passes, now];
};

const rowsAt = (hours: number, count: number, who = 'app', target = 'kv', gapSeconds = 10): readonly RowSeen[] =>
  Array.from({ length: count }, (_, n) => ({
    at: at(hours) + n * gapSeconds * 1000,
    arrived: at(hours) + n * gapSeconds * 1000,
    who,
    target,
  }));

const gist = (bursts: ReturnType<typeof watch>) =>
  bursts.map(({ id, kind, count, firstAt, lastAt, silence }) => ({ id, kind, count, firstAt, lastAt, silence }));

describe('bursts', () => {
  it.each([
    ['five refusals where there were none', rowsAt(1, 5), 1],
    ['four refusals', rowsAt(1, 4), 0],
    ['one an hour for two days', Array.from({ length: 46 }, (_, n) => rowsAt(n + 1, 1)).flat(), 0],
    ['noise of one in five minutes for two days', rowsAt(47.9, 570, 'app', 'kv', 300), 0],
    ['the same noise, then twenty times as much', [...rowsAt(47.9, 570, 'app', 'kv', 300), ...rowsAt(0.5, 60)], 1],
    ['a retry loop at the same rate for two days', rowsAt(47.9, 5700, 'app', 'kv', 30), 1],
    ['two outages with a day between', [...rowsAt(30, 20), ...rowsAt(2, 20)], 2],
    ['a pause of an hour within an outage', [...rowsAt(5, 20), ...rowsAt(3.5, 20)], 1],
  ])('%s: %#', (_, rows, expected) => {
    expect(watch(rows, [now])).toHaveLength(expected);
  });

  it('tells a spread from an outage by the thinness of its refusals', () => {
    const targets = Array.from({ length: 12 }, (_, n) => `kv-${n}`);
    const knocking = targets.flatMap((target, n) => rowsAt(1 - n / 60, 1, 'scout', target));
    const failing = targets.flatMap((target) => rowsAt(1, 9, 'app', target));
    expect(watch(knocking, [now]).map((burst) => burst.kind)).toEqual(['spread']);
    expect(watch(failing, [now]).map((burst) => burst.kind)).toEqual(['outage']);
  });

  it('ends in the same bursts whatever the passes were, and however late or doubled the deliveries', () => {
    const row = fc.record({
      hours: fc.double({ min: 0.1, max: 40, noNaN: true }),
      count: fc.integer({ min: 1, max: 30 }),
      gap: fc.integer({ min: 1, max: 900 }),
      late: fc.integer({ min: 0, max: 90 }),
      who: fc.constantFrom('app', 'api'),
      target: fc.constantFrom('kv', 'kv-2'),
    });
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), fc.array(fc.integer({ min: 1, max: 47 * 60 }), { maxLength: 12 }), (stories, some) => {
        const rows = stories
          .flatMap(({ hours, count, gap, who, target, late }) =>
            rowsAt(hours, count, who, target, gap).map((one) => ({ ...one, arrived: Math.min(now, one.arrived + late * minute) })),
          )
          .filter((one) => one.at <= now);
        const passes = [...new Set(some.map((minutes) => start + minutes * minute))].sort((a, b) => a - b);
        const once = gist(watch(rows, [now]));
        expect(gist(watch(rows, [...passes, now]))).toEqual(once);
        expect(gist(watch(rows, every(120)))).toEqual(once);
      }),
      { numRuns: 60 },
    );
  });
});

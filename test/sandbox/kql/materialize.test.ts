import { expect, it } from 'vitest';
import { runKql, toJson, type KqlTable } from '../../../src/sandbox/kql/index.ts';
import { NOW } from './harness.ts';

it('reads a materialized table once, however many places name it', () => {
  let scans = 0;
  const table: KqlTable = {
    name: 'T',
    columns: [{ name: 'x', type: 'long' }],
    rows: () => {
      scans += 1;
      return [{ x: 1 }, { x: 2 }];
    },
  };
  const query =
    'let m = materialize(T | where x > 0); let n = m | where x > 1; union m, n, (m | join kind=inner n on x | project x) | summarize sum(x), count()';
  expect(toJson(runKql(query, { tables: [table], now: NOW })).rows).toEqual([[7, 4]]);
  expect(scans).toBe(1);
});

it('keeps the tables of two calls of a function apart', () => {
  const query =
    'let f = (least: long) { let m = materialize(datatable(x: long)[1, 2, 3] | where x >= least); m | union m | summarize count() }; f(2) | union f(3) | order by count_ asc';
  expect(toJson(runKql(query, { tables: [], now: NOW })).rows).toEqual([[2], [4]]);
});

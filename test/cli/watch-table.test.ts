import { expect, it } from 'vitest';
import { watchTable } from '../../src/cli/output/watch-table.ts';
import type { WatchCoverage, WatchReport } from '../../src/jobs/watch-report.ts';
import { noCalls } from '../../src/findings/index.ts';

const report = (coverage: readonly WatchCoverage[]): WatchReport => ({
  schema: 'mi-audit/watch/v1',
  run: { id: 'r', from: '2026-11-20T07:55:00Z', to: '2026-11-20T08:00:00Z', complete: true, calls: noCalls, dryRun: false },
  coverage,
  denials: { rows: 0, count: 0, benign: [], ofPeople: 0 },
  incidents: [],
  grants: [],
});
const line = (state: WatchCoverage['state'], why: string): WatchCoverage => ({
  slice: 'logs',
  scope: '/',
  state,
  why,
  permission: '',
  command: '',
});
const printed = (...coverage: readonly WatchCoverage[]): string => watchTable(report(coverage), { columns: 120, colours: false });

it('says how far back a log was read that has come into sight, and not among what is unseen', () => {
  const back = line('whole', 'The workspace logs can be read again; this pass went back to Wednesday.');
  expect(printed(back)).toContain('this pass went back to Wednesday.');
  expect(printed(back)).not.toContain('What is not watched');
  expect(printed(back, line('missing', 'Nothing arrives.'))).toMatch(
    /went back to Wednesday\.\nWhat is not watched[^\n]*\n {2}logs at \/: Nothing arrives\./,
  );
  expect(printed()).not.toContain('Wednesday');
});

import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { watch } from '../../src/cli/commands/watch.ts';
import type { Terminal } from '../../src/cli/terminal.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { writeScenario, type Scenario } from '../../src/sandbox/generate/scenarios/index.ts';
import { scenarioNow } from '../../src/sandbox/generate/scenarios/place.ts';

/** The report of the last pass; earlier ones ran on the same store, as far back as the scenario says. */
export async function watchScenario(scenario: Scenario, dir: string): Promise<WatchReport> {
  // What an earlier run left would count as seen.
  for (const old of [dir, `${dir}.store`]) await rm(old, { recursive: true, force: true });
  await writeScenario(scenario, dir);
  const pass = (now: string): Promise<WatchReport> =>
    watch({ world: dir, store: `${dir}.store`, now, format: 'json', quiet: true }, silent);
  for (const minutes of scenario.passes ?? []) await pass(new Date(Date.parse(scenarioNow) - minutes * 60_000).toISOString());
  return pass(scenarioNow);
}

const silent: Terminal = {
  environment: {},
  input: Readable.from([]),
  print: () => {},
  note: () => {},
  progress: () => {},
  columns: 120,
  colours: false,
};

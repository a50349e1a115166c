import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { scenarios } from '../../src/sandbox/generate/scenarios/index.ts';
import { judge } from '../../tools/scenarios/judge.ts';
import { watchScenario } from '../../tools/scenarios/watch-scenario.ts';
import { parseAz } from '../rules/az-line.ts';
import { folder } from './mi-audit.ts';

/** The catalogue takes minutes: two files test one half each, so that two workers share it. */
export const halves = [0, 1] as const;

/** The whole watch on every world of which the answer is known: real credential, real clients, real KQL, in this process. */
export function watchHalf(half: (typeof halves)[number]): void {
  const mine = scenarios.filter((_, at) => at % halves.length === half);
  describe('the watch', () => {
    test.each(mine.map((one) => [one.id, one.cause, one] as const))('%s: %s', { timeout: 60_000 }, async (_, cause, scenario) => {
      const report = await watchScenario(scenario, join(await folder(), 'world'));
      expect(judge(scenario, report)).toMatchObject({ got: cause, why: '', ok: true });
      for (const line of printed(report)) expect(() => parseAz(line)).not.toThrow();
    });
  });
}

const printed = (report: WatchReport): readonly string[] =>
  report.incidents
    .flatMap((incident) => incident.causes)
    .flatMap((cause) => [...cause.check, ...cause.fix.map((step) => step.cli)])
    .filter((line): line is string => line !== undefined && line !== '');

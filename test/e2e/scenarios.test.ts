import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { causes } from '../../src/incidents/index.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { scenarios } from '../../src/sandbox/generate/scenarios/index.ts';
import { judge } from '../../tools/scenarios/judge.ts';
import { watchScenario } from '../../tools/scenarios/watch-scenario.ts';
import { parseAz } from '../rules/az-line.ts';
import { folder } from './mi-audit.ts';

/** The whole watch on every world of which the answer is known: real credential, real clients, real KQL, in this process. */
describe('the catalogue', () => {
  test.each(causes.map((cause) => cause.id))('%s is first somewhere, and near to it something else is', (id) => {
    const own = scenarios.filter((one) => one.cause === id);
    const near = scenarios.filter((one) => one.id.startsWith(`${id}/neighbour`) && one.cause !== id);
    expect(own.length).toBeGreaterThan(0);
    expect(near.length).toBeGreaterThanOrEqual(2);
  });

  test('names each scenario once', () => {
    expect(new Set(scenarios.map((one) => one.id)).size).toBe(scenarios.length);
  });
});

describe('the watch', () => {
  test.each(scenarios.map((one) => [one.id, one.cause, one] as const))('%s: %s', { timeout: 60_000 }, async (_, cause, scenario) => {
    const report = await watchScenario(scenario, join(await folder(), 'world'));
    expect(judge(scenario, report)).toMatchObject({ got: cause, why: '', ok: true });
    for (const line of printed(report)) expect(() => parseAz(line)).not.toThrow();
  });
});

const printed = (report: WatchReport): readonly string[] =>
  report.incidents
    .flatMap((incident) => incident.causes)
    .flatMap((cause) => [...cause.check, ...cause.fix.map((step) => step.cli)])
    .filter((line): line is string => line !== undefined && line !== '');

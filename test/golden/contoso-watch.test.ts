import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { watch } from '../../src/cli/commands/watch.ts';
import type { WatchReport } from '../../src/jobs/watch-report.ts';
import { writeContoso } from '../../src/sandbox/generate/index.ts';
import { parseAz } from '../rules/az-line.ts';

/** The watch on the built-in world: one incident for each refused workload that contoso plants, its cause first, and silence about everyday refusals. */
const folder = await mkdtemp(join(tmpdir(), 'golden-watch-'));
const world = join(folder, 'contoso');
const planted = await writeContoso(world);
let report: WatchReport;
let again: WatchReport;

beforeAll(async () => {
  report = await pass();
  again = await pass();
}, 120_000);
afterAll(() => rm(folder, { recursive: true }));

const expected = planted.filter((one) => one.expect === 'incident');
const about = (principalId: string) => report.incidents.filter((incident) => incident.principal.id === principalId);

describe('planted incidents', () => {
  test.each(expected.map((one) => [one.problem, one.note, one] as const))('%s: %s', (cause, _, one) => {
    expect(about(one.subject).map((incident) => incident.causes[0]?.id)).toEqual([cause]);
  });
});

test('nobody else is paged', () => {
  const known = new Set(expected.map((one) => one.subject));
  expect(report.incidents.filter((incident) => !known.has(incident.principal.id)).map((incident) => incident.principal)).toEqual([]);
});

test('everyday refusals are counted', () => {
  const kinds = planted.filter((one) => one.expect === 'calm').map((one) => one.problem.replace('look-alike of ', ''));
  const counted = report.denials.benign.filter((one) => one.count > 0).map((one) => one.id);
  expect(kinds.filter((kind) => kind.includes('-')).toSorted()).toEqual(counted.toSorted());
});

test('a second pass at the same instant tells the same incidents', () => {
  const gist = ({ incidents }: WatchReport): unknown => incidents.map(({ id, denials, causes }) => [id, denials, causes[0]?.id]);
  expect(gist(again)).toEqual(gist(report));
});

test('every printed line is one that az takes', () => {
  const lines = report.incidents
    .flatMap((incident) => incident.causes)
    .flatMap(({ check, fix }) => [...check, ...fix.map((step) => step.cli)]);
  const printed = lines.filter((line): line is string => line !== undefined && line !== '');
  expect(printed.length).toBeGreaterThan(expected.length);
  for (const line of printed) expect(() => parseAz(line)).not.toThrow();
});

function pass(): Promise<WatchReport> {
  const terminal = {
    environment: {},
    input: Readable.from([]),
    print: () => {},
    note: () => {},
    progress: () => {},
    columns: 120,
    colours: false,
  };
  return watch({ world, store: join(folder, 'store'), format: 'json', quiet: true }, terminal);
}

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { scenarios } from '../src/sandbox/generate/scenarios/index.ts';
import { judge, type Verdict } from './scenarios/judge.ts';
import { watchScenario } from './scenarios/watch-scenario.ts';

/**
 * `npm run scenarios -- [--json] [--only part-of-an-id,…] [--out DIR]`: writes each scenario's world, runs the code of `mi-audit watch` on it in this process, and holds
 * the answer against what is known. `--out` keeps worlds and answers. Exit code 1 when any answer is wrong.
 */
const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' }, out: { type: 'string' } } });

const wanted = values.only?.split(',') ?? [''];
const chosen = scenarios.filter((one) => wanted.some((part) => one.id.includes(part)));
if (values.out !== undefined) await mkdir(values.out, { recursive: true });
const folder = values.out ?? (await mkdtemp(join(tmpdir(), 'scenarios-')));
const verdicts: Verdict[] = [];
for (const scenario of chosen) {
  const dir = join(folder, scenario.id.replaceAll('/', '--'));
  const verdict = await watchScenario(scenario, dir)
    .then(async (report) => {
      if (values.out !== undefined) await writeFile(`${dir}.json`, JSON.stringify(report, undefined, 2));
      return judge(scenario, report);
    })
    .catch((error: unknown): Verdict => ({
      id: scenario.id,
      expected: scenario.cause,
      got: 'crash',
      confidence: '',
      ok: false,
      why: error instanceof Error ? (error.stack ?? error.message) : String(error),
    }));
  verdicts.push(verdict);
  if (values.json !== true) process.stdout.write(`${lineOf(verdict)}\n`);
}
if (values.out === undefined) await rm(folder, { recursive: true, force: true });

const failed = verdicts.filter((one) => !one.ok).length;
const passed = verdicts.length - failed;
process.stdout.write(
  values.json === true
    ? `${JSON.stringify({ passed, failed, scenarios: verdicts }, undefined, 2)}\n`
    : `${passed} of ${verdicts.length} as expected\n`,
);
process.exitCode = failed > 0 || verdicts.length === 0 ? 1 : 0;

function lineOf({ id, expected, got, confidence, ok, why }: Verdict): string {
  const answer = `${got}${confidence === '' ? '' : ` (${confidence})`}`;
  return ok ? `ok    ${id}: ${answer}` : `WRONG ${id}: ${answer}, expected ${expected}; ${why}`;
}

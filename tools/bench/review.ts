import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { z } from 'zod';
import { median } from './measure.ts';
import { measurement, round, type Measurement } from './result.ts';

/** The monthly review of a large tenant: HTML and all CSV against the plainest thing one can do with the same review, in fresh processes. */
export async function review(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'mi-audit-bench-review-'));
  try {
    progress('bundling it as it is deployed');
    const script = await bundle(dir);
    const runs: Outcome[] = [];
    for (let at = 1; at <= 3; at++) {
      progress(`review ${at} of 20,000 identities, 100,000 assignments, 10,000 findings`);
      runs.push(await once20k(script));
    }
    const of = (pick: (run: Outcome) => number): number => round(median(runs.map(pick)));
    const detail = {
      htmlMs: of((run) => run.htmlMs),
      csvMs: of((run) => run.csvMs),
      jsonMs: of((run) => run.jsonMs),
      htmlMB: of((run) => run.htmlChars / 1e6),
      csvMB: of((run) => run.csvChars / 1e6),
      jsonMB: of((run) => run.jsonChars / 1e6),
      baselineMemoryMB: of((run) => run.baselineMemoryMB),
      builtMemoryMB: of((run) => run.builtMemoryMB),
      withJsonMemoryMB: of((run) => run.withJsonMemoryMB),
    };
    return [
      measurement(
        'review as HTML and CSV, CPU over JSON.stringify of the same review',
        of((run) => (run.htmlMs + run.csvMs) / run.jsonMs),
        '×',
        detail,
        3,
      ),
      measurement(
        'peak memory of a process that builds and renders the review',
        Math.max(...runs.map((run) => run.renderedMemoryMB)),
        'MB',
        detail,
        300,
      ),
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function bundle(dir: string): Promise<string> {
  const outfile = join(dir, 'review-once.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./review-once.ts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}

const outcome = z.object({
  htmlMs: z.number(),
  csvMs: z.number(),
  jsonMs: z.number(),
  htmlChars: z.number(),
  csvChars: z.number(),
  jsonChars: z.number(),
  baselineMemoryMB: z.number(),
  builtMemoryMB: z.number(),
  renderedMemoryMB: z.number(),
  withJsonMemoryMB: z.number(),
});
type Outcome = z.infer<typeof outcome>;

async function once20k(script: string): Promise<Outcome> {
  const child = spawn(process.execPath, [script, '20000', '5', '10000'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The review ended with ${String(code)}.`);
  return outcome.parse(JSON.parse(text));
}

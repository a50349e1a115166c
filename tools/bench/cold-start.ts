import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { bundleFunctions, bundling } from '../build/bundle.ts';
import { assembleApp, zipFolder } from '../build/package-app.ts';
import { buildPage } from '../build-page.ts';
import { median } from './measure.ts';
import { measurement, round, type Measurement } from './result.ts';

const processes = 7;

/** Both libraries with nothing around them, packed by the same options. The names are used, so that nothing of them is shaken off. */
const libraries =
  "import * as functions from '@azure/functions'; import * as identity from '@azure/identity'; globalThis.kept = [functions, identity];";

/**
 * What a cold start waits for: the import of the entry file, in new processes one after the other, in turns with the import of the two libraries alone
 * (bundled by the same options, not read from node_modules, which takes three times as long). CPU time, since the clock of a busy machine says
 * little; the clock's is told beside it. What the first invocation of a function loads after that is told for each.
 */
export async function coldStart(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-audit-cold-start-'));
  try {
    progress('building');
    const { main } = await bundleFunctions(join(folder, 'dist/functions'));
    await buildPage(join(folder, 'dist/tab'));
    const alone = join(folder, 'libraries.js');
    await build({ ...bundling, stdin: { contents: libraries, resolveDir: bundling.absWorkingDir }, outfile: alone });
    const entry = measured([main], [alone]);
    const against = '@azure/functions + @azure/identity alone, bundled by the same options';
    const told = [measurement('cold start: import of the entry', entry.ratio, `times ${against}`, { processes, ...entry.detail }, 1.5)];
    for (const name of functionFiles) {
      progress(`importing the entry and ${name}`);
      const { ratio, detail } = measured([main, await chunkOf(name, dirname(main))], [alone]);
      told.push(measurement(`cold start: entry and what ${name} loads with its first invocation`, ratio, `times ${against}`, detail));
    }
    progress('zipping');
    const app = join(folder, 'app');
    assembleApp(join(folder, 'dist'), app);
    const { bytes, files } = zipFolder(app);
    return [...told, measurement('package, zipped', bytes.length / 1024 / 1024, 'MB', { files }, 10)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What src/functions/main.ts loads when it is first asked; the last only where Application Insights is set, and behind the first answer of HTTP. */
const functionFiles = ['audit-estate', 'watch-denials', 'notify', 'http', 'azure-monitor'];

async function chunkOf(name: string, folder: string): Promise<string> {
  const file = (await readdir(folder)).find((one) => one.startsWith(`${name}-`) && one.endsWith('.js'));
  if (file === undefined) throw new Error(`The build has no file for ${name}.`);
  return join(folder, file);
}

/** In turns, so that what else the machine does meets both. */
function measured(ours: readonly string[], theirs: readonly string[]) {
  const [mine, other]: [Import[], Import[]] = [[], []];
  for (let turn = 0; turn < processes; turn++) {
    mine.push(importIn(ours));
    other.push(importIn(theirs));
  }
  const cpu = (imports: readonly Import[]): number => round(median(imports.map(({ cpuMs }) => cpuMs)));
  const clock = (imports: readonly Import[]): number => round(median(imports.map(({ clockMs }) => clockMs)));
  return {
    ratio: cpu(mine) / cpu(other),
    detail: { cpuMs: cpu(mine), librariesCpuMs: cpu(other), clockMs: clock(mine), librariesClockMs: clock(other) },
  };
}

interface Import {
  readonly cpuMs: number;
  readonly clockMs: number;
}

/** Without the compile cache, as on an instance that has just been made. */
function importIn(files: readonly string[]): Import {
  const script = `
    const cpu = process.cpuUsage(); const start = performance.now();
    ${files.map((file) => `await import(${JSON.stringify(file)});`).join('\n')}
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify({ cpuMs: (user + system) / 1000, clockMs: performance.now() - start }));
    process.exit();`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  if (status !== 0) throw new Error(`${files.join(', ')} does not import: ${stderr}`);
  return JSON.parse(stdout) as Import;
}

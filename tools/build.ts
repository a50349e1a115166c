import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildPage, kib } from './build-page.ts';

/**
 * `npm run build`: one ESM bundle for the function app in dist/functions, with the query texts beside it, and proof that it imports; and the page in
 * dist/tab, with the script it takes to open it.
 */
const root = join(import.meta.dirname, '..');
const out = join(root, 'dist/functions');
const queries = join(root, 'src/azure/queries');

rmSync(join(root, 'dist'), { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: ['src/functions/main.ts'],
  outfile: join(out, 'main.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  metafile: true,
  // Otherwise React brings its checks for developers, and runs them.
  define: { 'process.env.NODE_ENV': '"production"' },
  // The worker provides it; a second copy would register into nothing.
  external: ['@azure/functions-core'],
  // @azure/functions and @azure/identity call require() inside their ESM graph.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  logLevel: 'warning',
});

const strangers = Object.keys(metafile.inputs).filter((input) =>
  /^src\/sandbox\/|node_modules\/(azurite|@kusto|selfsigned)\//.test(input),
);
if (strangers.length > 0) fail(`the sandbox is in the bundle: ${strangers.slice(0, 3).join(', ')}`);

for (const file of readdirSync(queries).filter((name) => name.endsWith('.kql'))) cpSync(join(queries, file), join(out, file));

const imported = spawnSync(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(join(out, 'main.js'))})`], {
  encoding: 'utf8',
});
if (imported.status !== 0) fail(`the bundle does not import:\n${imported.stderr}`);

console.log(
  `dist/functions/main.js: ${Math.round(statSync(join(out, 'main.js')).size / 1024)} KiB, ${Object.keys(metafile.inputs).length} inputs, imports cleanly`,
);

const pageBytes = await buildPage().catch((cause: unknown) => fail(cause instanceof Error ? cause.message : String(cause)));
console.log(`dist/tab: ${kib(pageBytes)} KiB of compressed script for the first page`);

function fail(why: string): never {
  console.error(`build failed: ${why}`);
  process.exit(1);
}

import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildPage, kib } from './build-page.ts';
import { bundleFunctions } from './build/bundle.ts';

/**
 * `npm run build`: the function app in dist/functions, with the query texts beside it, and proof that all of it imports; and the page in dist/tab, with
 * the script it takes to open it.
 */
const root = join(import.meta.dirname, '..');
rmSync(join(root, 'dist'), { recursive: true, force: true });

const out = join(root, 'dist/functions');
const { bytes, inputs } = await bundleFunctions(out);

const strangers = inputs.filter((input) => /^src\/sandbox\/|node_modules\/(azurite|@kusto|selfsigned)\//.test(input));
if (strangers.length > 0) fail(`the sandbox is in the bundle: ${strangers.slice(0, 3).join(', ')}`);

// What is loaded with the first message or request must not fail then.
const files = readdirSync(out).filter((name) => name.endsWith('.js'));
const imports = files.map((name) => `await import(${JSON.stringify(join(out, name))});`).join('\n');
const imported = spawnSync(process.execPath, ['--input-type=module', '-e', imports], { encoding: 'utf8' });
if (imported.status !== 0) fail(`the bundle does not import:\n${imported.stderr}`);

console.log(`dist/functions: ${kib(bytes)} KiB in ${files.length} files out of ${inputs.length}, all of them import cleanly`);

const pageBytes = await buildPage().catch((cause: unknown) => fail(cause instanceof Error ? cause.message : String(cause)));
console.log(`dist/tab: ${kib(pageBytes)} KiB of compressed script for the first page`);

function fail(why: string): never {
  console.error(`build failed: ${why}`);
  process.exit(1);
}

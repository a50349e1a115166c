import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

/**
 * `npm run package`, after `npm run build`: what is deployed, as a folder (dist/app) and as a zip (dist/mi-audit.zip). The bundle brings its libraries, so there is no
 * node_modules and nothing to install on the way. The worker reads `main` and `type` of the package.json at the top.
 */
const root = join(import.meta.dirname, '..');
const app = join(root, 'dist/app');
const zip = join(root, 'dist/mi-audit.zip');
const megabytesMax = 10;

if (!existsSync(join(root, 'dist/functions/main.js'))) fail('dist/functions/main.js is not there: run npm run build first');
rmSync(app, { recursive: true, force: true });
mkdirSync(app, { recursive: true });
for (const part of ['dist/functions', 'dist/tab'].filter((one) => existsSync(join(root, one)))) {
  cpSync(join(root, part), join(app, part), { recursive: true });
}
cpSync(join(root, 'host.json'), join(app, 'host.json'));
const { name, version, type, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
writeFileSync(join(app, 'package.json'), `${JSON.stringify({ name, version, private: true, type, main }, undefined, 2)}\n`);

const entries: Zippable = {};
for (const file of readdirSync(app, { recursive: true, encoding: 'utf8' })) {
  const path = join(app, file);
  // The same files make the same bytes.
  if (statSync(path).isFile()) entries[relative(app, path).replaceAll('\\', '/')] = [readFileSync(path), { mtime: '2000-01-01T00:00:00Z' }];
}
const bytes = zipSync(entries, { level: 9 });
if (bytes.length > megabytesMax * 1024 * 1024) fail(`the package has ${(bytes.length / 1024 / 1024).toFixed(1)} MB, more than ${megabytesMax}`);
writeFileSync(zip, bytes);
console.log(`dist/mi-audit.zip: ${(bytes.length / 1024 / 1024).toFixed(2)} MB, ${Object.keys(entries).length} files`);

function fail(why: string): never {
  console.error(`package failed: ${why}`);
  process.exit(1);
}

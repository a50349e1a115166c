import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assembleApp, zipFolder } from './build/package-app.ts';

/** `npm run package`, after `npm run build`: what is deployed, as a folder (dist/app) and as a zip (dist/mi-audit.zip). */
const dist = join(import.meta.dirname, '../dist');
const app = join(dist, 'app');
const megabytesMax = 10;

if (!existsSync(join(dist, 'functions/main.js'))) fail('dist/functions/main.js is not there: run npm run build first');
rmSync(app, { recursive: true, force: true });
assembleApp(dist, app);
const { bytes, files } = zipFolder(app);
if (bytes.length > megabytesMax * 1024 * 1024)
  fail(`the package has ${(bytes.length / 1024 / 1024).toFixed(1)} MB, more than ${megabytesMax}`);
writeFileSync(join(dist, 'mi-audit.zip'), bytes);
console.log(`dist/mi-audit.zip: ${(bytes.length / 1024 / 1024).toFixed(2)} MB, ${files} files`);

function fail(why: string): never {
  console.error(`package failed: ${why}`);
  process.exit(1);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Licences of everything in the lock file. What is shipped must be free to link and to give away; tools that only build may also be under a file-level copyleft licence.
 */
const shipped = new Set([
  'MIT',
  'MIT-0',
  'ISC',
  '0BSD',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  'BSL-1.0',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
]);
const built = new Set([...shipped, 'MPL-2.0', 'Python-2.0', 'CC-BY-4.0']);
/** Packages whose field is no SPDX name, looked at by hand. tv4: public domain. */
const lookedAt = new Set(['http://geraintluff.github.io/tv4/LICENSE.txt']);

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')) as {
  readonly packages: Readonly<Record<string, Locked>>;
};
const packages = Object.entries(lock.packages).filter(([path, { link }]) => path !== '' && link !== true);
const wrong = packages.filter(([, { license = '', dev = false }]) => {
  const allowed = dev ? built : shipped;
  return (
    !lookedAt.has(license) &&
    !license
      .replace(/[()]/g, '')
      .split(/ (?:AND|OR) /)
      .every((one) => allowed.has(one))
  );
});

for (const [path, { license }] of wrong) console.error(`${path.replace(/^.*node_modules\//, '')}: ${license ?? 'no licence'}`);
if (packages.length === 0) console.error('the lock file names no package');
if (wrong.length > 0 || packages.length === 0) process.exitCode = 1;
else console.log(`${packages.length} packages, every licence known and allowed`);

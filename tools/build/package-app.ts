import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync, type Zippable } from 'fflate';

const root = join(import.meta.dirname, '../..');

/**
 * What is deployed, as a folder. The bundle brings its libraries, so there is no node_modules and nothing to install on the way. The worker reads `main`
 * and `type` of the package.json at the top.
 */
export function assembleApp(dist: string, app: string): void {
  mkdirSync(app, { recursive: true });
  for (const part of ['functions', 'tab'].filter((one) => existsSync(join(dist, one)))) {
    cpSync(join(dist, part), join(app, 'dist', part), { recursive: true });
  }
  cpSync(join(root, 'host.json'), join(app, 'host.json'));
  const { name, version, type, main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, string>;
  writeFileSync(join(app, 'package.json'), `${JSON.stringify({ name, version, private: true, type, main }, undefined, 2)}\n`);
}

export interface Zipped {
  readonly bytes: Uint8Array;
  readonly files: number;
}

/** The same files make the same bytes. */
export function zipFolder(folder: string): Zipped {
  const entries: Zippable = {};
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()) {
    const path = join(folder, file);
    if (statSync(path).isFile())
      entries[relative(folder, path).replaceAll('\\', '/')] = [readFileSync(path), { mtime: '2000-01-01T00:00:00Z' }];
  }
  return { bytes: zipSync(entries, { level: 9 }), files: Object.keys(entries).length };
}

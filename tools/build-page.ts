import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const root = join(import.meta.dirname, '..');
export const pageFolder = join(root, 'dist/tab');

/** So much script may stand between opening the page in a browser and reading it. */
export const firstLoadBytesMax = 250 * 1024;
/** What somebody loads who opens the page: the shell, the way to sign in, and the first page. */
const firstLoad = ['index.html', 'session/browser.ts', 'pages/overview.tsx'];

interface ManifestChunk {
  readonly file: string;
  readonly imports?: readonly string[];
}

/** Builds the page, into dist/tab unless told otherwise. Answers how much compressed script the first load takes. */
export async function buildPage(folder = pageFolder): Promise<number> {
  // In a process of its own: under a test runner NODE_ENV is another, and React would come with all that is for its developers.
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', '--config', join(root, 'src/tab/vite.config.ts'), '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'],
    {
      env,
    },
  );
  const manifest = JSON.parse(readFileSync(join(folder, '.vite/manifest.json'), 'utf8')) as Readonly<Record<string, ManifestChunk>>;
  const bytes = firstLoadBytes(manifest, (file) => gzipSync(readFileSync(join(folder, file))).length);
  if (bytes > firstLoadBytesMax)
    throw new Error(
      `the page loads ${kib(bytes)} KiB of compressed script before it shows anything; at most ${kib(firstLoadBytesMax)} are allowed`,
    );
  return bytes;
}

/** Each script once, with everything that it imports at once. */
export function firstLoadBytes(manifest: Readonly<Record<string, ManifestChunk>>, sizeOf: (file: string) => number): number {
  const needed = new Set<string>();
  const need = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`the build has no chunk ${name}: has the file been renamed?`);
    if (needed.has(chunk.file)) return;
    needed.add(chunk.file);
    for (const imported of chunk.imports ?? []) need(imported);
  };
  for (const name of firstLoad) need(name);
  return [...needed].reduce((sum, file) => sum + sizeOf(file), 0);
}

export const kib = (bytes: number): number => Math.round(bytes / 1024);

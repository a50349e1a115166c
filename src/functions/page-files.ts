import { readFile } from 'node:fs/promises';
import { extname, join, resolve, sep } from 'node:path';
import type { PageFiles } from '../api/index.ts';

/** The built page in a folder. Its files are read once and kept: a deployment brings new ones with a new process. */
export function pageFiles(folder: string): PageFiles {
  const root = resolve(folder);
  const kept = new Map<string, Promise<Buffer<ArrayBuffer> | undefined>>();
  return {
    async read(path) {
      const file = resolve(join(root, path));
      const contentType = types[extname(file).toLowerCase()];
      if (!file.startsWith(root + sep) || contentType === undefined) return undefined;
      const bytes = await (kept.get(file) ?? keep(file));
      return bytes === undefined ? undefined : { bytes: new Uint8Array(bytes), contentType };
    },
  };

  function keep(file: string): Promise<Buffer<ArrayBuffer> | undefined> {
    const reading = readFile(file).catch(() => undefined);
    // What is not there is asked for with any name by anybody: only what is there is kept.
    void reading.then((bytes) => bytes !== undefined && kept.set(file, reading));
    return reading;
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

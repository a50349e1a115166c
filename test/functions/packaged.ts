import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunctions, type Bundle } from '../../tools/build/bundle.ts';
import { assembleApp } from '../../tools/build/package-app.ts';

export interface Packaged {
  /** What the zip unpacks to. */
  readonly app: string;
  readonly bundle: Bundle;
  remove(): Promise<void>;
}

/** The app as it is deployed, in a folder of its own, with a stand-in for the page. */
export async function packagedApp(): Promise<Packaged> {
  const folder = await mkdtemp(join(tmpdir(), 'mi-audit-app-'));
  const bundle = await bundleFunctions(join(folder, 'dist/functions'));
  await mkdir(join(folder, 'dist/tab'), { recursive: true });
  await writeFile(
    join(folder, 'dist/tab/index.html'),
    '<!doctype html><title>mi-audit</title><script type="module" nonce="__CSP_NONCE__"></script>',
  );
  const app = join(folder, 'app');
  assembleApp(join(folder, 'dist'), app);
  return { app, bundle, remove: () => rm(folder, { recursive: true, force: true }) };
}

import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, type BuildOptions } from 'esbuild';

const root = join(import.meta.dirname, '../..');
const queries = join(root, 'src/azure/queries');

/** How code becomes one file that the Functions worker imports. The benchmark packs what it compares with in the same way. */
export const bundling = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22',
  minify: true,
  keepNames: true,
  // Otherwise React brings its checks for developers, and runs them.
  define: { 'process.env.NODE_ENV': '"production"' },
  // The worker provides it; a second copy would register into nothing.
  external: ['@azure/functions-core'],
  // @azure/functions and @azure/identity call require() inside their ESM graph.
  banner: {
    js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions;

export interface Bundle {
  /** The file that `main` of package.json names. */
  readonly main: string;
  readonly bytes: number;
  /** Every source that went in, as a path from the top of the repository. */
  readonly inputs: readonly string[];
}

/** The function app in `out`, with the query texts that it reads beside it. */
export async function bundleFunctions(out: string): Promise<Bundle> {
  mkdirSync(out, { recursive: true });
  const { metafile } = await build({
    ...bundling,
    entryPoints: { main: 'src/functions/main.ts' },
    outdir: out,
    // What is imported later becomes a file of its own: a timer does not wait for the templates of mails.
    splitting: true,
    chunkNames: '[name]-[hash]',
    // For the lines of stack traces, which need the names of sources and not their text.
    sourcemap: 'linked',
    sourcesContent: false,
    metafile: true,
  });
  for (const file of readdirSync(queries).filter((name) => name.endsWith('.kql'))) copyFileSync(join(queries, file), join(out, file));
  const inputs = Object.keys(metafile.inputs);
  return { main: join(out, 'main.js'), bytes: sizeOf(out), inputs };
}

const sizeOf = (folder: string): number =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

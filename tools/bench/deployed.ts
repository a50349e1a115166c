import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/**
 * The audit as it is deployed: one bundle, made as tools/build.ts makes the function app's. Run from its sources, Node's own TypeScript compiler
 * stays in the process and takes 50 MB of what is measured.
 */
export async function bundleAudit(dir: string, script: 'audit-once' | 'part-once' | 'join-once' = 'audit-once'): Promise<string> {
  const outfile = join(dir, `${script}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, `${script}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    banner: {
      js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
    },
    logLevel: 'error',
  });
  const queries = join(import.meta.dirname, '../../src/azure/queries');
  for (const file of readdirSync(queries).filter((name) => name.endsWith('.kql'))) cpSync(join(queries, file), join(dir, file));
  return outfile;
}

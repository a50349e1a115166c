import { spawnSync } from 'node:child_process';

/** `npm run check`: everything that says "ready" without running the product. Runs all steps, then tells which failed. */
const steps: readonly (readonly [name: string, command: readonly string[]])[] = [
  ['types', ['tsc', '-p', '.']],
  ['types of the page', ['tsc', '-p', 'src/tab']],
  ['lint and layers', ['oxlint', '--deny-warnings']],
  ['format', ['oxfmt', '--check', '.']],
  ['dead code', ['knip']],
  ['generated docs', ['node', 'tools/write-docs.ts', '--check']],
  ['licences', ['node', 'tools/licences.ts']],
  ['dependencies', ['node', 'tools/dependencies.ts']],
];

const failed = steps.filter(([name, [command, ...args]]) => {
  console.log(`\n-- ${name}`);
  return spawnSync(command!, args, { stdio: 'inherit' }).status !== 0;
});

if (failed.length > 0) console.error(`\nnot ready: ${failed.map(([name]) => name).join(', ')}`);
else console.log('\nready');
process.exitCode = failed.length > 0 ? 1 : 0;

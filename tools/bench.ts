import { parseArgs } from 'node:util';
import { calls } from './bench/calls.ts';
import { coldStart } from './bench/cold-start.ts';
import { collection } from './bench/collection.ts';
import { judging } from './bench/judging.ts';
import { outbox } from './bench/outbox.ts';
import type { Measurement } from './bench/result.ts';
import { review } from './bench/review.ts';
import { shards } from './bench/shards.ts';
import { storeQueries } from './bench/store-queries.ts';
import { watch } from './bench/watch.ts';

/** `npm run bench [-- --only judging]`: JSON on standard output, progress on standard error, exit code 1 when a target is missed. */
const cases: Readonly<Record<string, (progress: (line: string) => void) => Promise<readonly Measurement[]>>> = {
  judging,
  collection,
  calls,
  watch,
  outbox,
  review,
  shards,
  'store-queries': storeQueries,
  'cold-start': coldStart,
};

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const wanted = values.only ?? Object.keys(cases);
const unknown = wanted.filter((name) => !Object.hasOwn(cases, name));
if (unknown.length > 0) {
  process.stderr.write(`There is no case ${unknown.join(', ')}; there are ${Object.keys(cases).join(', ')}.\n`);
  process.exit(2);
}

const measurements: Measurement[] = [];
for (const name of wanted) measurements.push(...((await cases[name]?.((line) => process.stderr.write(`${name}: ${line}\n`))) ?? []));

for (const { name, value, unit, atMost, met } of measurements) {
  process.stderr.write(`${met ? 'met   ' : 'MISSED'} ${name}: ${value} ${unit}${atMost === undefined ? '' : `, at most ${atMost}`}\n`);
}
process.stdout.write(
  `${JSON.stringify({ schema: 'mi-audit/bench/v1', node: process.version, met: measurements.every(({ met }) => met), measurements }, null, 2)}\n`,
);
process.exitCode = measurements.every(({ met }) => met) ? 0 : 1;

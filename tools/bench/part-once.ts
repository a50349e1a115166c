import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { growHeapSlowly } from '../../src/azure/heap-growth.ts';
import { defaultRuleSettings, rules } from '../../src/rules/index.ts';
import { inventoryOf } from '../../src/inventory/index.ts';
import type { TenantSize } from '../../src/sandbox/generate/index.ts';
import { contextOf, judgePart, memoryOfVanished, partOf } from '../../src/shards/index.ts';
import { peakMemoryMB } from './measure.ts';
import type { PartOutcome } from './part-outcome.ts';
import { benchNow, readFacts, rememberedOf, rowsIn } from './shard-pages.ts';

/** One part of a sharded audit in a process of its own: facts, resources, assignments as they stream by, judgement, sheets. */
const [dir = '', partText = '0', partsText = '1'] = process.argv.slice(2);
const [part, parts] = [Number(partText), Number(partsText)];
const size: TenantSize = JSON.parse(readFileSync(join(dir, 'size.json'), 'utf8'));
// As the functions that judge a part do.
growHeapSlowly();
const baselineMemoryMB = peakMemoryMB();
const startedAt = performance.now();
const rows = rowsIn(dir);
const context = await contextOf({ facts: await readFacts(dir, size), rows });
const memory = memoryOfVanished(context, rememberedOf(size));
const contextMemoryMB = peakMemoryMB();
const { estate, access, judgement } = await judgePart({
  context,
  rows,
  memory,
  settings: defaultRuleSettings,
  rules,
  now: benchNow,
  part,
  parts,
});
const judgedMemoryMB = peakMemoryMB();
let sheets = 0;
for (const { principalId } of inventoryOf({ estate, access, now: benchNow })) if (partOf(principalId, parts) === part) sheets += 1;
const outcome: PartOutcome = {
  assignments: estate.assignments.length,
  violations: judgement.violations.length,
  sheets,
  wallMs: performance.now() - startedAt,
  baselineMemoryMB,
  contextMemoryMB,
  judgedMemoryMB,
  peakMemoryMB: peakMemoryMB(),
};
process.stdout.write(JSON.stringify(outcome));

import { readSettings } from '../../src/config/index.ts';
import { growHeapSlowly } from '../../src/azure/heap-growth.ts';
import { performPiece } from '../../src/jobs/sharded/perform-piece.ts';
import { rules } from '../../src/rules/index.ts';
import { openSqliteTable, openStore } from '../../src/store/index.ts';
import type { JoinOutcome } from './join-outcome.ts';
import { peakMemoryMB } from './measure.ts';

/** The join of a sharded audit in a process of its own, over a store in a folder that holds the checkpoints of all pieces before. */
const [folder = ''] = process.argv.slice(2);
// As the function that takes the pieces does.
growHeapSlowly();
const baselineMemoryMB = peakMemoryMB();
const startedAt = performance.now();
const read = readSettings({});
if (!('settings' in read)) throw new Error('The defaults are no settings.');
const store = openStore(openSqliteTable(folder), { nowMs: Date.now });
const plan = await store.shardPlan();
if (plan === undefined) throw new Error('The store holds no plan.');
const before: number[] = [];
let bucketsMemoryMB = 0;
let rememberedMemoryMB = 0;
const { said, audit } = await performPiece(
  {
    // A join asks Azure for nothing.
    source: undefined as never,
    store: {
      ...store,
      async apply(...given) {
        bucketsMemoryMB = peakMemoryMB();
        await store.apply(...given);
      },
      async saveInventory(seen) {
        rememberedMemoryMB = peakMemoryMB();
        await store.saveInventory(seen);
      },
    },
    queue: { send: async () => {} },
    settings: read.settings,
    rules,
    now: () => plan.at,
    nowMs: Date.now,
    // In one invocation, however long it takes here.
    endsMs: Number.POSITIVE_INFINITY,
    holder: 'bench',
    newName: (() => {
      let names = 0;
      return () => `join-${(names += 1)}`;
    })(),
    progress: () => before.push(peakMemoryMB()),
  },
  { planId: plan.id, piece: 'join' },
);
if (audit === undefined) throw new Error(said);
await store.close();
process.stderr.write(`${said}\n`);
const outcome: JoinOutcome = {
  buckets: before.length,
  wallMs: performance.now() - startedAt,
  baselineMemoryMB,
  firstMemoryMB: before[1] ?? 0,
  earlyMemoryMB: before[Math.floor(before.length / 4)] ?? 0,
  bucketsMemoryMB,
  rememberedMemoryMB,
  peakMemoryMB: peakMemoryMB(),
};
process.stdout.write(JSON.stringify(outcome));

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantSize } from '../../src/sandbox/generate/index.ts';
import { partsFor } from '../../src/shards/index.ts';
import { bundleAudit } from './deployed.ts';
import { partOutcome, type PartOutcome } from './part-outcome.ts';
import { measurement, round, type Measurement } from './result.ts';
import { writePages } from './shard-pages.ts';

/** A tenant of a million assignments and 100,000 managed identities, of both kinds. */
const million: TenantSize = {
  seed: 1,
  subscriptions: 500,
  resourceGroupsPerSubscription: 20,
  managementGroups: 60,
  resources: 220_000,
  assignments: 1_000_000,
  principals: 130_000,
  identities: 40_000,
};

/** What one part of a sharded audit takes, each in a process of its own over the checkpoint pages of the whole tenant: the first part and the last. */
export async function shards(progress: (line: string) => void): Promise<readonly Measurement[]> {
  const dir = await mkdtemp(join(tmpdir(), 'mi-audit-shards-'));
  try {
    progress(`writing the checkpoint pages of ${million.assignments} assignments`);
    await writePages(dir, million);
    const script = await bundleAudit(dir, 'part-once');
    const parts = partsFor([million]);
    const outcomes: PartOutcome[] = [];
    for (const part of [0, parts - 1]) {
      progress(`judging part ${part + 1} of ${parts}`);
      outcomes.push(await judgeOnce(script, dir, part, parts));
    }
    const worst = outcomes.reduce((most, each) => (each.peakMemoryMB > most.peakMemoryMB ? each : most));
    return [
      measurement(
        'peak memory of one part of 1,000,000 assignments and 100,000 identities, as deployed',
        worst.peakMemoryMB,
        'MB',
        { parts, ...told(worst) },
        512,
      ),
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function judgeOnce(script: string, dir: string, part: number, parts: number): Promise<PartOutcome> {
  const child = spawn(process.execPath, [script, dir, String(part), String(parts)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`Part ${part + 1} of ${parts} ended with ${String(code)}.`);
  return partOutcome.parse(JSON.parse(text));
}

const told = (outcome: PartOutcome): Measurement['detail'] =>
  Object.fromEntries(Object.entries(outcome).map(([name, value]) => [name, round(value)]));

import { spawn } from 'node:child_process';
import { once as closing } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TenantSize } from '../../src/sandbox/generate/index.ts';
import { partsFor } from '../../src/shards/index.ts';
import { bundleAudit } from './deployed.ts';
import { joinOutcome, type JoinOutcome } from './join-outcome.ts';
import { writeStore } from './join-store.ts';
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

/**
 * What the pieces of a sharded audit take, each in a process of its own: the first part and the last, over the checkpoint pages of the whole tenant; the join of a
 * first audit, which writes everything, and of the next, which knows everything.
 */
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
      outcomes.push(partOutcome.parse(await once(script, [dir, String(part), String(parts)])));
    }
    const worst = outcomes.reduce((most, each) => (each.peakMemoryMB > most.peakMemoryMB ? each : most));
    const joins = await joinTwice(dir, parts, progress);
    return [
      measurement(
        'peak memory of one part of 1,000,000 assignments and 100,000 identities, as deployed',
        worst.peakMemoryMB,
        'MB',
        { parts, ...told(worst) },
        512,
      ),
      ...joins.map((join, at) =>
        measurement(
          `peak memory of the join of ${at === 0 ? 'a first' : 'a later'} audit of that size with 93,000 findings, as deployed`,
          join.peakMemoryMB,
          'MB',
          told(join),
          512,
        ),
      ),
    ];
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

async function joinTwice(dir: string, parts: number, progress: (line: string) => void): Promise<readonly JoinOutcome[]> {
  const script = await bundleAudit(dir, 'join-once');
  const folder = join(dir, 'store');
  const outcomes: JoinOutcome[] = [];
  for (const at of ['2026-11-20T08:00:00.000Z', '2026-11-21T08:00:00.000Z']) {
    progress(`writing the store as the join of ${at} finds it`);
    await writeStore(folder, { dir, size: million, parts, at });
    progress('joining');
    outcomes.push(joinOutcome.parse(await once(script, [folder])));
  }
  return outcomes;
}

/** What a script prints that runs in a process of its own. */
async function once(script: string, given: readonly string[]): Promise<unknown> {
  const child = spawn(process.execPath, [script, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (text += piece));
  const [code] = await closing(child, 'close');
  if (code !== 0) throw new Error(`${script} ${given.join(' ')} ended with ${String(code)}.`);
  return JSON.parse(text);
}

const told = (outcome: PartOutcome | JoinOutcome): Measurement['detail'] =>
  Object.fromEntries(Object.entries(outcome).map(([name, value]) => [name, round(value)]));

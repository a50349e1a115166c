import { tell } from '../../telemetry/index.ts';
import { underLease } from '../under-lease.ts';
import { attemptsAt, duePieces, messagesFor, openPieces } from './pieces.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/** Nothing moved for so long: a message was lost, or whoever had it died. A piece that takes longer is done twice, which only costs time. */
const stuckAfterMs = 10 * 60_000;
/** A piece that was begun so often and is not done will not be. */
export const attemptsMax = 8;
/** An audit is due every day. */
const givenUpAfterMs = 24 * 3_600_000;

type Looking = Pick<ShardedRequest, 'store' | 'queue' | 'now' | 'nowMs' | 'holder'>;

/**
 * What became of the audit that is under way in shards. Sends the pieces again of one that is stuck; ends one that will not come to its end, as failed; and
 * takes away what is left of one that is over. Undefined: none is under way.
 */
export async function lookAfterPlan(request: Looking): Promise<string | undefined> {
  const { store, queue, nowMs } = request;
  const plan = await store.shardPlan();
  if (plan === undefined) return undefined;
  const run = await store.run(plan.runId);
  if (run?.state !== 'started') {
    await store.forgetPlan(plan.id);
    return undefined;
  }
  const states = await store.pieces(plan.id);
  const open = openPieces(plan, states);
  const failing = open.find((piece) => attemptsAt(piece, states) >= attemptsMax);
  if (failing !== undefined)
    return giveUp(request, { plan, run }, `its piece ${failing} was begun ${attemptsAt(failing, states)} times and never done`);
  if (nowMs() - plan.begunMs > givenUpAfterMs) return giveUp(request, { plan, run }, 'it did not come to its end within a day');
  const done = `${states.done.size} pieces are done, open are ${open.slice(0, 5).join(', ')}${open.length > 5 ? ` and ${open.length - 5} more` : ''}`;
  if (nowMs() - Math.max(plan.begunMs, states.movedMs) < stuckAfterMs) return `Audit ${run.id} is under way in shards: ${done}.`;
  await queue.send(messagesFor(plan, duePieces(plan, states)));
  return `Audit ${run.id} has not moved for ${Math.round((nowMs() - Math.max(plan.begunMs, states.movedMs)) / 60_000)} minutes; its open pieces were sent again: ${done}.`;
}

/** Never a clean result: the run says that it failed, and why; findings stay as they were. */
export async function giveUp({ store, now, holder }: Looking, { plan, run }: Underway, why: string): Promise<string> {
  const said = `Audit ${run.id} was given up: ${why}. The log of the function audit-shard says what went wrong; the next audit begins anew.`;
  await underLease({ store, name: 'audit', holder }, async () => {
    if ((await store.run(plan.runId))?.state !== 'started') return;
    const coverage = [{ slice: 'roleAssignments', scope: '/', state: 'missing', why: said, permission: '' }] as const;
    await store.finishRun({ ...run, state: 'failed', finishedAt: now(), complete: false, coverage });
    tell('mi_audit.run.failed', 'error', { 'mi_audit.job': 'audit', 'error.type': 'given_up', 'mi_audit.why': said });
  });
  await store.forgetPlan(plan.id);
  return said;
}

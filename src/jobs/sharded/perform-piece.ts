import { z } from 'zod';
import type { Run } from '../../findings/index.ts';
import { nameRun, recordAudit } from '../../telemetry/index.ts';
import { telling } from '../telling.ts';
import { AlreadyRunning } from '../under-lease.ts';
import { collectRows, collectFacts } from './collect-pieces.ts';
import { joinParts } from './join-parts.ts';
import { judgeOnePart } from './judge-piece.ts';
import { attemptsMax, giveUp } from './look-after-plan.ts';
import { attemptsAt, messagesFor, openPieces, pieceOf, piecesAfter, type Piece } from './pieces.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

const message = z.object({ planId: z.string().min(1).max(100), piece: z.string().min(1).max(100) });

export interface Performed {
  readonly said: string;
  /** The audit came to its end with this: people are to be told. */
  readonly audit?: Run;
  /** The audit was given up. */
  readonly failed?: true;
}

/**
 * Does what a message says, or nothing: messages come twice, late, before their turn and from audits that are over, and anything may lie in a queue. Whoever
 * finishes the last piece of a stage sends those of the next.
 */
export const performPiece = (request: ShardedRequest, given: unknown): Promise<Performed> =>
  telling(
    'shard',
    () => performOne(request, given),
    ({ audit }) => audit !== undefined && recordAudit({ run: audit, coverage: audit.coverage, summary: audit.summary }),
  );

async function performOne(request: ShardedRequest, given: unknown): Promise<Performed> {
  const parsed = message.safeParse(given);
  if (!parsed.success) return nothing('The message names no piece of an audit.');
  const { planId, piece } = parsed.data;
  const { store } = request;
  const plan = await store.shardPlan();
  if (plan?.id !== planId) return nothing(`The piece ${shown(piece)} belongs to an audit that is over.`);
  const run = await store.run(plan.runId);
  if (run?.state !== 'started') {
    await store.forgetPlan(planId);
    return nothing(`Audit ${plan.runId} is over: its checkpoints were forgotten.`);
  }
  nameRun(run.id);
  const what = pieceOf(piece, plan);
  if (what === undefined) return nothing(`The audit has no piece ${shown(piece)}.`);

  const states = await store.pieces(planId);
  if (!states.done.has(piece)) {
    if (!openPieces(plan, states).includes(piece))
      return nothing(`The piece ${piece} comes before its turn; it is sent again when it is due.`);
    const attempts = attemptsAt(piece, states);
    if (attempts >= attemptsMax)
      return { said: await giveUp(request, { plan, run }, `its piece ${piece} was begun ${attempts} times and never done`), failed: true };
    if (what.kind === 'join') return join(request, { plan, run });
    await perform(request, { plan, run }, what, piece);
  }
  await sendNext(request, { plan, run }, piece);
  return nothing(`Audit ${run.id}: piece ${piece} is done.`);
}

const nothing = (said: string): Performed => ({ said });
const shown = (text: string): string => text.replace(/[^\w.-]/g, '?');

async function perform(request: ShardedRequest, underway: Underway, what: Exclude<Piece, { kind: 'join' }>, piece: string): Promise<void> {
  const { plan } = underway;
  const writer = await request.store.beginPiece(plan.id, piece, request.newName());
  switch (what.kind) {
    case 'collect':
      return collectRows(request, underway, what.at, writer);
    case 'facts':
      return collectFacts(request, underway, writer);
    case 'judge':
      return judgeOnePart(request, underway, what.at, writer);
  }
}

/** Looked at again so soon when another audit or a pruning holds the lease. */
const againSeconds = 60;

async function join(request: ShardedRequest, underway: Underway): Promise<Performed> {
  const { plan, run } = underway;
  try {
    const outcome = await joinParts(request, underway);
    if (outcome === 'over') return nothing(`Audit ${run.id} is over.`);
    if (outcome === 'handed on') {
      await request.queue.send(messagesFor(plan, ['join']));
      return nothing(`Audit ${run.id}: the time of this invocation is up; another one goes on joining.`);
    }
    const { summary, complete } = outcome;
    return {
      audit: outcome,
      said: `Audit ${run.id}: ${summary.new} new, ${summary.resolved} resolved, ${summary.reopened} reopened; ${complete ? 'complete' : 'incomplete, see its coverage'}.`,
    };
  } catch (error) {
    if (!(error instanceof AlreadyRunning)) throw error;
    await request.queue.send(messagesFor(plan, ['join']), againSeconds);
    return nothing(`${error.message} The join looks again in ${againSeconds} seconds.`);
  }
}

/** What nobody has begun yet. Two who finish at once may send it twice, which does no harm. */
async function sendNext({ store, queue }: Pick<ShardedRequest, 'store' | 'queue'>, { plan }: Underway, piece: string): Promise<void> {
  await queue.send(messagesFor(plan, piecesAfter(piece, plan, await store.pieces(plan.id))));
}

import { coverage, isComplete, mergeSummaries, type Run, type Summary } from '../../findings/index.ts';
import { underLease } from '../under-lease.ts';
import { bucketsOf, type Bucket } from './buckets.ts';
import { gatherParts, violationsIn, type Gathered } from './gather-parts.ts';
import { saveMemory, saveSheets } from './join-memory.ts';
import { bucketRequest, reconcileBucket, type BucketRequest } from './reconcile-bucket.ts';
import { joinPiece } from './pieces.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/**
 * Puts the parts together under the lease of audits, in steps that each leave a marker: findings bucket by bucket, then what is remembered, then the inventory;
 * last the run. Whoever comes after one that died goes on with the step it was in, which may be done twice. `handed on`: time is up, not all is done.
 */
export function joinParts(request: ShardedRequest, underway: Underway): Promise<Run | 'handed on' | 'over'> {
  const { store, holder, newName } = request;
  return underLease({ store, name: 'audit', holder }, async (stillOurs) => {
    // Under the lease nobody else begins or ends an audit.
    if ((await store.run(underway.plan.runId))?.state !== 'started') return 'over';
    // Noted here and not before: waiting for the lease is no attempt.
    await store.beginPiece(underway.plan.id, joinPiece, newName());
    return join(request, underway, stillOurs);
  });
}

async function join(request: ShardedRequest, underway: Underway, stillOurs: () => Promise<void>): Promise<Run | 'handed on'> {
  const { store, now } = request;
  const { plan, run } = underway;
  const gathered = await gatherParts(request, underway);
  const { step, isTimeUp } = stepper(request, underway, stillOurs);

  const buckets = (await step('buckets', async () =>
    bucketsOf(await store.countFindings(), gathered.parts.map(violationsIn)),
  )) as readonly Bucket[];
  const summaries = await joinFindings(request, underway, { gathered, buckets, step, isTimeUp });
  if (summaries === 'handed on') return 'handed on';
  await step('memory', () => saveMemory(request, underway, gathered));
  if (isTimeUp()) return 'handed on';
  await step('inventory', () => saveSheets(request, underway, gathered));

  const { facts, verdicts, calls } = gathered;
  const done: Run = {
    ...run,
    state: 'finished',
    finishedAt: now(),
    tenantId: facts.tenantId,
    complete: isComplete(facts.gaps) && verdicts.verdicts.every(({ verdict, awaiting }) => verdict === 'checked' || awaiting),
    calls: { ...calls, tables: store.calls() },
    coverage: coverage(facts.gaps),
    rules: verdicts.verdicts.map(({ id, verdict, because }) => ({ id, verdict, because })),
    summary: mergeSummaries(summaries),
  };
  await stillOurs();
  await store.finishRun(done);
  await store.forgetPlan(plan.id);
  return done;
}

interface Findings extends ReturnType<typeof stepper> {
  readonly gathered: Gathered;
  readonly buckets: readonly Bucket[];
}

/** What all buckets go by is read for the first that is not done, and let go with the last. */
async function joinFindings(
  request: ShardedRequest,
  underway: Underway,
  { gathered, buckets, step, isTimeUp }: Findings,
): Promise<readonly Summary[] | 'handed on'> {
  let around: BucketRequest | undefined;
  const summaries: Summary[] = [];
  for (const [at, bucket] of buckets.entries()) {
    request.progress(`joining findings, ${at + 1} of ${buckets.length}`);
    const reconciled = step(`findings-${at}`, async () =>
      reconcileBucket((around ??= await bucketRequest(request, underway, gathered)), bucket),
    );
    summaries.push((await reconciled) as Summary);
    if (isTimeUp()) return 'handed on';
  }
  return summaries;
}

function stepper({ store, newName, nowMs, endsMs }: ShardedRequest, { plan }: Underway, stillOurs: () => Promise<void>) {
  let steps = 0;
  return {
    /** Does a step unless its marker is there, and answers with what it left. */
    step: async (name: string, work: () => Promise<unknown>): Promise<unknown> => {
      const piece = `join.${name}`;
      const before = await store.piece(plan.id, piece);
      if (before !== undefined) return before.result;
      steps += 1;
      await stillOurs();
      const writer = await store.beginPiece(plan.id, piece, newName());
      await writer.done((await work()) ?? null);
      return (await store.piece(plan.id, piece))?.result;
    },
    /** Each invocation does at least one step, so that an audit always moves. */
    isTimeUp: () => steps > 0 && nowMs() >= endsMs,
  };
}

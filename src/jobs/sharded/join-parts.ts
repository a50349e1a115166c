import { scopeTree, type Estate } from '../../estate/index.ts';
import {
  mergeSummaries,
  coverage,
  isComplete,
  noCalls,
  remember,
  tagsInForce,
  type Calls,
  type Run,
  type Summary,
} from '../../findings/index.ts';
import type { IdentitySheet } from '../../inventory/index.ts';
import type { PieceDone, RowsAbout } from '../../ports/index.ts';
import { mergeVerdicts, tagCarriers, type Facts, type TagCarriers, type Verdicts } from '../../shards/index.ts';
import { hiddenIn } from '../save-inventory.ts';
import { sha256 } from '../sha256.ts';
import { subscriptionNames } from '../subscription-names.ts';
import { underLease } from '../under-lease.ts';
import { bucketsOf, type Bucket } from './buckets.ts';
import { collectedPieces, readFacts, rowsIn, type FactsResult } from './checkpoint-estate.ts';
import type { JudgeResult } from './judge-piece.ts';
import { factsPiece, judgePiece } from './pieces.ts';
import { reconcileBucket, type BucketRequest } from './reconcile-bucket.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/**
 * Puts the parts together under the lease of audits, in steps that each leave a marker: findings bucket by bucket, then what is remembered, then the inventory;
 * last the run. Whoever comes after one that died goes on with the step it was in, which may be done twice. `handed on`: time is up, not all is done.
 */
export function joinParts(request: ShardedRequest, underway: Underway): Promise<Run | 'handed on' | 'over'> {
  const { store, holder } = request;
  return underLease({ store, name: 'audit', holder }, async (stillOurs) => {
    // Under the lease nobody else begins or ends an audit.
    if ((await store.run(underway.plan.runId))?.state !== 'started') return 'over';
    return join(request, underway, stillOurs);
  });
}

async function join(request: ShardedRequest, underway: Underway, stillOurs: () => Promise<void>): Promise<Run | 'handed on'> {
  const { store, now, progress } = request;
  const { plan, run } = underway;
  const gathered = await gather(request, underway);
  const { step, isTimeUp } = stepper(request, underway, stillOurs);

  const buckets = (await step('buckets', async () =>
    bucketsOf(await store.countFindings(), gathered.parts.map(violationsIn)),
  )) as readonly Bucket[];
  const summaries: Summary[] = [];
  for (const [at, bucket] of buckets.entries()) {
    progress(`joining findings, ${at + 1} of ${buckets.length}`);
    summaries.push((await step(`findings-${at}`, () => reconcileBucket(gathered.request, bucket))) as Summary);
    if (isTimeUp()) return 'handed on';
  }
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

interface Gathered {
  readonly facts: Facts;
  readonly carriers: TagCarriers;
  readonly verdicts: Verdicts;
  readonly parts: readonly PieceDone[];
  readonly calls: Calls;
  readonly request: BucketRequest;
  readonly known: Awaited<ReturnType<ShardedRequest['store']['knownAround']>>;
}

/** What every step needs: facts, tags, verdicts, and what the store remembers besides findings. */
async function gather({ store, settings, rules }: ShardedRequest, underway: Underway): Promise<Gathered> {
  const { plan, run } = underway;
  const states = await store.pieces(plan.id);
  const collected = collectedPieces(plan, states);
  const parts = Array.from({ length: plan.parts }, (_, at) => {
    const part = states.done.get(judgePiece(at));
    if (part === undefined) throw new Error(`The part ${judgePiece(at)} is not judged yet.`);
    return part;
  });
  const facts = await readFacts(store, plan.id, states);
  const carriers = await tagCarriers({ facts, rows: rowsIn(store, plan.id, collected) });
  const known = await store.knownAround(run.id);
  // Put there by `judgeOnePart`.
  const verdicts = mergeVerdicts(parts.map(({ result }) => result as JudgeResult));
  const sight = {
    ...verdicts,
    rules,
    within: scopeTree(facts.containers).within,
    area: settings.scope,
    now: plan.at,
    runId: run.id,
    exclusions: settings.exclusions,
    tagsOf: tagsInForce(carriers),
    sha256,
  };
  return {
    facts,
    carriers,
    verdicts,
    parts,
    known,
    calls: sumOf([...collected.map(({ result }) => (result as RowsAbout).calls), callsOf(states.done.get(factsPiece))]),
    request: {
      store,
      underway,
      parts,
      sight,
      exceptions: known.exceptions,
      carriers,
      tenantId: facts.tenantId,
      // The list of subscriptions is what an audit remembers last: none, and this is the first.
      first: known.remembered.subscriptions.size === 0,
    },
  };
}

const violationsIn = ({ result }: PieceDone): JudgeResult['violations'] => (result as JudgeResult).violations;

// Put there by `collectFacts`.
const callsOf = (facts: PieceDone | undefined): Calls => (facts?.result as FactsResult | undefined)?.calls ?? noCalls;

const sumOf = (all: readonly Calls[]): Calls =>
  all.reduce(
    (sum, calls) => ({
      resourceGraph: sum.resourceGraph + calls.resourceGraph,
      arm: sum.arm + calls.arm,
      graph: sum.graph + calls.graph,
      logs: sum.logs + calls.logs,
      tables: sum.tables + calls.tables,
    }),
    noCalls,
  );

async function saveMemory({ store }: ShardedRequest, { run }: Underway, { facts, carriers, known, request }: Gathered): Promise<void> {
  const estate: Estate = {
    ...facts,
    assignments: [],
    hosts: [],
    policyAssignments: [],
    vaults: [],
    clusters: [],
    workspaces: [],
    identities: carriers.identities,
  };
  const memory = remember({ ...request.sight, estate, remembered: known.remembered });
  await store.apply(run.id, { findings: [], history: [], exceptions: [], memory }, []);
  await store.saveSubscriptionNames(subscriptionNames(facts));
}

async function saveSheets({ store, settings }: ShardedRequest, { plan }: Underway, { facts, parts, request }: Gathered): Promise<void> {
  const hidden = hiddenIn(facts.gaps, request.sight.within, settings.scope);
  async function* sheets(): AsyncIterable<IdentitySheet> {
    // Put there by `judgeOnePart`.
    for (const part of parts) for await (const sheet of store.readPiece(plan.id, part, 'sheets')) yield sheet as IdentitySheet;
  }
  await store.saveInventory({ at: plan.at, sheets: sheets(), hidden });
}

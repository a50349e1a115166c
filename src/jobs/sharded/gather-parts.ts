import { noCalls, type Calls } from '../../findings/index.ts';
import type { PieceDone, PieceStates, RowsAbout } from '../../ports/index.ts';
import { mergeVerdicts, type Facts, type Verdicts } from '../../shards/index.ts';
import { collectedPieces, readFacts, type FactsResult } from './checkpoint-estate.ts';
import type { JudgeResult } from './judge-piece.ts';
import { factsPiece, judgePiece } from './pieces.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/** What every step of the join needs. It is held to the end: whatever grows with the tenant's identities is read by the step that asks for it. */
export interface Gathered {
  readonly facts: Pick<Facts, 'tenantId' | 'containers' | 'gaps'>;
  readonly verdicts: Verdicts;
  readonly states: PieceStates;
  readonly collected: readonly PieceDone[];
  readonly parts: readonly PieceDone[];
  readonly calls: Calls;
}

export async function gatherParts({ store }: Pick<ShardedRequest, 'store'>, { plan }: Underway): Promise<Gathered> {
  const states = await store.pieces(plan.id);
  const collected = collectedPieces(plan, states);
  const parts = Array.from({ length: plan.parts }, (_, at) => {
    const part = states.done.get(judgePiece(at));
    if (part === undefined) throw new Error(`The part ${judgePiece(at)} is not judged yet.`);
    return part;
  });
  const { tenantId, containers, gaps } = await readFacts(store, plan.id, states, ['containers', 'gaps']);
  return {
    facts: { tenantId, containers, gaps },
    // Put there by `judgeOnePart`.
    verdicts: mergeVerdicts(parts.map(({ result }) => result as JudgeResult)),
    states,
    collected,
    parts,
    calls: sumOf([...collected.map(({ result }) => (result as RowsAbout).calls), callsOf(states.done.get(factsPiece))]),
  };
}

export const violationsIn = ({ result }: PieceDone): JudgeResult['violations'] => (result as JudgeResult).violations;

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

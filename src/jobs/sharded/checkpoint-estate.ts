import type { Estate } from '../../estate/index.ts';
import type { Calls } from '../../findings/index.ts';
import type { CollectedRows, EstateRows, PieceDone, PieceStates, PieceWriter, RowsAbout, RowsRead, ShardPlan } from '../../ports/index.ts';
import { resourceKinds, rowKinds, type Row, type RowKind, type Rows } from '../../shards/index.ts';
import { estateOf, estateValues } from '../estate-file.ts';
import { itemKinds, type ItemKind } from '../estate-items.ts';
import { collectPiece, factsPiece } from './pieces.ts';
import type { ShardedStore } from './sharded-request.ts';

/** Assignments apart from all the rest: they are ten times as many, and seldom wanted together. */
const listOf = (kind: RowKind): string => (kind === 'assignments' ? 'assignments' : 'resources');

export async function putRows(writer: PieceWriter, { rows, about }: RowsRead): Promise<RowsAbout> {
  for (const kind of rowKinds) for (const item of rows[kind]) await writer.put(listOf(kind), [kind, item]);
  return about;
}

/** `undefined` where a piece is missing: the stage before is not over. */
export function collectedPieces({ shards }: Pick<ShardPlan, 'shards'>, { done }: Pick<PieceStates, 'done'>): readonly PieceDone[] {
  return Array.from({ length: shards.length + 1 }, (_, at) => {
    const piece = done.get(collectPiece(at));
    if (piece === undefined) throw new Error(`The piece ${collectPiece(at)} is not done yet.`);
    return piece;
  });
}

/** Rows of all shards, those above subscriptions first. Each call reads them again. */
export function rowsIn(store: ShardedStore, planId: string, collected: readonly PieceDone[]): Rows {
  return async function* (kinds) {
    for (const list of new Set(kinds.map(listOf)))
      for (const piece of collected)
        for await (const given of store.readPiece(planId, piece, list)) {
          const row = rowOf(given);
          if (kinds.includes(row[0])) yield row;
        }
  };
}

/** What stands in a store is not taken on trust. */
function rowOf(given: unknown): Row {
  const [kind, item]: readonly unknown[] = Array.isArray(given) ? given : [];
  const known = rowKinds.find((each) => each === kind);
  if (known === undefined) throw new Error('A checkpoint holds a row of no kind.');
  // Kind and item are of one schema; the type system cannot tell.
  return [known, itemKinds[known].parse(item)] as unknown as Row;
}

/** What the questions around the rows are asked of. */
export function collectedRows(store: ShardedStore, plan: ShardPlan, collected: readonly PieceDone[]): CollectedRows {
  const rows = rowsIn(store, plan.id, collected);
  return {
    // Put there by `putRows`.
    about: collected.map(({ result }) => result as RowsAbout),
    subscriptions: plan.counted ? undefined : new Set(plan.shards.flat()),
    async *assignments() {
      for await (const [kind, item] of rows(['assignments'])) if (kind === 'assignments') yield item;
    },
    async *resources() {
      for await (const row of rows(resourceKinds)) yield alone(row);
    },
  };
}

const none: EstateRows = { assignments: [], identities: [], hosts: [], policyAssignments: [], vaults: [], clusters: [], workspaces: [] };

const alone = ([kind, item]: Row): EstateRows => ({ ...none, [kind]: [item] });

export interface FactsResult {
  readonly calls: Calls;
}

export async function putFacts(writer: PieceWriter, estate: Estate): Promise<void> {
  for (const value of estateValues(estate)) await writer.put('facts', value);
}

/** All facts, or those of some kinds with the others empty; of the directory's principals then no more than that they were found. */
export async function readFacts(
  store: ShardedStore,
  planId: string,
  { done }: Pick<PieceStates, 'done'>,
  kinds?: readonly ItemKind[],
): Promise<Estate> {
  const piece = done.get(factsPiece);
  if (piece === undefined) throw new Error('The facts are not there yet.');
  const facts = store.readPiece(planId, piece, 'facts');
  return kinds === undefined ? estateOf(facts) : estateOf(withoutNames(facts), kinds);
}

async function* withoutNames(facts: AsyncIterable<unknown>): AsyncIterable<unknown> {
  for await (const fact of facts) {
    const [kind, item]: readonly unknown[] = Array.isArray(fact) ? fact : [];
    yield kind === 'found' ? [kind, withoutName.parse(item)] : fact;
  }
}

const withoutName = itemKinds.found.pick({ id: true, kind: true });

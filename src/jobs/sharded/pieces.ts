import type { PieceStates, ShardMessage, ShardPlan } from '../../ports/index.ts';

/**
 * The pieces of a sharded audit, in stages: rows are collected (`collect.0`: what lies above subscriptions, then one for each shard), then what is known
 * once (`facts`), then the parts are judged (`judge.0` …), then everything is joined (`join`). A stage begins when the one before is done.
 */
export type Piece =
  | { readonly kind: 'collect'; readonly at: number }
  | { readonly kind: 'facts' }
  | { readonly kind: 'judge'; readonly at: number }
  | { readonly kind: 'join' };

export const collectPiece = (at: number): string => `collect.${at}`;
export const factsPiece = 'facts';
export const judgePiece = (at: number): string => `judge.${at}`;
export const joinPiece = 'join';

export function pieceOf(name: string, plan: Pick<ShardPlan, 'shards' | 'parts'>): Piece | undefined {
  if (name === factsPiece || name === joinPiece) return { kind: name };
  const [, kind, digits] = /^(collect|judge)\.(\d{1,6})$/.exec(name) ?? [];
  const at = Number(digits);
  if (kind === 'collect' && at <= plan.shards.length) return { kind, at };
  return kind === 'judge' && at < plan.parts ? { kind, at } : undefined;
}

export function stagesOf({ shards, parts }: Pick<ShardPlan, 'shards' | 'parts'>): readonly (readonly string[])[] {
  return [
    Array.from({ length: shards.length + 1 }, (_, at) => collectPiece(at)),
    [factsPiece],
    Array.from({ length: parts }, (_, at) => judgePiece(at)),
    [joinPiece],
  ];
}

/** Pieces that can be done now: those of the first stage that is not over. */
export function openPieces(plan: ShardPlan, { done }: Pick<PieceStates, 'done'>): readonly string[] {
  const stage = stagesOf(plan).find((pieces) => pieces.some((piece) => !done.has(piece)));
  return stage?.filter((piece) => !done.has(piece)) ?? [];
}

/** So many shards are collected at once: more would only share the quota of Resource Graph, and each take longer than its invocation may. */
const collectingMax = 4;

/** Of the open pieces those to be sent: a shard follows on the one that is so many before it. */
export function duePieces(plan: ShardPlan, states: Pick<PieceStates, 'done'>): readonly string[] {
  return openPieces(plan, states).filter((name) => {
    const piece = pieceOf(name, plan);
    return piece?.kind !== 'collect' || piece.at < collectingMax || states.done.has(collectPiece(piece.at - collectingMax));
  });
}

/** What is due because a piece was done: the shard that follows on it, or all of the next stage. */
export function piecesAfter(name: string, plan: ShardPlan, states: Pick<PieceStates, 'done' | 'begun'>): readonly string[] {
  const done = pieceOf(name, plan);
  const own = stagesOf(plan).find((stage) => stage.includes(name)) ?? [];
  const follower = done?.kind === 'collect' ? collectPiece(done.at + collectingMax) : undefined;
  return duePieces(plan, states).filter((each) => !states.begun.has(each) && (each === follower || !own.includes(each)));
}

/** How often a piece was begun to no avail: a join that hands on is begun once more for each of its steps, and has moved each time. */
export function attemptsAt(piece: string, { begun, done }: Pick<PieceStates, 'begun' | 'done'>): number {
  const steps = piece === joinPiece ? [...done.keys()].filter((name) => name.startsWith(`${joinPiece}.`)).length : 0;
  return (begun.get(piece) ?? 0) - steps;
}

export const messagesFor = ({ id }: Pick<ShardPlan, 'id'>, pieces: readonly string[]): readonly ShardMessage[] =>
  pieces.map((piece) => ({ planId: id, piece }));

/**
 * What the pieces of a sharded audit leave for one another. A piece is done when its marker is there, and a marker is put once: whoever did the same piece
 * twice, late or halfway finds another's and leaves pages that nobody reads.
 */
export interface Checkpoints {
  /** The audit that is under way in pieces, or one whose pieces are still to be forgotten. */
  shardPlan(): Promise<ShardPlan | undefined>;
  /** In the place of the one that was read before, or of none. False: somebody else was faster. */
  putShardPlan(plan: ShardPlan, before: ShardPlan | undefined): Promise<boolean>;
  /** All pieces of a plan that were ever begun. */
  pieces(planId: string): Promise<PieceStates>;
  /** What a piece left; undefined until it is done. */
  piece(planId: string, piece: string): Promise<PieceDone | undefined>;
  /** Notes that somebody begins a piece, and hands out where to put its results. */
  beginPiece(planId: string, piece: string, attempt: string): Promise<PieceWriter>;
  /** The items of one list of a piece that is done, in the order in which they were put. */
  readPiece(planId: string, done: PieceDone, list: string): AsyncIterable<unknown>;
  /** Everything of a plan, the plan itself last. Safe to repeat. */
  forgetPlan(planId: string): Promise<void>;
}

export interface ShardPlan {
  /** Of this plan, not of the run: a run that failed halfway is continued under its id by another plan. */
  readonly id: string;
  readonly runId: string;
  /** Instant of the audit: all pieces judge by it. */
  readonly at: string;
  /** Real time of the beginning, epoch milliseconds. */
  readonly begunMs: number;
  /** Subscriptions (lower-case GUIDs) of each shard, in order. */
  readonly shards: readonly (readonly string[])[];
  /** In how many parts the estate is judged. */
  readonly parts: number;
  /** False: the count did not show every subscription, so that those in no shard are a gap. */
  readonly counted: boolean;
}

export interface PieceStates {
  readonly done: ReadonlyMap<string, PieceDone>;
  /** How often each piece was begun. */
  readonly begun: ReadonlyMap<string, number>;
  /** When anything moved last, epoch milliseconds. 0: nothing yet. */
  readonly movedMs: number;
}

export interface PieceDone {
  readonly piece: string;
  readonly attempt: string;
  /** Pages by name of list. */
  readonly pages: Readonly<Record<string, number>>;
  /** A small result, as JSON has it. */
  readonly result: unknown;
}

export interface PieceWriter {
  put(list: string, item: unknown): Promise<void>;
  /** Puts the marker. False: this piece was done before, and what was put here counts for nothing. */
  done(result: unknown): Promise<boolean>;
}

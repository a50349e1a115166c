import type { Settings } from '../../config/index.ts';
import type { Checkpoints, PartStore, ShardedSource, ShardPlan, ShardQueue, Store } from '../../ports/index.ts';
import type { Rule } from '../../rules/index.ts';
import type { Run } from '../../findings/index.ts';

export type ShardedStore = Store & PartStore & Checkpoints;

export interface ShardedRequest {
  readonly source: ShardedSource;
  readonly store: ShardedStore;
  readonly queue: ShardQueue;
  readonly settings: Pick<Settings, 'rules' | 'scope' | 'exclusions' | 'shardRows'>;
  readonly rules: readonly Rule[];
  /** The clock of the world. */
  readonly now: () => string;
  /** Real time, epoch milliseconds: what is stuck, and when this invocation has to end. */
  readonly nowMs: () => number;
  /** After this no new step is begun: another invocation goes on. */
  readonly endsMs: number;
  readonly holder: string;
  /** A name that nobody else has. */
  readonly newName: () => string;
  readonly progress: (line: string) => void;
}

/** A plan under way, and the run that it does. */
export interface Underway {
  readonly plan: ShardPlan;
  readonly run: Run;
}

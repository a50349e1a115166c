/** Running state of one aggregate over one group. */
import type { Expr } from './scope.ts';
import type { SyntaxNode } from './kusto-language.ts';
import type { Evaluate, KqlColumn, KqlType } from './types.ts';

export interface Accumulator {
  add(row: unknown): void;
  /** One value, or an array of them when the aggregate gives several columns. */
  result(): unknown;
}

export interface AggregateCall {
  readonly name: string;
  readonly node: SyntaxNode;
  readonly position: number;
  readonly args: readonly Expr[];
  readonly type: KqlType;
  /** The columns of an aggregate that gives several (arg_max, percentiles…), else undefined. */
  readonly columns: readonly KqlColumn[] | undefined;
  /** Readers of the source's columns, for `*`. */
  readonly column: (name: string) => Evaluate;
  readonly hasStar: boolean;
}

export type Aggregate = (call: AggregateCall) => () => Accumulator;

/** An accumulator over a plain state value. */
export function folding<S>(start: () => S, step: (state: S, row: unknown) => S, finish: (state: S) => unknown): () => Accumulator {
  return () => {
    let state = start();
    return {
      add(row) {
        state = step(state, row);
      },
      result: () => finish(state),
    };
  };
}

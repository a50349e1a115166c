import type { Coverage } from '../estate/index.ts';

/** Calls that one run made, by API family; retries count. */
export interface Calls {
  readonly resourceGraph: number;
  readonly arm: number;
  readonly graph: number;
  readonly logs: number;
  readonly tables: number;
}

/** One run of a job, as stored. `state: 'started'` without an end is a run that died: the next one continues it under its id. */
export interface Run {
  readonly id: string;
  /** `watch`: refused calls; `watch-grants`: grants. */
  readonly job: 'audit' | 'watch' | 'watch-grants';
  readonly state: 'started' | 'finished' | 'failed';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tenantId: string;
  readonly complete: boolean;
  readonly calls: Calls;
  readonly coverage: readonly Coverage[];
  readonly rules: readonly RuleVerdict[];
  readonly summary: Summary;
  /** Of a pass of a watch: what the logs could not show. */
  readonly logGaps?: readonly RunGap[];
}

export interface RunGap {
  readonly slice: string;
  readonly scope: string;
  readonly state: 'partial' | 'missing';
  readonly why: string;
  readonly permission: string;
}

export interface RuleVerdict {
  readonly id: string;
  readonly verdict: 'checked' | 'inconclusive';
  readonly because: string;
}

export interface Summary {
  /** Findings that ask for something to be done: new, open and reopened ones. */
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byRule: Readonly<Record<string, number>>;
  readonly new: number;
  /** Fixed since the last run. Those that a setting hides count as `excluded`. */
  readonly resolved: number;
  readonly reopened: number;
  readonly accepted: number;
  /** Violations that a setting excludes. */
  readonly excluded?: number;
  /** Findings that stayed as they were because they could not be judged. */
  readonly unjudged?: number;
}

export const noCalls: Calls = { resourceGraph: 0, arm: 0, graph: 0, logs: 0, tables: 0 };
export const emptySummary: Summary = {
  bySeverity: {},
  byRule: {},
  new: 0,
  resolved: 0,
  reopened: 0,
  accepted: 0,
  excluded: 0,
  unjudged: 0,
};

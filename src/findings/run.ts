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
  readonly job: 'audit' | 'watch';
  readonly state: 'started' | 'finished' | 'failed';
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly tenantId: string;
  readonly complete: boolean;
  readonly calls: Calls;
  readonly coverage: readonly Coverage[];
  readonly rules: readonly RuleVerdict[];
  readonly summary: Summary;
}

export interface RuleVerdict {
  readonly id: string;
  readonly verdict: 'checked' | 'inconclusive';
  readonly because: string;
}

export interface Summary {
  readonly bySeverity: Readonly<Record<string, number>>;
  readonly byRule: Readonly<Record<string, number>>;
  readonly new: number;
  readonly resolved: number;
  readonly reopened: number;
  readonly accepted: number;
}

import type { PrincipalId } from '../estate/index.ts';
import type { Bin, Denial, Service } from './denial.ts';

/** A series is (principal, target, reason); its ledger is kept in the store, bounded in bins. */
export interface Series {
  readonly key: string;
  /** Who, as attributed: an object id, `client:<guid>`, `resource:<arm id>`, `host:<name>` or `target:<id>` when the log names nobody. */
  readonly who: string;
  readonly target: string;
  readonly reason: string;
  readonly service: Service;
  /** Bins of the ledger window, oldest first. Older ones live on in the baseline only. */
  readonly bins: readonly Bin[];
  readonly baseline: Baseline;
}

/** Decaying mean and variance of counts per bin up to `until` (ms). */
export interface Baseline {
  readonly until: number;
  readonly mean: number;
  readonly variance: number;
  /** Bins behind it, decayed: how much the baseline can be trusted. */
  readonly weight: number;
}

/** An improbable run of denials, or an improbable spread of targets. */
export interface Burst {
  readonly kind: 'outage' | 'spread' | 'sign-in' | 'token';
  readonly who: string;
  readonly principalId?: PrincipalId | undefined;
  readonly service: Service;
  readonly denials: readonly Denial[];
  readonly series: readonly string[];
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** First bin at which it was improbable. */
  readonly onsetAt: string;
  /** Corrected tail probability, and what was expected. */
  readonly probability: number;
  readonly expected: number;
  readonly firstTime: boolean;
}

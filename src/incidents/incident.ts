import type { Service } from '../denials/index.ts';
import type { CauseConfidence, CauseEvidence, CauseFix } from './cause.ts';

export type IncidentStatus = 'opened' | 'grown' | 'quiet' | 'resolved';

/** One burst with its life: one stable id from the first denial to the end. Field names are the contract (`mi-audit/watch/v1`). */
export interface Incident {
  readonly id: string;
  readonly kind: 'outage' | 'spread' | 'sign-in' | 'token';
  readonly status: IncidentStatus;
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'info';
  readonly principal: {
    readonly id: string;
    readonly kind: string;
    readonly name: string;
    readonly resourceId: string;
    readonly clientId: string;
  };
  readonly attribution: 'named' | 'inferred';
  readonly service: Service;
  readonly targets: readonly string[];
  readonly operations: readonly string[];
  readonly statusCodes: readonly number[];
  readonly denials: number;
  readonly firstDenialAt: string;
  readonly lastDenialAt: string;
  readonly openedAt: string;
  /** Best first; never empty: `unexplained` when none fits. */
  readonly causes: readonly DiagnosedCause[];
  readonly ruledOut: readonly { readonly id: string; readonly why: string }[];
}

export interface DiagnosedCause {
  readonly id: string;
  readonly confidence: CauseConfidence;
  readonly why: string;
  readonly evidence: readonly CauseEvidence[];
  readonly fix: readonly CauseFix[];
  readonly check: readonly string[];
}

export interface Kin {
  readonly same: readonly string[];
  readonly other: readonly string[];
}

/** An incident as it is stored: with what was last told of it, and how it ended. */
export interface StoredIncident extends Incident {
  /** Counts what is told of it: opened, each time it grew, resolved. A message names it, so that it is told apart from an earlier one. */
  readonly revision?: number;
  /** Instant of that. */
  readonly changedAt?: string;
  /** Severity when it was last told. */
  readonly toldSeverity?: Incident['severity'];
  /** Count of denials when it was opened or last grew: growth is a doubling of this. */
  readonly toldDenials: number;
  /** The series of its burst: caller, service and reason, without the ordinal of the episode. */
  readonly series?: string;
  /** Ids of the bursts in applications' own logs that are alike: those of the same identity, and those of another. */
  readonly kin?: Kin;
  readonly resolvedAt?: string;
  readonly resolvedBy?: string;
}

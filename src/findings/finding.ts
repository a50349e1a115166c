import type { Confidence, Evidence, Fix, PrincipalRef, Proof, Severity } from '../rules/index.ts';

export type FindingStatus = 'new' | 'open' | 'resolved' | 'reopened' | 'accepted';

/**
 * `fixed`: the rule was checked there and saw nothing any more. `excluded`: a setting says that nobody wants to hear of it; the problem
 * may well stand, and the finding re-opens when the setting goes.
 */
export type ResolvedBy = 'fixed' | 'excluded';

/** A violation that lives in time. The field names are the published contract (`mi-audit/audit/v1`). */
export interface Finding {
  /** Derived from rule + subject (+ aspect), never from the run. */
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly status: FindingStatus;
  readonly subject: string;
  readonly principal: PrincipalRef;
  readonly proof: Proof | '';
  readonly role: { readonly id: string; readonly name: string };
  readonly scope: string;
  readonly title: string;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix: readonly Fix[];
  readonly related: readonly string[];
  readonly controls: readonly string[];
  readonly firstSeenAt: string;
  /** The latest run that judged it and saw it. While it cannot be judged, this stands still. */
  readonly lastSeenAt: string;
  /** Present once it is resolved. */
  readonly resolvedAt?: string;
  readonly resolvedBy?: ResolvedBy;
  /** Why it could not be judged in the latest run; absent when it was. */
  readonly unjudged?: string;
}

/** A finding as it is stored: with what reconcile needs to be safe against a run that dies halfway. */
export interface StoredFinding extends Finding {
  readonly aspect?: string;
  /** Run that first saw it, and run that made its present status. */
  readonly firstSeenRunId: string;
  readonly statusRunId: string;
  /** Number of its latest history entry. A message that names it can be told apart from an older one: told from stored state, never from the moment of change. */
  readonly revision: number;
  /** Instant of that entry. */
  readonly changedAt: string;
  /** Tags in force on its scope, its subject and its principal's resource, names in lower case: what a filter by tag goes by. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * One line of a finding's history. Its key is finding + revision: a run that died between writing the line and the finding writes the same line
 * again, and a line whose revision the finding has not reached never happened.
 */
export interface HistoryEntry {
  readonly findingId: string;
  readonly revision: number;
  readonly at: string;
  readonly runId: string;
  readonly kind: 'opened' | 'resolved' | 'reopened' | 'accepted' | 'unaccepted' | 'acceptance-expired' | 'severity-changed';
  readonly note: string;
  readonly author?: string;
}

import type { Confidence, Evidence, Fix, PrincipalRef, Proof, Severity } from '../rules/index.ts';

export type FindingStatus = 'new' | 'open' | 'resolved' | 'reopened' | 'accepted';

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
  readonly lastSeenAt: string;
  /** Present once it is resolved; `resolvedBy` says what the audit saw instead. */
  readonly resolvedAt?: string;
  /** Why an open finding could not be judged in the latest run; absent when it was. */
  readonly unjudged?: string;
}

/** A finding as it is stored: with what reconcile needs to be safe against a run that dies halfway. */
export interface StoredFinding extends Finding {
  /** Run that first saw it, and run that made its present status. */
  readonly firstSeenRunId: string;
  readonly statusRunId: string;
  /** Counts changes; a message that names it can be told apart from an older one. */
  readonly revision: number;
}

/** One line of a finding's history; its key is derived from finding, run and kind, so writing it twice changes nothing. */
export interface HistoryEntry {
  readonly findingId: string;
  readonly at: string;
  readonly runId: string;
  readonly kind: 'opened' | 'resolved' | 'reopened' | 'accepted' | 'unaccepted' | 'acceptance-expired' | 'severity-changed';
  readonly note: string;
  readonly author?: string;
}

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof severities)[number];
export type Confidence = 'certain' | 'likely' | 'possible';
export type Proof = 'deleted' | 'soft-deleted' | 'foreign' | 'young' | 'unresolved' | 'visibility-unproven';

export interface Evidence {
  readonly label: string;
  readonly value: string;
  readonly source: 'resource-graph' | 'arm' | 'graph' | 'logs' | 'activity';
}

/** One step of the remedy. `cli` is one complete `az` command that runs as printed. */
export interface Fix {
  readonly text: string;
  readonly cli?: string;
  readonly bicep?: string;
  readonly terraform?: string;
}

export interface PrincipalRef {
  readonly id: string;
  readonly kind: 'system-assigned' | 'user-assigned' | 'application' | 'user' | 'group' | 'foreign' | 'unknown';
  readonly name: string;
  readonly resourceId: string;
  readonly clientId: string;
}

/** A rule's yes, now. */
export interface Violation {
  readonly rule: string;
  /** ARM id or principal id of the thing judged, as Azure gives it. */
  readonly subject: string;
  /** Tells apart two violations of one rule on one subject. Part of the finding's id: never from the run, never an order number. */
  readonly aspect?: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly principal?: PrincipalRef;
  readonly proof?: Proof;
  readonly role?: { readonly id: string; readonly name: string };
  /** ARM id of the scope that the finding is about: coverage, exclusions and resolution go by it. `/` for the tenant. */
  readonly scope: string;
  readonly title: string;
  /** What is so, to whom, since when, why it matters here. */
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix: readonly Fix[];
  /** Ids (ARM or principal) this is about too. */
  readonly related: readonly string[];
}

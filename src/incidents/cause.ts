import type { Access, Answer } from '../access/index.ts';
import type { Burst } from '../denials/index.ts';
import type { Assignment, DenyAssignment, Estate, FederatedCredential, Host, Identity, PrincipalId, Vault } from '../estate/index.ts';
import type { Change } from './change.ts';

export type CauseConfidence = 'certain' | 'likely' | 'possible';

export interface CauseEvidence {
  readonly label: string;
  readonly value: string;
  readonly source: 'resource-graph' | 'arm' | 'graph' | 'logs' | 'activity';
}

export interface CauseFix {
  readonly text: string;
  readonly cli?: string;
}

/** Facts of one burst, gathered before any cause is asked. Everything a cause may rest on; what could not be read is in `unseen`. */
export interface Scene {
  readonly burst: Burst;
  readonly now: string;
  readonly estate: Estate;
  readonly access: Access;
  /** Who failed. `inferred`: the log names nobody, these are the candidates. */
  readonly failing: {
    readonly principalId?: PrincipalId | undefined;
    readonly identity?: Identity | undefined;
    readonly attribution: 'named' | 'inferred';
    readonly candidates: readonly Identity[];
    /** Hosts of the failing identity, or the host that the log names. */
    readonly hosts: readonly Host[];
    /** Other identities on those hosts. */
    readonly siblings: readonly Identity[];
  };
  /** The operations seen, each with the action it needs and the evaluator's answer. */
  readonly needed: readonly Needed[];
  readonly targetId?: string | undefined;
  readonly vault?: Vault | undefined;
  /** Changes around the onset from the Activity Log, newest first. */
  readonly changes: readonly Change[];
  readonly federatedCredentials: readonly FederatedCredential[];
  readonly denyAssignments: readonly DenyAssignment[] | undefined;
  /** Sentences: what could not be seen (no Activity Log, no Graph, subscription unreadable). */
  readonly unseen: readonly string[];
  readonly sufficient: readonly Assignment[];
}

export interface Needed {
  readonly operation: string;
  readonly action: string;
  readonly data: boolean;
  readonly answer: Answer | undefined;
  /** Least-privileged built-in role for this operation, where we know it. */
  readonly role?: { readonly id: string; readonly name: string } | undefined;
}

/** A cause is a small file, like a rule: metadata on top, one function below. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  /** Runbook text (Markdown): what it is, how to recognise it, how to fix it, how it comes about. */
  readonly explain: string;
  readonly references: readonly string[];
  /** What the cause must see to be certain; said when it is missing. */
  readonly needs: readonly ('estate' | 'directory' | 'activity' | 'logs' | 'deny-assignments')[];
  readonly judge: (scene: Scene) => CauseVerdict;
}

export type CauseVerdict =
  | {
      readonly kind: 'fits';
      readonly confidence: CauseConfidence;
      /** 0–1000: orders causes of equal confidence; the more specific explanation wins. */
      readonly weight: number;
      readonly why: string;
      readonly evidence: readonly CauseEvidence[];
      readonly fix: readonly CauseFix[];
      readonly check: readonly string[];
    }
  | { readonly kind: 'ruled-out'; readonly why: string }
  /** Nothing speaks for or against it. Not shown. */
  | { readonly kind: 'silent' };

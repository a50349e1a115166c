import type { Scene } from './scene.ts';

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

/** A cause is a small file, like a rule: metadata on top, one function below. File name = id. */
export interface Cause {
  readonly id: string;
  readonly title: string;
  /** Runbook text (Markdown): what it is, how to recognise it, how it comes about, how to fix it for good. */
  readonly explain: string;
  readonly references: readonly string[];
  /** What it must see to be certain. */
  readonly needs: readonly ('estate' | 'directory' | 'activity' | 'logs' | 'deny-assignments')[];
  /** It means that nothing more specific fits: it gives way to everything that does. */
  readonly lastResort?: boolean;
  readonly judge: (scene: Scene) => CauseVerdict;
}

export type CauseVerdict =
  | {
      readonly kind: 'fits';
      readonly confidence: CauseConfidence;
      /** 0–100: among causes of equal confidence the more specific explanation comes first. */
      readonly weight: number;
      readonly why: string;
      readonly evidence: readonly CauseEvidence[];
      readonly fix: readonly CauseFix[];
      readonly check: readonly (string | undefined)[];
    }
  | { readonly kind: 'ruled-out'; readonly why: string }
  /** Nothing speaks for it or against it. Not shown. */
  | { readonly kind: 'silent' };

export const silent: CauseVerdict = { kind: 'silent' };
export const ruledOut = (why: string): CauseVerdict => ({ kind: 'ruled-out', why });

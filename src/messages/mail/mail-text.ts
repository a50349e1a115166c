import type { Severity } from '../../rules/index.ts';

/** What a mail says, before it is HTML or plain text: both say the same. Texts are fit to be shown; they are escaped by the renderer. */
export interface MailText {
  readonly subject: string;
  /** What a list of mails shows behind the subject. */
  readonly preview: string;
  readonly tone: Severity | 'good';
  readonly headline: string;
  /** One or two sentences below it: why. */
  readonly reason: string;
  readonly notes: readonly string[];
  readonly facts: readonly Fact[];
  readonly parts: readonly MailPart[];
  readonly coverage: Coverage;
  readonly links: readonly { readonly title: string; readonly url: string }[];
  /** Commands of ours that tell more. */
  readonly more: readonly string[];
  readonly footer: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly text: string;
}

export interface Coverage {
  readonly whole: boolean;
  readonly text: string;
}

export type MailPart =
  /** What to do, in order; a command can be copied as it stands. */
  | { readonly kind: 'steps'; readonly title: string; readonly steps: readonly { readonly text: string; readonly command: string }[] }
  | { readonly kind: 'lines'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'facts'; readonly title: string; readonly facts: readonly Fact[] }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly end: readonly number[];
    };

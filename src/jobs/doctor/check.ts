import type { causes } from '../../incidents/index.ts';

/** `skipped` always means: could not be checked. What does not apply to this host is not listed at all. */
export type Verdict = 'ok' | 'warning' | 'failed' | 'skipped';

/** One thing the doctor looked at. */
export interface Check {
  readonly id: string;
  readonly verdict: Verdict;
  readonly saw: string;
  /** Why it matters. */
  readonly why: string;
  /** Empty where there is nothing to do. */
  readonly fix: string;
  /** `mi-audit explain <cause>` tells more. */
  readonly cause?: CauseId;
}

export type CauseId = (typeof causes)[number]['id'];

/** Why something is not as it should be, and what to do: what tables of known answers hold. */
export interface Trouble {
  readonly cause?: CauseId;
  readonly why: string;
  readonly fix: string;
}

export const worst = (verdicts: readonly Verdict[]): Verdict =>
  (['failed', 'skipped', 'warning'] as const).find((verdict) => verdicts.includes(verdict)) ?? 'ok';

/** What others wrote, on one line, short, and without anything that could be a token or a password. */
export function quoted(text: string, longest = 300): string {
  const clean = text
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/\beyJ[\w-]{5,}(\.[\w-]*){0,4}/g, '<token>')
    .replace(/\/\/[^/@\s]+@/g, '//<credentials>@')
    .trim();
  return clean.length <= longest ? clean : `${clean.slice(0, longest - 1)}…`;
}

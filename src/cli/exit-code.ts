import { severities, type Severity } from '../rules/index.ts';
import type { FindingStatus } from '../findings/index.ts';

/** The published exit codes: what a pipeline may rely on. */
export const exitCode = { clean: 0, failure: 1, usage: 2, incomplete: 3, found: 10 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * What is known to be bad outranks what could not be seen: 10 before 3. Either one stops a pipeline, and neither is ever 0.
 */
export function codeOf(
  outcome: { readonly complete: boolean; readonly findings: readonly { readonly severity: Severity; readonly status: FindingStatus }[] },
  failOn: Severity | undefined,
): ExitCode {
  const worst = failOn === undefined ? -1 : severities.indexOf(failOn);
  const bad = outcome.findings.some(({ severity, status }) => stands(status) && severities.indexOf(severity) <= worst);
  if (bad) return exitCode.found;
  return outcome.complete ? exitCode.clean : exitCode.incomplete;
}

/** Accepted risks and resolved findings fail nothing. */
function stands(status: FindingStatus): boolean {
  return status === 'new' || status === 'open' || status === 'reopened';
}

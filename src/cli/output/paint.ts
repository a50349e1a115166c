import picocolors from 'picocolors';
import type { Severity } from '../../rules/index.ts';

/** Colours where the terminal has them, plain text everywhere else. */
export interface Paint {
  readonly severity: (severity: string) => string;
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly command: (text: string) => string;
}

export function paintWith(colours: boolean): Paint {
  const c = picocolors.createColors(colours);
  const bySeverity: Readonly<Record<Severity, (text: string) => string>> = {
    critical: (text) => c.bold(c.red(text)),
    high: c.red,
    medium: c.yellow,
    low: c.cyan,
    info: c.gray,
  };
  return {
    severity: (text) => (isSeverity(text) ? bySeverity[text](text) : text),
    strong: c.bold,
    faint: c.gray,
    good: c.green,
    warning: c.yellow,
    bad: c.red,
    command: c.cyan,
  };

  function isSeverity(text: string): text is Severity {
    return text in bySeverity;
  }
}

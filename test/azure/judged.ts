import { openAccess } from '../../src/access/index.ts';
import type { Estate } from '../../src/estate/index.ts';
import { defaultRuleSettings, judge, rules } from '../../src/rules/index.ts';
import { now } from './sandboxed.ts';

export interface Unanswered {
  readonly nothing: readonly string[];
  readonly inPart: readonly string[];
}

/** Which rules answer nothing about an estate, and which answer in part. Rules that are off or wait for the watch say nothing of what could be read. */
export function unanswered(estate: Estate): Unanswered {
  const { verdicts } = judge({
    estate,
    settings: defaultRuleSettings,
    memory: { missingSince: new Map(), lastSeen: new Map() },
    now,
    access: openAccess(estate),
    rules: rules.map((rule) => ({ ...rule, enabled: () => true, awaits: () => undefined })),
  });
  return {
    nothing: verdicts.filter(({ verdict }) => verdict === 'inconclusive').map(({ id }) => id),
    inPart: verdicts.filter(({ verdict, because }) => verdict === 'checked' && because !== '').map(({ id }) => id),
  };
}

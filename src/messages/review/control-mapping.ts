import { severities, type Severity } from '../../rules/index.ts';
import type { StoredFinding } from '../../findings/index.ts';
import type { ControlLine, RuleOfMonth } from './review.ts';

export interface RuleWithControls {
  readonly id: string;
  readonly title: string;
  readonly controls: readonly string[];
}

/** Each control that a rule speaks to, with what stands against it. A control whose rules could not be checked is not assessed, whatever its count. */
export function controlMapping(
  rules: readonly RuleWithControls[],
  verdicts: readonly RuleOfMonth[],
  findings: readonly StoredFinding[],
): readonly ControlLine[] {
  const verdictOf = new Map(verdicts.map((verdict) => [verdict.id, verdict]));
  const rulesOf = new Map<string, string[]>();
  const note = (control: string, rule: string): void => {
    const known = rulesOf.get(control);
    if (known === undefined) rulesOf.set(control, [rule]);
    else if (!known.includes(rule)) known.push(rule);
  };
  for (const { id, controls } of rules) for (const control of controls) note(control, id);
  const against = new Map<string, StoredFinding[]>();
  for (const finding of findings) {
    if (finding.status === 'resolved') continue;
    for (const control of finding.controls) {
      note(control, finding.rule);
      const list = against.get(control);
      if (list === undefined) against.set(control, [finding]);
      else list.push(finding);
    }
  }
  return [...rulesOf]
    .map(([control, ids]) => lineOf(control, ids, against.get(control) ?? [], verdictOf))
    .toSorted((a, b) => natural.compare(a.control, b.control));
}

const natural = new Intl.Collator('en', { numeric: true });

function lineOf(
  control: string,
  ids: readonly string[],
  findings: readonly StoredFinding[],
  verdictOf: ReadonlyMap<string, RuleOfMonth>,
): ControlLine {
  const bySeverity: Partial<Record<Severity, number>> = {};
  const open = findings.filter(({ status }) => status !== 'accepted');
  for (const severity of severities) {
    const count = open.filter((finding) => finding.severity === severity).length;
    if (count > 0) bySeverity[severity] = count;
  }
  const blind = ids.map((id) => verdictOf.get(id)).filter((verdict) => verdict?.latest !== 'checked');
  const state = blind.length === 0 ? 'assessed' : blind.length < ids.length ? 'partly-assessed' : 'not-assessed';
  return {
    control,
    framework: control.slice(0, Math.max(0, control.lastIndexOf(' '))),
    rules: ids.toSorted(),
    open: open.length,
    accepted: findings.length - open.length,
    bySeverity,
    state,
    because: [
      ...new Set(blind.map((verdict) => (verdict === undefined ? 'a rule of another version' : `${verdict.id}: ${verdict.because}`))),
    ].join('; '),
  };
}

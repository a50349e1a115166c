export type { Memory, Need, RememberedIdentity, Rule, RuleInput } from './rule.ts';
export { defaultRuleSettings, type RuleSettings } from './settings.ts';
export {
  severities,
  type Confidence,
  type Evidence,
  type Fix,
  type PrincipalRef,
  type Proof,
  type Severity,
  type Violation,
} from './violation.ts';
export { rules } from './all.ts';

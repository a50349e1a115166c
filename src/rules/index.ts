export * as az from '../remedy/az.ts';
export { rules } from './all.ts';
export { opensIdentities } from './attach-scopes.ts';
export { areaCounter, creatorCounter } from './census.ts';
export { lowered } from './held-grant.ts';
export { directoryRoles, graphPermissions, type DirectoryPower } from './directory-powers.ts';
export { weightOf, type Weight } from './grant-weight.ts';
export { bySubject, judge, type Judgement, type JudgeRequest, type Verdict } from './judge.ts';
export {
  callerKey,
  grantKey,
  identityOfCredential,
  isYoung,
  sameChangeMinutes,
  scopeOfAssignment,
  type GrantMemory,
  type MadeGrant,
  type RemovedGrant,
} from './made-grant.ts';
export { nameOf, ofConcern, principalRef } from './principal-ref.ts';
export { provenanceOf, type Provenance } from './provenance.ts';
export type { IsMine, Memory, Need, Reach, RememberedIdentity, Rule, RuleInput } from './rule.ts';
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

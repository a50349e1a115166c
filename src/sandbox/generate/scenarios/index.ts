import { blindness } from './blindness.ts';
import { controlPlaneRoleOnly } from './control-plane-role-only.ts';
import { databaseUserMissing, nativeRoleMissing } from './databases.ts';
import { deletedIdentity } from './deleted-identity.ts';
import { conditionNotMet, denyAssignment } from './denied-and-conditional.ts';
import { endpointUnreachable } from './endpoint-unreachable.ts';
import { federationMismatch, foreignTenant } from './federation.ts';
import { identityNotAssigned } from './identity-not-assigned.ts';
import { missingRole } from './missing-role.ts';
import { networkRule } from './network-rule.ts';
import { noise } from './noise.ts';
import { place } from './place.ts';
import { policyOrLock } from './policy-or-lock.ts';
import { recreatedIdentity } from './recreated-identity.ts';
import { roleAtWrongScope } from './role-at-wrong-scope.ts';
import { roleRemoved } from './role-removed.ts';
import type { Scenario } from './scenario.ts';
import { staleToken } from './stale-token.ts';
import { stillPropagating } from './still-propagating.ts';
import { tokens } from './tokens.ts';
import { unexplained } from './unexplained.ts';
import { variations } from './variations.ts';
import { vaultOnAccessPolicies, vaultOnRbac } from './vault-modes.ts';
import { wordings } from './wordings.ts';
import { wrongAudience } from './wrong-audience.ts';
import { wrongIdentity } from './wrong-identity.ts';

export type { Scenario } from './scenario.ts';

/** Every world of which the right answer is known. */
export const scenarios: readonly Scenario[] = [
  ...missingRole,
  ...controlPlaneRoleOnly,
  ...roleAtWrongScope,
  ...stillPropagating,
  ...staleToken,
  ...roleRemoved,
  ...recreatedIdentity,
  ...deletedIdentity,
  ...wrongIdentity,
  ...identityNotAssigned,
  ...endpointUnreachable,
  ...wrongAudience,
  ...vaultOnAccessPolicies,
  ...vaultOnRbac,
  ...networkRule,
  ...denyAssignment,
  ...conditionNotMet,
  ...nativeRoleMissing,
  ...databaseUserMissing,
  ...federationMismatch,
  ...foreignTenant,
  ...policyOrLock,
  ...unexplained,
  ...variations,
  ...wordings,
  ...noise,
  ...tokens,
  ...blindness,
];

/** Writes the scenario's world into a folder. */
export async function writeScenario(scenario: Scenario, dir: string): Promise<void> {
  const here = place(scenario.id, { workspace: scenario.withoutWorkspace !== true });
  scenario.build(here);
  await here.t.write(dir);
}

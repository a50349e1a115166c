import type { Cause } from '../cause.ts';
import { conditionNotMet } from './condition-not-met.ts';
import { controlPlaneRoleOnly } from './control-plane-role-only.ts';
import { databaseUserMissing } from './database-user-missing.ts';
import { deletedIdentity } from './deleted-identity.ts';
import { denyAssignment } from './deny-assignment.ts';
import { endpointUnreachable } from './endpoint-unreachable.ts';
import { federationMismatch } from './federation-mismatch.ts';
import { foreignTenant } from './foreign-tenant.ts';
import { identityNotAssigned } from './identity-not-assigned.ts';
import { missingRole } from './missing-role.ts';
import { nativeRoleMissing } from './native-role-missing.ts';
import { networkRule } from './network-rule.ts';
import { policyOrLock } from './policy-or-lock.ts';
import { recreatedIdentity } from './recreated-identity.ts';
import { roleAtWrongScope } from './role-at-wrong-scope.ts';
import { roleRemoved } from './role-removed.ts';
import { staleToken } from './stale-token.ts';
import { stillPropagating } from './still-propagating.ts';
import { unexplained } from './unexplained.ts';
import { vaultOnAccessPolicies } from './vault-on-access-policies.ts';
import { vaultOnRbac } from './vault-on-rbac.ts';
import { wrongAudience } from './wrong-audience.ts';
import { wrongIdentity } from './wrong-identity.ts';

/** Every cause, in alphabetical order. */
export const causes: readonly Cause[] = [
  conditionNotMet,
  controlPlaneRoleOnly,
  databaseUserMissing,
  deletedIdentity,
  denyAssignment,
  endpointUnreachable,
  federationMismatch,
  foreignTenant,
  identityNotAssigned,
  missingRole,
  nativeRoleMissing,
  networkRule,
  policyOrLock,
  recreatedIdentity,
  roleAtWrongScope,
  roleRemoved,
  staleToken,
  stillPropagating,
  unexplained,
  vaultOnAccessPolicies,
  vaultOnRbac,
  wrongAudience,
  wrongIdentity,
];

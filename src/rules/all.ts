import { ambiguousIdentities } from './ambiguous-identities.ts';
import { assignmentLimitNear } from './assignment-limit-near.ts';
import { attachRightOnPowerfulIdentity } from './attach-right-on-powerful-identity.ts';
import { auditorOverreach } from './auditor-overreach.ts';
import { broadGrantMade } from './broad-grant-made.ts';
import { controlPlaneRoleOnDataTarget } from './control-plane-role-on-data-target.ts';
import { dataAccessAtBroadScope } from './data-access-at-broad-scope.ts';
import { directoryPower } from './directory-power.ts';
import { dormantDoor } from './dormant-door.ts';
import { escalationCapableRole } from './escalation-capable-role.ts';
import { federatedCredentialTooOpen } from './federated-credential-too-open.ts';
import { identityWithoutRole } from './identity-without-role.ts';
import { orphanedAssignment } from './orphaned-assignment.ts';
import { orphanedVaultPolicy } from './orphaned-vault-policy.ts';
import { privilegedRoleAtBroadScope } from './privileged-role-at-broad-scope.ts';
import { recreatedIdentity } from './recreated-identity.ts';
import { redundantAssignment } from './redundant-assignment.ts';
import { relictPolicyIdentity } from './relict-policy-identity.ts';
import type { Rule } from './rule.ts';
import { sharedIdentity } from './shared-identity.ts';
import { softDeletedPrincipal } from './soft-deleted-principal.ts';
import { unattachedIdentity } from './unattached-identity.ts';
import { unnarrowedBroadGrant } from './unnarrowed-broad-grant.ts';
import { unownedIdentity } from './unowned-identity.ts';
import { vaultFlipBreaksIdentity } from './vault-flip-breaks-identity.ts';
import { vaultPolicyWithoutEffect } from './vault-policy-without-effect.ts';
import { vaultRoleWithoutEffect } from './vault-role-without-effect.ts';
import { wildcardCustomRole } from './wildcard-custom-role.ts';

/** Every rule, in alphabetical order. `npm run new:rule` adds the line. */
export const rules: readonly Rule[] = [
  ambiguousIdentities,
  assignmentLimitNear,
  attachRightOnPowerfulIdentity,
  auditorOverreach,
  broadGrantMade,
  controlPlaneRoleOnDataTarget,
  dataAccessAtBroadScope,
  directoryPower,
  dormantDoor,
  escalationCapableRole,
  federatedCredentialTooOpen,
  identityWithoutRole,
  orphanedAssignment,
  orphanedVaultPolicy,
  privilegedRoleAtBroadScope,
  recreatedIdentity,
  redundantAssignment,
  relictPolicyIdentity,
  sharedIdentity,
  softDeletedPrincipal,
  unattachedIdentity,
  unnarrowedBroadGrant,
  unownedIdentity,
  vaultFlipBreaksIdentity,
  vaultPolicyWithoutEffect,
  vaultRoleWithoutEffect,
  wildcardCustomRole,
];

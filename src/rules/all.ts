import { ambiguousIdentities } from './ambiguous-identities.ts';
import { dormantDoor } from './dormant-door.ts';
import { federatedCredentialTooOpen } from './federated-credential-too-open.ts';
import { identityWithoutRole } from './identity-without-role.ts';
import { orphanedAssignment } from './orphaned-assignment.ts';
import { orphanedVaultPolicy } from './orphaned-vault-policy.ts';
import { recreatedIdentity } from './recreated-identity.ts';
import { relictPolicyIdentity } from './relict-policy-identity.ts';
import type { Rule } from './rule.ts';
import { sharedIdentity } from './shared-identity.ts';
import { softDeletedPrincipal } from './soft-deleted-principal.ts';
import { unattachedIdentity } from './unattached-identity.ts';
import { unownedIdentity } from './unowned-identity.ts';
import { vaultFlipBreaksIdentity } from './vault-flip-breaks-identity.ts';
import { vaultPolicyWithoutEffect } from './vault-policy-without-effect.ts';
import { vaultRoleWithoutEffect } from './vault-role-without-effect.ts';

/** Every rule, in alphabetical order. `npm run new:rule` adds the line. */
export const rules: readonly Rule[] = [
  ambiguousIdentities,
  dormantDoor,
  federatedCredentialTooOpen,
  identityWithoutRole,
  orphanedAssignment,
  orphanedVaultPolicy,
  recreatedIdentity,
  relictPolicyIdentity,
  sharedIdentity,
  softDeletedPrincipal,
  unattachedIdentity,
  unownedIdentity,
  vaultFlipBreaksIdentity,
  vaultPolicyWithoutEffect,
  vaultRoleWithoutEffect,
];

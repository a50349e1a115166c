import * as az from '../../remedy/az.ts';
import type { CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { appRoleFix } from './app-role.ts';
import { grantLeast, typeOf } from './steps.ts';
import { policyPermissions } from '../operations/vault-permissions.ts';

/** The least that lets the calls through, in the tongue of the target: an Azure role, a vault's policy entry, an application permission. */
export function leastFix(scene: Scene): readonly CauseFix[] {
  const { vault } = scene;
  const { principalId, label } = scene.failing;
  if (scene.refusedBy === 'graph') return appRoleFix(scene);
  const hsm = hsmName(scene);
  if (hsm !== undefined) return hsmFix(scene, hsm);
  if (vault === undefined || vault.rbac || principalId === undefined) return grantLeast(scene);
  const permissions = policyPermissions(scene.needed.map((one) => one.action));
  if (Object.values(permissions).every((list) => list.length === 0)) {
    return [{ text: `${vault.name} decides by access policies: add an entry for ${label} with just the permissions that were refused.` }];
  }
  return [
    az.step(
      `${vault.name} decides by access policies: add an entry for ${label} with just the permissions that were refused.`,
      az.setVaultPolicy(vault.id, principalId, permissions),
    ),
  ];
}

/** A managed HSM is no vault: roles on it are its own, kept inside, and Azure's do nothing there. */
export const hsmName = ({ targetId }: Pick<Scene, 'targetId'>): string | undefined =>
  /\/providers\/Microsoft\.KeyVault\/managedHSMs\/([^/]+)/i.exec(targetId ?? '')?.[1];

/** https://learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles */
function hsmFix(scene: Scene, name: string): readonly CauseFix[] {
  const { principalId, label } = scene.failing;
  const operations = scene.burst.denials.map((denial) => denial.operation);
  const role = operations.every((one) => /^Key(?:Wrap|Unwrap|Get)$/i.test(one))
    ? 'Managed HSM Crypto Service Encryption User'
    : operations.some((one) => /^Key(?:Purge|Recover)/i.test(one))
      ? 'Managed HSM Crypto Officer'
      : 'Managed HSM Crypto User';
  const text = `Grant ${role} to ${label} inside the HSM; a narrower --scope names one key, as in /keys/<name>.`;
  if (principalId === undefined) return [{ text }];
  return [
    az.step(
      text,
      az.command('keyvault role assignment create', {
        'hsm-name': name,
        role,
        'assignee-object-id': principalId,
        'assignee-principal-type': typeOf(scene, principalId),
        scope: '/',
      }),
    ),
  ];
}

import * as az from '../../remedy/az.ts';
import type { CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { appRoleFix } from './app-role.ts';
import { grantLeast } from './steps.ts';
import { policyPermissions } from './vault-permissions.ts';

/** The least that lets the calls through, in the tongue of the target: an Azure role, a vault's policy entry, an application permission. */
export function leastFix(scene: Scene): readonly CauseFix[] {
  const { vault } = scene;
  const { principalId, label } = scene.failing;
  if (scene.burst.service === 'graph') return appRoleFix(scene);
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

import type { Vault } from '../estate/index.ts';
import type { Asked } from './conditions.ts';
import type { Ground } from './ground.ts';
import { isVaultData } from './vault-policies.ts';

/**
 * How the target decides about Key Vault data: by data roles or by access policies, never by both. `other`: the question is not about a
 * vault's data, or about no vault in particular; `unknown`: about a vault that was not read.
 */
export type VaultMode = { readonly kind: 'other' | 'unknown' } | { readonly kind: 'roles' | 'policies'; readonly vault: Vault };

export function vaultOf({ estate, tree }: Ground, { action, data, on }: Asked): VaultMode {
  if (!data || !isVaultData(action)) return { kind: 'other' };
  const key = tree.chain(on).find((each) => /\/providers\/microsoft\.keyvault\/vaults\/[^/]+$/.test(each));
  if (key === undefined) return { kind: 'other' };
  const vault = estate.vaults.find((each) => each.key === key);
  return vault === undefined ? { kind: 'unknown' } : { kind: vault.rbac ? 'roles' : 'policies', vault };
}

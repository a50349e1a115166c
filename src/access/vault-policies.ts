import type { PrincipalId, Vault, VaultPolicy } from '../estate/index.ts';

/**
 * Which access-policy permissions open which Key Vault data operation, for vaults that are not in RBAC mode. Operations below
 * `Microsoft.KeyVault/vaults/`, in lower case; any one of the permissions suffices, and `all` stands for every one.
 * https://learn.microsoft.com/azure/key-vault/general/rbac-migration and the operations' descriptions in
 * https://learn.microsoft.com/azure/role-based-access-control/permissions/security#microsoftkeyvault
 */
const openedBy: Readonly<Record<string, readonly [plane: 'keys' | 'secrets' | 'certificates', ...permissions: string[]]>> = {
  'keys/read': ['keys', 'get', 'list'],
  'keys/create/action': ['keys', 'create'],
  'keys/import/action': ['keys', 'import'],
  'keys/update/action': ['keys', 'update'],
  'keys/delete': ['keys', 'delete'],
  'keys/recover/action': ['keys', 'recover'],
  'keys/backup/action': ['keys', 'backup'],
  'keys/restore/action': ['keys', 'restore'],
  'keys/purge/action': ['keys', 'purge'],
  'keys/decrypt/action': ['keys', 'decrypt'],
  'keys/encrypt/action': ['keys', 'encrypt'],
  'keys/unwrap/action': ['keys', 'unwrapkey'],
  'keys/wrap/action': ['keys', 'wrapkey'],
  'keys/sign/action': ['keys', 'sign'],
  'keys/verify/action': ['keys', 'verify'],
  'keys/release/action': ['keys', 'release'],
  'keys/rotate/action': ['keys', 'rotate'],
  'keyrotationpolicies/read': ['keys', 'getrotationpolicy'],
  'keyrotationpolicies/write': ['keys', 'setrotationpolicy'],
  'secrets/getsecret/action': ['secrets', 'get'],
  'secrets/readmetadata/action': ['secrets', 'list'],
  'secrets/setsecret/action': ['secrets', 'set'],
  'secrets/update/action': ['secrets', 'set'],
  'secrets/delete': ['secrets', 'delete'],
  'secrets/recover/action': ['secrets', 'recover'],
  'secrets/backup/action': ['secrets', 'backup'],
  'secrets/restore/action': ['secrets', 'restore'],
  'secrets/purge/action': ['secrets', 'purge'],
  'certificates/read': ['certificates', 'get', 'list'],
  'certificates/create/action': ['certificates', 'create'],
  'certificates/import/action': ['certificates', 'import'],
  'certificates/update/action': ['certificates', 'update'],
  'certificates/delete': ['certificates', 'delete'],
  'certificates/recover/action': ['certificates', 'recover'],
  'certificates/backup/action': ['certificates', 'backup'],
  'certificates/restore/action': ['certificates', 'restore'],
  'certificates/purge/action': ['certificates', 'purge'],
  'certificatecontacts/write': ['certificates', 'managecontacts'],
  'certificatecas/read': ['certificates', 'getissuers', 'listissuers', 'manageissuers'],
  'certificatecas/write': ['certificates', 'setissuers', 'manageissuers'],
  'certificatecas/delete': ['certificates', 'deleteissuers', 'manageissuers'],
};

const vaultOperations = 'microsoft.keyvault/vaults/';

export const isVaultData = (action: string): boolean => action.startsWith(vaultOperations);

/** The permission by which one of the vault's policies opens an operation to any of the ids, such as `secrets get`, or undefined. */
export function policyPermission(vault: Vault, ids: ReadonlySet<PrincipalId>, action: string, tenantId: string): string | undefined {
  const [plane, ...permissions] = openedBy[action.slice(vaultOperations.length)] ?? [];
  if (plane === undefined) return undefined;
  for (const policy of vault.policies) {
    if (!isFor(policy, ids, tenantId)) continue;
    const given = policy[plane].map((permission) => permission.toLowerCase());
    const found = permissions.find((permission) => given.includes(permission)) ?? (given.includes('all') ? permissions[0] : undefined);
    if (found !== undefined) return `${plane} ${found}`;
  }
  return undefined;
}

/** An entry with an application id opens the vault to that application acting for a user, never to the principal by itself. */
function isFor(policy: VaultPolicy, ids: ReadonlySet<PrincipalId>, tenantId: string): boolean {
  return (
    ids.has(policy.objectId) &&
    !policy.applicationId &&
    (policy.tenantId === '' || policy.tenantId.toLowerCase() === tenantId.toLowerCase())
  );
}

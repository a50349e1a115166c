/**
 * Access-policy permission for each Key Vault data action, for the printed `az keyvault set-policy` line.
 * Source: https://learn.microsoft.com/azure/key-vault/general/rbac-migration (access policy permissions and equivalent roles).
 */
const table: readonly (readonly [action: string, kind: 'keys' | 'secrets' | 'certificates', permissions: readonly string[]])[] = [
  ['secrets/getsecret/action', 'secrets', ['get']],
  ['secrets/readmetadata/action', 'secrets', ['list']],
  ['secrets/setsecret/action', 'secrets', ['set']],
  ['secrets/update/action', 'secrets', ['set']],
  ['secrets/delete', 'secrets', ['delete']],
  ['secrets/backup/action', 'secrets', ['backup']],
  ['secrets/restore/action', 'secrets', ['restore']],
  ['secrets/recover/action', 'secrets', ['recover']],
  ['secrets/purge/action', 'secrets', ['purge']],
  ['keys/read', 'keys', ['get', 'list']],
  ['keys/sign/action', 'keys', ['sign']],
  ['keys/verify/action', 'keys', ['verify']],
  ['keys/encrypt/action', 'keys', ['encrypt']],
  ['keys/decrypt/action', 'keys', ['decrypt']],
  ['keys/wrap/action', 'keys', ['wrapKey']],
  ['keys/unwrap/action', 'keys', ['unwrapKey']],
  ['keys/create/action', 'keys', ['create']],
  ['keys/import/action', 'keys', ['import']],
  ['keys/update/action', 'keys', ['update']],
  ['keys/delete', 'keys', ['delete']],
  ['keys/rotate/action', 'keys', ['rotate']],
  ['keys/backup/action', 'keys', ['backup']],
  ['keys/restore/action', 'keys', ['restore']],
  ['keys/recover/action', 'keys', ['recover']],
  ['keys/purge/action', 'keys', ['purge']],
  ['certificates/read', 'certificates', ['get', 'list']],
  ['certificates/create/action', 'certificates', ['create']],
  ['certificates/import/action', 'certificates', ['import']],
  ['certificates/update/action', 'certificates', ['update']],
  ['certificates/delete', 'certificates', ['delete']],
  ['certificates/purge/action', 'certificates', ['purge']],
];

export interface PolicyPermissions {
  readonly keys: readonly string[];
  readonly secrets: readonly string[];
  readonly certificates: readonly string[];
}

export function policyPermissions(actions: readonly string[]): PolicyPermissions {
  const found = { keys: new Set<string>(), secrets: new Set<string>(), certificates: new Set<string>() };
  for (const action of actions) {
    const lower = action.toLowerCase();
    for (const [suffix, kind, permissions] of table)
      if (lower.endsWith(`/vaults/${suffix}`)) for (const permission of permissions) found[kind].add(permission);
  }
  return { keys: [...found.keys], secrets: [...found.secrets], certificates: [...found.certificates] };
}

/** The action behind "does not have secrets get permission": the first of the table, which is the one that reads. */
export function actionOfPermission(kind: string, permission: string): string | undefined {
  const row = table.find(([, of, permissions]) => of === kind && permissions.some((one) => one.toLowerCase() === permission));
  return row && `Microsoft.KeyVault/vaults/${row[0]}`;
}

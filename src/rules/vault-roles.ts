import type { VaultPolicy } from '../estate/index.ts';

/** A built-in Key Vault data role. */
export interface VaultRole {
  readonly id: string;
  readonly name: string;
}

const administrator: VaultRole = { id: '00482a5a-887f-4fb3-b363-3b7fe8e74483', name: 'Key Vault Administrator' };
const secretsUser: VaultRole = { id: '4633458b-17de-408a-b874-0445c86b69e6', name: 'Key Vault Secrets User' };
const secretsOfficer: VaultRole = { id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', name: 'Key Vault Secrets Officer' };
const cryptoServiceEncryptionUser: VaultRole = {
  id: 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  name: 'Key Vault Crypto Service Encryption User',
};
const cryptoUser: VaultRole = { id: '12338af0-0e69-4776-bea7-57ae8d297424', name: 'Key Vault Crypto User' };
const cryptoOfficer: VaultRole = { id: '14b46e9e-c2b7-41b4-b07b-48a6ebf60603', name: 'Key Vault Crypto Officer' };
const reader: VaultRole = { id: '21090545-7ca7-4776-b22c-e363652d74d2', name: 'Key Vault Reader' };
const certificatesOfficer: VaultRole = { id: 'a4417e6f-fecd-4de8-b567-7b0420556985', name: 'Key Vault Certificates Officer' };

/**
 * The smallest built-in roles that allow what an access-policy entry allows, after Microsoft's mapping
 * (learn.microsoft.com/azure/key-vault/general/rbac-migration). A role may allow a little more than the entry did.
 */
export function equivalentRoles({ keys, secrets, certificates }: VaultPolicy): readonly VaultRole[] {
  const roles = [keyRole(lower(keys)), secretRole(lower(secrets)), certificateRole(lower(certificates))].filter(
    (role) => role !== undefined,
  );
  const all = roles.length === 3 && roles.includes(cryptoOfficer) && roles.includes(secretsOfficer) && roles.includes(certificatesOfficer);
  return all ? [administrator] : [...new Set(roles)];
}

export function describePermissions({ keys, secrets, certificates }: Pick<VaultPolicy, 'keys' | 'secrets' | 'certificates'>): string {
  const parts = [
    ['keys', keys],
    ['secrets', secrets],
    ['certificates', certificates],
  ] as const;
  const named = parts.filter(([, permissions]) => permissions.length > 0).map(([kind, permissions]) => `${kind} ${permissions.join(', ')}`);
  return named.length === 0 ? 'no permission at all' : named.join('; ');
}

const lower = (permissions: readonly string[]): readonly string[] => permissions.map((each) => each.toLowerCase());

const within = (permissions: readonly string[], allowed: readonly string[]): boolean => permissions.every((each) => allowed.includes(each));

function keyRole(keys: readonly string[]): VaultRole | undefined {
  if (keys.length === 0) return undefined;
  if (within(keys, ['list'])) return reader;
  if (within(keys, ['get', 'list', 'wrapkey', 'unwrapkey'])) return cryptoServiceEncryptionUser;
  if (within(keys, ['get', 'list', 'update', 'backup', 'encrypt', 'decrypt', 'wrapkey', 'unwrapkey', 'sign', 'verify'])) return cryptoUser;
  return cryptoOfficer;
}

function secretRole(secrets: readonly string[]): VaultRole | undefined {
  if (secrets.length === 0) return undefined;
  if (within(secrets, ['list'])) return reader;
  return within(secrets, ['get', 'list']) ? secretsUser : secretsOfficer;
}

/** Reading a certificate with its private key goes through its secret; the entry's own `get` and `list` show the public part. */
function certificateRole(certificates: readonly string[]): VaultRole | undefined {
  if (certificates.length === 0) return undefined;
  return within(certificates, ['get', 'list', 'getissuers', 'listissuers']) ? reader : certificatesOfficer;
}

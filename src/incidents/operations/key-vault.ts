import type { ActionTable } from './action-table.ts';

/**
 * What each Key Vault operation needs. SecretGet, SecretSet, KeySign, … are documented
 * (https://learn.microsoft.com/azure/key-vault/general/rbac-guide); list, delete, backup and their kin are inferred from the data actions of
 * the built-in roles of 2026-08-22.
 */
export const keyVault: ActionTable = [
  { action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action', plane: 'data', operations: ['SecretGet'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/readMetadata/action', plane: 'data', operations: ['SecretList', 'SecretListVersions'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/setSecret/action', plane: 'data', operations: ['SecretSet'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/update/action', plane: 'data', operations: ['SecretUpdate'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/delete', plane: 'data', operations: ['SecretDelete'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/backup/action', plane: 'data', operations: ['SecretBackup'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/restore/action', plane: 'data', operations: ['SecretRestore'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/recover/action', plane: 'data', operations: ['SecretRecover'] },
  { action: 'Microsoft.KeyVault/vaults/secrets/purge/action', plane: 'data', operations: ['SecretPurge'] },
  { action: 'Microsoft.KeyVault/vaults/keys/read', plane: 'data', operations: ['KeyGet', 'KeyList', 'KeyListVersions'] },
  { action: 'Microsoft.KeyVault/vaults/keys/sign/action', plane: 'data', operations: ['KeySign'] },
  { action: 'Microsoft.KeyVault/vaults/keys/verify/action', plane: 'data', operations: ['KeyVerify'] },
  { action: 'Microsoft.KeyVault/vaults/keys/encrypt/action', plane: 'data', operations: ['KeyEncrypt'] },
  { action: 'Microsoft.KeyVault/vaults/keys/decrypt/action', plane: 'data', operations: ['KeyDecrypt'] },
  { action: 'Microsoft.KeyVault/vaults/keys/backup/action', plane: 'data', operations: ['KeyBackup'] },
  { action: 'Microsoft.KeyVault/vaults/keys/update/action', plane: 'data', operations: ['KeyUpdate'] },
  { action: 'Microsoft.KeyVault/vaults/keys/wrap/action', plane: 'data', operations: ['KeyWrap'] },
  { action: 'Microsoft.KeyVault/vaults/keys/unwrap/action', plane: 'data', operations: ['KeyUnwrap'] },
  { action: 'Microsoft.KeyVault/vaults/keys/create/action', plane: 'data', operations: ['KeyCreate'] },
  { action: 'Microsoft.KeyVault/vaults/keys/import/action', plane: 'data', operations: ['KeyImport'] },
  { action: 'Microsoft.KeyVault/vaults/keys/delete', plane: 'data', operations: ['KeyDelete'] },
  { action: 'Microsoft.KeyVault/vaults/keys/rotate/action', plane: 'data', operations: ['KeyRotate'] },
  { action: 'Microsoft.KeyVault/vaults/keys/purge/action', plane: 'data', operations: ['KeyPurge'] },
  { action: 'Microsoft.KeyVault/vaults/keys/restore/action', plane: 'data', operations: ['KeyRestore'] },
  { action: 'Microsoft.KeyVault/vaults/keys/recover/action', plane: 'data', operations: ['KeyRecover'] },
  {
    action: 'Microsoft.KeyVault/vaults/certificates/read',
    plane: 'data',
    operations: ['CertificateGet', 'CertificateList', 'CertificateListVersions', 'CertificatePolicyGet'],
  },
  { action: 'Microsoft.KeyVault/vaults/certificates/create/action', plane: 'data', operations: ['CertificateCreate'] },
  { action: 'Microsoft.KeyVault/vaults/certificates/import/action', plane: 'data', operations: ['CertificateImport'] },
  { action: 'Microsoft.KeyVault/vaults/certificates/update/action', plane: 'data', operations: ['CertificateUpdate'] },
  { action: 'Microsoft.KeyVault/vaults/certificates/delete', plane: 'data', operations: ['CertificateDelete'] },
  { action: 'Microsoft.KeyVault/vaults/certificates/purge/action', plane: 'data', operations: ['CertificatePurge'] },
];

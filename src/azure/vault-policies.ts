import { z } from 'zod';
import { principalId, type VaultPolicy } from '../estate/index.ts';
import { objectId, present, text } from './row.ts';

const permissions = z
  .array(z.string())
  .nullish()
  .transform((given) => (given ?? []).map((permission) => permission.toLowerCase()));

const policy = z.object({
  tenantId: text,
  objectId,
  applicationId: text,
  permissions: z.object({ keys: permissions, secrets: permissions, certificates: permissions }).nullish(),
});

/** Entries of an access policy; permissions in lower case, since clients write `Get` and `get`. Odd entries are counted, not guessed. */
export function vaultPolicies(entries: readonly unknown[]): { readonly read: readonly VaultPolicy[]; readonly odd: number } {
  const parsed = entries.map((entry) => policy.safeParse(entry));
  const read = parsed.flatMap((result) => (result.success ? [policyOf(result.data)] : []));
  return { read, odd: entries.length - read.length };
}

function policyOf(given: z.infer<typeof policy>): VaultPolicy {
  return {
    tenantId: given.tenantId ?? '',
    objectId: principalId(given.objectId),
    applicationId: present(given.applicationId),
    keys: given.permissions?.keys ?? [],
    secrets: given.permissions?.secrets ?? [],
    certificates: given.permissions?.certificates ?? [],
  };
}

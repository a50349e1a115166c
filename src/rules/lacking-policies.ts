import type { PrincipalId, Vault, VaultPolicy } from '../estate/index.ts';
import type { VaultPermissions } from '../remedy/az.ts';
import { indexOf } from './estate-index.ts';
import type { RuleInput } from './rule.ts';
import type { Succession } from './successor.ts';

/** What a vault's access policies still allow the old principal and not the one that took its place. */
export interface LackingPolicy {
  readonly vault: Vault;
  readonly permissions: VaultPermissions;
}

/** On vaults that decide by access policies; on the others an entry is no grant. What comes through a group counts as held. */
export function lackingPolicies({ estate }: Pick<RuleInput, 'estate'>, { old, identity }: Succession): readonly LackingPolicy[] {
  const holders = [identity.principalId, ...(estate.memberships.get(identity.principalId) ?? [])];
  const vaults = (indexOf(estate).vaultsByPrincipal.get(old) ?? []).filter(({ rbac }) => !rbac);
  return [...new Map(vaults.map((vault) => [vault.key, vault])).values()]
    .map((vault) => ({ vault, permissions: without(entriesOf(vault, [old]), entriesOf(vault, holders)) }))
    .filter(({ permissions: { keys, secrets, certificates } }) => keys.length + secrets.length + certificates.length > 0)
    .sort((a, b) => (a.vault.key < b.vault.key ? -1 : 1));
}

/** An entry with an application id is for a user signed in through that application. */
const entriesOf = (vault: Vault, holders: readonly PrincipalId[]): readonly VaultPolicy[] =>
  vault.policies.filter(({ objectId, applicationId }) => holders.includes(objectId) && applicationId === undefined);

function without(old: readonly VaultPolicy[], held: readonly VaultPolicy[]): VaultPermissions {
  const lacking = (kind: keyof VaultPermissions): readonly string[] => {
    const has = new Set(held.flatMap((entry) => entry[kind]));
    return has.has('all') ? [] : [...new Set(old.flatMap((entry) => entry[kind]))].filter((permission) => !has.has(permission));
  };
  return { keys: lacking('keys'), secrets: lacking('secrets'), certificates: lacking('certificates') };
}

import { openAccess } from '../access/index.ts';
import type { Estate, ResourceKey } from '../estate/index.ts';

/** One identity with what hangs on it: where it runs, and how many grants reach it. */
export interface IdentityView {
  readonly kind: 'system-assigned' | 'user-assigned';
  readonly name: string;
  readonly principalId: string;
  readonly clientId: string;
  readonly resourceId: string;
  readonly hosts: readonly string[];
  readonly federatedCredentials: number;
  readonly grants: readonly { readonly role: string; readonly scope: string; readonly throughGroup: boolean }[];
}

/** Every managed identity of the estate, by name. */
export function listIdentities(estate: Estate): readonly IdentityView[] {
  const access = openAccess(estate);
  const hosts = hostsByIdentity(estate);
  const credentials = Map.groupBy(estate.federatedCredentials, ({ identity }) => identity);
  const views = estate.identities.map((identity) => ({
    kind: identity.kind,
    name: identity.name,
    principalId: identity.principalId,
    clientId: identity.clientId ?? '',
    resourceId: identity.resourceId,
    hosts: identity.kind === 'system-assigned' ? [identity.resourceId] : (hosts.get(identity.key) ?? []),
    federatedCredentials: credentials.get(identity.key)?.length ?? 0,
    grants: access.grantsOf(identity.principalId).map(({ assignment, role, groups }) => ({
      role: role?.name ?? assignment.roleId,
      scope: assignment.scopeId,
      throughGroup: groups.length > 0,
    })),
  }));
  return views.toSorted(
    (one, other) => compare(one.name.toLowerCase(), other.name.toLowerCase()) || compare(one.principalId, other.principalId),
  );
}

function hostsByIdentity({ hosts }: Estate): ReadonlyMap<ResourceKey, readonly string[]> {
  const byKey = new Map<ResourceKey, string[]>();
  for (const host of hosts) {
    for (const key of new Set(host.userAssigned.map((attachment) => attachment.key))) {
      const list = byKey.get(key);
      if (list === undefined) byKey.set(key, [host.id]);
      else list.push(host.id);
    }
  }
  return byKey;
}

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));

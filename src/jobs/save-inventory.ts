import type { Access } from '../access/index.ts';
import { resourceKey, type Estate } from '../estate/index.ts';
import { inventoryOf } from '../inventory/index.ts';
import type { Store } from '../ports/index.ts';

export interface InventoryRequest {
  readonly store: Pick<Store, 'saveInventory'>;
  readonly estate: Estate;
  readonly access: Access;
  readonly area: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
  readonly now: string;
}

/** Keeps what the audit knows of every identity. Safe to repeat: only what changed is written. */
export const saveInventory = ({ store, estate, access, area, now }: InventoryRequest): Promise<void> =>
  store.saveInventory({
    at: now,
    sheets: inventoryOf({ estate, access, now }),
    hidden: hiddenIn(estate.gaps, (scope, ancestor) => access.within(scope, ancestor), area),
  });

/** Blind is not clean: an identity that lies where this run did not or could not look is not gone. */
export function hiddenIn(
  gaps: Estate['gaps'],
  within: Access['within'],
  area: InventoryRequest['area'],
): (identity: { readonly resourceId: string }) => boolean {
  const blind = gaps.filter(({ slice, harmless }) => harmless !== true && showing.includes(slice)).map(({ scope }) => resourceKey(scope));
  const tops = [
    ...area.subscriptions.map((id) => resourceKey(id.includes('/') ? id : `/subscriptions/${id}`)),
    ...area.managementGroups.map((id) => resourceKey(id.includes('/') ? id : `/providers/Microsoft.Management/managementGroups/${id}`)),
  ];
  return ({ resourceId }) => {
    const at = resourceKey(resourceId);
    return blind.some((gap) => within(at, gap)) || (tops.length > 0 && !tops.some((top) => within(at, top)));
  };
}

/** System-assigned identities are seen with their hosts, and subscriptions with the containers. */
const showing: readonly string[] = ['identities', 'hosts', 'containers'];

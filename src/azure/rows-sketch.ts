import type { Assignment, Host, Identity, ResourceKey } from '../estate/index.ts';
import type { CollectedRows, EstateRows } from '../ports/index.ts';
import { pool, type Pool } from './row.ts';

/** Rows that stand for all where the questions around them are asked: as much as one invocation has room for, whatever the tenant's size. */
export type RowsSketch = Omit<EstateRows, 'assignments'> & { readonly assignments: readonly Assignment[] };

/**
 * Of assignments one for each principal (with the type that Azure stored), for each subscription, and for each scope above them; of hosts one for each
 * resource group, and for each that an attached identity lies in. Of equals the first by id, in order of id, as one reading of everything would have them.
 */
export async function sketchOf(collected: CollectedRows): Promise<RowsSketch> {
  const assignments = representatives<Assignment>(({ principalId, principalType, scope }) => [
    `${principalId} ${principalType}`,
    subscriptionOf(scope) ?? scope,
  ]);
  const once = pool();
  for await (const assignment of collected.assignments()) assignments.see(assignment, (kept) => slim(kept, once));

  const hosts = representatives<Host>(({ key, userAssigned }) => [
    groupOf(key),
    ...userAssigned.map(({ resourceId }) => `to ${groupOf(resourceId)}`),
  ]);
  const identities: Identity[] = [];
  const lists = { policyAssignments: [], vaults: [], clusters: [], workspaces: [] } as {
    [Kind in 'policyAssignments' | 'vaults' | 'clusters' | 'workspaces']: EstateRows[Kind][number][];
  };
  for await (const rows of collected.resources()) {
    for (const host of rows.hosts) hosts.see(host, (kept) => ({ ...kept, tags: none }));
    for (const identity of rows.identities) identities.push({ ...identity, tags: none });
    for (const one of rows.policyAssignments) lists.policyAssignments.push(one);
    for (const one of rows.vaults) lists.vaults.push({ ...one, tags: none });
    for (const one of rows.clusters) lists.clusters.push(one);
    for (const one of rows.workspaces) lists.workspaces.push(one);
  }
  return { assignments: assignments.all(), hosts: hosts.all(), identities: identities.toSorted(byKey), ...lists };
}

const none = {};

/** As much of an assignment as the questions take; whoever wants it whole picks it. */
const slim = ({ key, principalId, principalType, roleId, scope, scopeId }: Assignment, once: Pool): Assignment => ({
  id: '',
  key,
  principalId: once(principalId),
  principalType: once(principalType),
  roleId: once(roleId),
  scope: once(scope),
  scopeId: once(scopeId),
});

interface Keyed {
  readonly key: ResourceKey;
}

/** Keeps an item that is the first by id of any of the sets that it belongs to. */
function representatives<Item extends Keyed>(setsOf: (item: Item) => readonly string[]) {
  const first = new Map<string, Item>();
  return {
    see(item: Item, kept: (item: Item) => Item): void {
      let small: Item | undefined;
      for (const set of setsOf(item)) {
        const known = first.get(set);
        if (known === undefined || item.key < known.key) first.set(set, (small ??= kept(item)));
      }
    },
    all: (): readonly Item[] => [...new Set(first.values())].toSorted(byKey),
  };
}

const byKey = (a: Keyed, b: Keyed): number => (a.key < b.key ? -1 : Number(a.key > b.key));

const subscriptionOf = (key: string): string | undefined => /^\/subscriptions\/[^/]+/i.exec(key)?.[0].toLowerCase();
/** The resource group, or what else an id lies in. */
const groupOf = (id: string): string => /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+/i.exec(id)?.[0] ?? subscriptionOf(id) ?? id;

import type { PrincipalId, RoleDefinition, RoleId } from '../estate/index.ts';
import type { CollectRequest, EstateSource } from '../ports/index.ts';
import { areasOf } from './areas.ts';
import { callsBetween } from './calls.ts';
import type { AzureClients } from './clients.ts';
import { collectAround, type CollectLimits, type ReadRows } from './collect-around.ts';
import { growHeapSlowly } from './heap-growth.ts';
import { principalLookUp } from './look-up.ts';
import { readAssignments } from './read-assignments.ts';
import { readPolicies } from './read-policies.ts';
import { readResources } from './read-resources.ts';
import { pool, type Pool } from './row.ts';

export interface CollectOptions {
  /** The list of built-in roles that we ship, for what Azure does not show. */
  readonly builtInRole: (id: RoleId) => RoleDefinition | undefined;
  readonly limits?: Partial<CollectLimits>;
}

export const defaultLimits: CollectLimits = { confirmationsMax: 2000, probesMax: 100, refreshesMin: 50, refreshesMax: 2000 };

/**
 * The tenant, read in one pass. On 200 subscriptions, 4,000 resource groups, 20,000 resources, 10,000 assignments and 3,000 principals that is
 * 33 calls (test/azure/calls.test.ts): Resource Graph one page per 1,000 rows (assignments 10, resources 5, containers 5, roles 1, policies 1),
 * ARM 1, Graph 4 for principals, 1 to 3 for the recycle bin, 1 per 20 groups, 2 for application permissions and directory roles; plus one per
 * identity whose federated credentials are read and one per suspected orphan. Nothing is asked per subscription: 2,000 of them cost 3 pages more.
 */
export function azureEstateSource(clients: AzureClients, options: CollectOptions): EstateSource {
  const limits = { ...defaultLimits, ...options.limits };
  return {
    async collect(request) {
      const letHeapGrow = growHeapSlowly();
      try {
        const before = clients.calls();
        const once = pool();
        const lookUp = principalLookUp(clients, once);
        const rows = readRows(clients, request, once, (id) => lookUp.add(id));
        const estate = await collectAround(clients, request, { rows, lookUp, builtInRole: options.builtInRole, limits });
        return { estate, calls: callsBetween(before, clients.calls()) };
      } finally {
        letHeapGrow();
      }
    },
  };
}

/** Everything starts at once, and each principal is looked up as its rows come. */
function readRows(
  clients: AzureClients,
  { scope, progress }: CollectRequest,
  once: Pool,
  seePrincipal: (id: PrincipalId) => void,
): ReadRows {
  const areas = areasOf(scope);
  const resources = readResources(clients, areas, progress, once);
  const assigned = readAssignments(clients, areas, progress, once, { seePrincipal });
  return {
    resources,
    policies: readPolicies(clients, areas, progress),
    assigned,
    pick: async (wanted) => (await assigned).assignments.filter(wanted),
    subscriptions: undefined,
  };
}

import { z } from 'zod';
import type { Assignment, RoleId } from '../estate/index.ts';
import type { CollectRequest, CollectedRows, EstateRows, RowsAbout, RowsRead, ShardedSource, SubscriptionRows } from '../ports/index.ts';
import { areasOf, areasOfShard } from './areas.ts';
import { callsBetween } from './calls.ts';
import type { AzureClients } from './clients.ts';
import { collectAround, type ReadRows } from './collect-around.ts';
import { defaultLimits, type CollectOptions } from './collect-estate.ts';
import { growHeapSlowly } from './heap-growth.ts';
import { principalLookUp } from './look-up.ts';
import { readAssignments } from './read-assignments.ts';
import { readPolicies } from './read-policies.ts';
import { readResources } from './read-resources.ts';
import { pages } from './resource-graph.ts';
import { pool } from './row.ts';
import { sketchOf } from './rows-sketch.ts';

/** The tenant in pieces: rows by subscription, those above subscriptions, and what is known once. Each of them by the readers of the whole. */
export function azureShardedSource(clients: AzureClients, options: CollectOptions): ShardedSource {
  const limits = { ...defaultLimits, ...options.limits };
  // Whoever opens this does a piece of a large audit, and streams pages beside what stays: a million assignments in 376 MB instead of 1,115.
  growHeapSlowly();
  return {
    count: ({ managementGroups, subscriptions }) => countRows(clients, areasOf({ managementGroups, subscriptions })),
    collectIn: (subscriptions, progress) => counted(clients, () => readShard(clients, subscriptions, progress)),
    collectAbove: (request) => counted(clients, () => readAbove(clients, request)),
    async collectFacts(request) {
      const before = clients.calls();
      const { collected } = request;
      const lookUp = principalLookUp(clients, pool());
      const letHeapGrow = growHeapSlowly();
      try {
        const rows = await readRows(collected);
        const estate = await collectAround(clients, request, { rows, lookUp, builtInRole: options.builtInRole, limits });
        return { estate: { ...estate, ...noRows }, calls: callsBetween(before, clients.calls()) };
      } finally {
        letHeapGrow();
      }
    },
  };
}

const noRows: EstateRows = { assignments: [], identities: [], hosts: [], policyAssignments: [], vaults: [], clusters: [], workspaces: [] };

const countRow = z.object({ id: z.string().regex(/^\/subscriptions\/[\w-]{1,64}$/), rows: z.number().int().nonnegative() });

async function countRows(clients: AzureClients, areas: ReturnType<typeof areasOf>): ReturnType<ShardedSource['count']> {
  const counts = new Map<string, { assignments: number; resources: number }>();
  let whole = true;
  let answered = false;
  for (const [query, what] of [
    ['count-assignments', 'assignments'],
    ['count-resources', 'resources'],
  ] as const) {
    for await (const piece of pages(clients, query, areas)) {
      if (piece.kind === 'lost') {
        whole = false;
        continue;
      }
      answered = true;
      for (const { given } of piece.rows) {
        const parsed = countRow.safeParse(given);
        if (!parsed.success) {
          whole = false;
          continue;
        }
        const subscription = parsed.data.id.slice('/subscriptions/'.length).toLowerCase();
        const known = counts.get(subscription) ?? { assignments: 0, resources: 0 };
        counts.set(subscription, { ...known, [what]: known[what] + parsed.data.rows });
      }
    }
  }
  if (!answered) return undefined;
  return { whole, counts: [...counts].map(([subscription, count]): SubscriptionRows => ({ subscription, ...count })) };
}

async function counted(
  clients: AzureClients,
  read: () => Promise<Omit<RowsRead, 'about'> & { about: Omit<RowsAbout, 'calls'> }>,
): Promise<RowsRead> {
  const letHeapGrow = growHeapSlowly();
  try {
    const before = clients.calls();
    const { rows, about } = await read();
    return { rows, about: { ...about, calls: callsBetween(before, clients.calls()) } };
  } finally {
    letHeapGrow();
  }
}

async function readShard(clients: AzureClients, subscriptions: readonly string[], progress: CollectRequest['progress']) {
  const areas = areasOfShard(subscriptions);
  const once = pool();
  const mine = new Set(subscriptions);
  const [resources, assigned] = await Promise.all([
    readResources(clients, areas, progress, once),
    // What a subscription inherits belongs to the reading above, whatever Azure makes of the scope filter.
    readAssignments(clients, areas, progress, once, { isWanted: (key) => mine.has(subscriptionIn(key)) }),
  ]);
  const { gaps, ...lists } = resources;
  return {
    rows: { ...noRows, ...lists, assignments: assigned.assignments },
    about: { resourceGaps: gaps, policyGaps: [], assignmentGaps: assigned.gaps, roleDefinitionIds: [...assigned.roleDefinitionIds] },
  };
}

async function readAbove(clients: AzureClients, { scope, progress }: Pick<CollectRequest, 'scope' | 'progress'>) {
  const areas = areasOf(scope);
  const [policies, assigned] = await Promise.all([
    readPolicies(clients, areas, progress),
    readAssignments(clients, areas, progress, pool(), {
      query: 'role-assignments-above',
      isWanted: (key) => subscriptionIn(key) === '',
    }),
  ]);
  const { gaps, ...lists } = policies;
  return {
    rows: { ...noRows, ...lists, assignments: assigned.assignments },
    about: { resourceGaps: [], policyGaps: gaps, assignmentGaps: assigned.gaps, roleDefinitionIds: [...assigned.roleDefinitionIds] },
  };
}

const subscriptionIn = (key: string): string => /^\/subscriptions\/([^/]+)/.exec(key)?.[1] ?? '';

/** What was read before, as if it came now. */
async function readRows(collected: CollectedRows): Promise<ReadRows> {
  const { about } = collected;
  const { assignments, policyAssignments, ...lists } = await sketchOf(collected);
  const roleDefinitionIds = new Map<RoleId, string>();
  for (const [role, id] of about.flatMap((each) => each.roleDefinitionIds))
    if (!roleDefinitionIds.has(role as RoleId)) roleDefinitionIds.set(role as RoleId, id);
  return {
    resources: Promise.resolve({ ...lists, gaps: about.flatMap(({ resourceGaps }) => resourceGaps) }),
    policies: Promise.resolve({ policyAssignments, hosts: [], identities: [], gaps: about.flatMap(({ policyGaps }) => policyGaps) }),
    assigned: Promise.resolve({ assignments, roleDefinitionIds, gaps: about.flatMap(({ assignmentGaps }) => assignmentGaps) }),
    async pick(wanted) {
      const picked: Assignment[] = [];
      for await (const assignment of collected.assignments()) if (wanted(assignment)) picked.push(assignment);
      return picked.toSorted((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)));
    },
    subscriptions: collected.subscriptions,
  };
}

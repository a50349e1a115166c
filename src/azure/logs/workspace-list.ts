import { z } from 'zod';
import { resourceKey, type Workspace } from '../../estate/index.ts';
import type { LogGap, LogTarget, WorkspaceList } from '../../ports/index.ts';
import { areasOf, type Area } from '../areas.ts';
import type { AzureClients } from '../clients.ts';
import type { ResourceGraphQuery } from '../queries/index.ts';
import { pages } from '../resource-graph.ts';
import { armId, shortText } from '../row.ts';
import { listSubscriptions } from '../subscription-list.ts';
import { oddGap, unread } from './log-gaps.ts';

const workspaceRow = z.object({ id: armId, name: shortText, customerId: z.guid() });
const targetRow = z.object({ id: armId, type: z.string().min(1).max(256), count_: z.coerce.number().int().positive() });
const groupRow = z.object({ id: armId });
const subscriptionId = z.guid().transform((given) => given.toLowerCase());

/** Two questions to Resource Graph and one list from ARM per pass. What lies in no workspace has the Activity Log of its subscription at least. */
export function azureWorkspaceList(clients: AzureClients): WorkspaceList {
  return {
    async list(scope) {
      const areas = areasOf(scope);
      const [workspaces, targets, subscriptions] = await Promise.all([
        rowsOf(clients, 'workspaces', areas, workspaceRow),
        rowsOf(clients, 'log-targets', areas, targetRow),
        subscriptionsOf(clients, scope.subscriptions, scope.managementGroups.length > 0),
      ]);
      return {
        workspaces: workspaces.rows.map(({ id, name, customerId }): Workspace => ({
          id,
          key: resourceKey(id),
          name: name ?? id.slice(id.lastIndexOf('/') + 1),
          customerId: customerId.toLowerCase(),
        })),
        subscriptions: subscriptions.ids,
        targets: sumByType(targets.rows),
        coverage: [
          ...workspaces.gaps,
          ...targets.gaps,
          ...subscriptions.gaps,
          ...(subscriptions.ids.length === 0 && subscriptions.gaps.length === 0 ? [nothingVisible] : []),
        ],
      };
    },
    async managementGroups(scope) {
      // Named subscriptions have none below them.
      const areas = areasOf(scope).filter(({ kind }) => kind !== 'subscriptions');
      const { rows, gaps } = await rowsOf(clients, 'management-groups', areas, groupRow);
      return { ids: rows.map(({ id }) => id), coverage: gaps };
    },
  };
}

/** A tenant without subscriptions, or an auditor without a role: they look alike. */
const nothingVisible = unread(
  'subscriptions',
  '/',
  'missing',
  'Not one subscription is visible to the auditor, so nothing was watched. Its role is probably not assigned yet.',
  'Microsoft.Resources/subscriptions/read',
);

async function rowsOf<Row>(
  clients: AzureClients,
  query: ResourceGraphQuery,
  areas: readonly Area[],
  schema: z.ZodType<Row>,
): Promise<{ readonly rows: readonly Row[]; readonly gaps: readonly LogGap[] }> {
  const rows: Row[] = [];
  const gaps: LogGap[] = [];
  let odd = 0;
  for await (const piece of pages(clients, query, areas)) {
    if (piece.kind === 'lost') {
      const permission = piece.loss.forbidden ? 'Microsoft.OperationalInsights/workspaces/read' : '';
      const gap = unread('workspaces', piece.loss.scopes[0] ?? '/', piece.loss.state, piece.loss.why, permission);
      // The logs of a workspace that was not listed were not read.
      gaps.push(piece.loss.forbidden ? gap : { ...gap, passes: true });
      continue;
    }
    odd += piece.nameless;
    for (const { given } of piece.rows) {
      const parsed = schema.safeParse(given);
      if (parsed.success) rows.push(parsed.data);
      else odd += 1;
    }
  }
  return { rows, gaps: [...gaps, ...oddGap('workspaces', '/', odd)] };
}

/** Named subscriptions are taken at their word; below management groups only ARM's list, which shows all that the auditor sees, is at hand. */
async function subscriptionsOf(
  clients: AzureClients,
  named: readonly string[],
  below: boolean,
): Promise<{ readonly ids: readonly string[]; readonly gaps: readonly LogGap[] }> {
  const own = named.map((one) => one.replace(/^\/subscriptions\//i, ''));
  const given = own.length > 0 && !below ? { listed: new Set<string>(), gaps: [] } : await listSubscriptions(clients);
  const ids = [...own, ...given.listed].map((one) => subscriptionId.safeParse(one)).flatMap((one) => (one.success ? [one.data] : []));
  return {
    ids: [...new Set(ids)],
    gaps: given.gaps.map((gap) => unread('subscriptions', gap.scope, gap.state, gap.why, gap.permission)),
  };
}

/** One row per type and area. */
function sumByType(rows: readonly z.infer<typeof targetRow>[]): readonly LogTarget[] {
  const types = new Map<string, LogTarget>();
  for (const { id, type, count_ } of rows) {
    const known = types.get(type.toLowerCase());
    types.set(type.toLowerCase(), { type: type.toLowerCase(), count: (known?.count ?? 0) + count_, example: known?.example ?? id });
  }
  return [...types.values()];
}

import { z } from 'zod';
import type { AuditorRead, AuditorReads } from '../ports/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { permissions, type Permission, type PermissionId } from '../access/index.ts';
import { troubleOf } from './trouble.ts';

/**
 * Each permission of the list, tried once by the cheapest read that needs it. ARM's reads are tried in one subscription: a grant at the root management group, as docs/permissions.md
 * gives it, reaches all of them alike, and an audit's coverage names the one that is different.
 */
export function auditorReads(clients: AzureClients): AuditorReads {
  return {
    async tryAll() {
      const subscription = await firstOf(() => clients.arm.get('/subscriptions?api-version=2022-12-01'));
      const at = await placesIn(clients, subscription.id);
      const results: AuditorRead[] = [];
      for (const permission of permissions) {
        const attempt = permission.id === 'subscriptions' ? seen(subscription) : await tried(clients, permission, at);
        results.push({ permission: permission.permission, plane: permission.plane, lost: permission.lost, ...attempt });
      }
      return results;
    },
  };
}

type Attempt = Pick<AuditorRead, 'outcome' | 'text'>;

interface Places {
  readonly subscription?: string | undefined;
  readonly identity?: string | undefined;
  readonly group?: string | undefined;
  /** Customer id. */
  readonly workspace?: string | undefined;
}

/** One thing of each kind, for reads that need one. */
async function placesIn(clients: AzureClients, subscription: string | undefined): Promise<Places> {
  const group = await firstOf(() => clients.graph.get('/v1.0/groups?$top=1&$select=id'));
  if (subscription === undefined) return { group: group.id };
  const inside = (type: string, version: string) =>
    firstOf(() => clients.arm.get(`${armPath(`/subscriptions/${subscription}`)}/providers/${type}?api-version=${version}`));
  const identity = await inside('Microsoft.ManagedIdentity/userAssignedIdentities', versions.identities);
  const workspace = await inside('Microsoft.OperationalInsights/workspaces', versions.workspaces);
  return { subscription, identity: identity.id, group: group.id, workspace: workspace.customerId };
}

const versions = { identities: '2023-01-31', workspaces: '2022-10-01' } as const;

/** Undefined: there is nothing to try it on. */
function pathOf(id: PermissionId, { subscription, identity, group }: Places): string | undefined {
  const inside = (rest: string): string | undefined =>
    subscription === undefined ? undefined : `${armPath(`/subscriptions/${subscription}`)}${rest}`;
  const authorization = '/providers/Microsoft.Authorization';
  switch (id) {
    case 'subscriptions':
      return undefined;
    case 'resource-groups':
      return inside('/resourcegroups?api-version=2021-04-01&$top=1');
    case 'management-groups':
      return '/providers/Microsoft.Management/managementGroups?api-version=2020-05-01';
    case 'role-assignments':
      return inside(`${authorization}/roleAssignments?api-version=2022-04-01&$filter=atScope()`);
    case 'role-definitions':
      return inside(`${authorization}/roleDefinitions?api-version=2022-04-01`);
    case 'deny-assignments':
      return inside(`${authorization}/denyAssignments?api-version=2022-04-01&$filter=atScope()`);
    case 'policy-assignments':
      return inside(`${authorization}/policyAssignments?api-version=2022-06-01&$top=1`);
    case 'resources':
      return inside('/resources?api-version=2021-04-01&$top=1');
    case 'user-assigned-identities':
      return inside(`/providers/Microsoft.ManagedIdentity/userAssignedIdentities?api-version=${versions.identities}`);
    case 'federated-credentials': {
      const path = identity === undefined ? undefined : armPath(identity);
      return path === undefined ? undefined : `${path}/federatedIdentityCredentials?api-version=${versions.identities}`;
    }
    case 'key-vaults':
      return inside('/providers/Microsoft.KeyVault/vaults?api-version=2023-07-01');
    case 'clusters':
      return inside('/providers/Microsoft.ContainerService/managedClusters?api-version=2024-05-01');
    case 'workspaces':
      return inside(`/providers/Microsoft.OperationalInsights/workspaces?api-version=${versions.workspaces}`);
    case 'activity-log':
    case 'native-roles':
    case 'native-role-definitions':
    case 'log-queries':
    case 'log-tables':
      return undefined;
    case 'applications':
      return '/v1.0/servicePrincipals?$top=1&$select=id';
    case 'deleted-users':
      return '/v1.0/directory/deletedItems/microsoft.graph.user?$top=1&$select=id';
    case 'deleted-groups':
      return '/v1.0/directory/deletedItems/microsoft.graph.group?$top=1&$select=id';
    case 'group-members':
      return group === undefined ? undefined : `/v1.0/groups/${encodeURIComponent(group)}/members?$top=1&$select=id`;
    case 'directory-roles':
      return '/v1.0/roleManagement/directory/roleAssignments?$top=1';
  }
}

async function tried(clients: AzureClients, { id, plane }: Permission & { readonly id: PermissionId }, at: Places): Promise<Attempt> {
  if (id === 'activity-log')
    return { outcome: 'untried', text: 'Azure answers whoever may not read it with an empty list: the coverage of the watch tells.' };
  if (id === 'log-queries') return await logsRead(clients, at.workspace);
  if (id === 'log-tables')
    return { outcome: 'untried', text: 'Only rows would show it, and a table may be empty: the coverage of the watch tells.' };
  const path = pathOf(id, at);
  if (path === undefined)
    return { outcome: 'untried', text: 'There is nothing to try it on: no subscription, identity or group of that kind was shown.' };
  try {
    const found = await (plane === 'graph' ? clients.graph : clients.arm).get(path);
    const where = path.startsWith('/subscriptions/') ? ` in subscription ${at.subscription}` : '';
    return listed(found) === undefined
      ? { outcome: 'untried', text: `Answered${where}, and not with a list.` }
      : { outcome: 'allowed', text: `Answered${where}.` };
  } catch (error) {
    return failure(error);
  }
}

/** Without any role, Azure Resource Manager answers with an empty list, not with a refusal. */
function seen({ id, failed }: First): Attempt {
  if (failed !== undefined) return failed;
  return id === undefined
    ? { outcome: 'refused', text: 'No subscription is shown: the identity holds no role on any.' }
    : { outcome: 'allowed', text: `Subscription ${id} and perhaps more are shown.` };
}

async function logsRead(clients: AzureClients, customerId: string | undefined): Promise<Attempt> {
  if (customerId === undefined) return { outcome: 'untried', text: 'No Log Analytics workspace was shown in the first subscription.' };
  try {
    const hour = { duration: 'PT1H' };
    await clients.logs.queryWorkspace(customerId, 'print 1', hour, { serverTimeoutInSeconds: 30 });
    return { outcome: 'allowed', text: `Workspace ${customerId} answered a query.` };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Attempt {
  const trouble = troubleOf(error);
  return { outcome: trouble.kind === 'forbidden' ? 'refused' : 'untried', text: `${trouble.text}.` };
}

interface First {
  readonly id?: string | undefined;
  readonly customerId?: string | undefined;
  readonly failed?: Attempt;
}

async function firstOf(read: () => Promise<unknown>): Promise<First> {
  try {
    const item = firstItem.safeParse(listed(await read())?.[0]).data;
    return { id: item?.subscriptionId ?? item?.id, customerId: item?.properties?.customerId };
  } catch (error) {
    return { failed: failure(error) };
  }
}

const listed = (answer: unknown): readonly unknown[] | undefined => list.safeParse(answer).data?.value;

const list = z.object({ value: z.array(z.unknown()) });
const firstItem = z.object({
  id: z.string().optional(),
  subscriptionId: z.string().optional(),
  properties: z
    .object({ customerId: z.string().optional().catch(undefined) })
    .optional()
    .catch(undefined),
});

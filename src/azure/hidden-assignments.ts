import pLimit from 'p-limit';
import { openAccess, permissionText } from '../access/index.ts';
import { principalId, resourceKey, type Assignment, type Estate, type Gap } from '../estate/index.ts';
import { armPath } from './arm-path.ts';
import type { AzureClients } from './clients.ts';
import { troubleOf } from './trouble.ts';

const apiVersion = '2022-04-01';

/**
 * Whoever may not read role assignments is shown none by Resource Graph, not even their own, and no error. So a subscription that shows resources and not one assignment,
 * and where no grant of the auditor that is visible allows the read, is asked over ARM, which refuses aloud. `own`: the assignments that the auditor holds.
 */
export async function hiddenAssignments(
  clients: AzureClients,
  estate: Estate,
  { seen, own }: { readonly seen: ReadonlySet<string>; readonly own: readonly Assignment[] },
  probesMax: number,
): Promise<readonly Gap[]> {
  const suspects = silentSubscriptions(estate, seen, own);
  const atOnce = pLimit(8);
  const askAll = async (ids: readonly string[]): Promise<readonly Gap[]> =>
    (await Promise.all(ids.map((id) => atOnce(() => ask(clients, id))))).flat();
  const first = await askAll(suspects.slice(0, sample));
  // Where the auditor may read, one of its own grants is visible, unless somebody else's directory granted it (Azure Lighthouse): then every answer is alike.
  if (first.length === 0) return [];
  const left = suspects.length - probesMax;
  return [...first, ...(await askAll(suspects.slice(sample, probesMax))), ...(left > 0 ? [notAsked(left)] : [])];
}

/** Enough to tell one refusal from none. */
const sample = 5;

function silentSubscriptions(estate: Estate, seen: ReadonlySet<string>, own: readonly Assignment[]): readonly string[] {
  const spoken = new Set(estate.assignments.map(({ scope }) => subscriptionIn(scope)));
  const silent = [...seen].filter((id) => !spoken.has(id)).map((id) => `/subscriptions/${id}`);
  if (silent.length === 0 || estate.auditorPrincipalId === undefined) return silent;
  const principal = principalId(estate.auditorPrincipalId);
  const access = openAccess({ ...estate, assignments: own });
  return silent.filter(
    (id) => access.may({ principal, action: permissionText('role-assignments'), data: false, on: resourceKey(id) }).verdict !== 'allowed',
  );
}

const subscriptionIn = (scope: string): string => /^\/subscriptions\/([^/]+)/.exec(scope)?.[1] ?? '';

async function ask(clients: AzureClients, id: string): Promise<readonly Gap[]> {
  const path = armPath(id);
  if (path === undefined) return [];
  try {
    await clients.arm.get(`${path}/providers/Microsoft.Authorization/roleAssignments?api-version=${apiVersion}&$filter=atScope()`);
    return [];
  } catch (error) {
    const trouble = troubleOf(error);
    if (trouble.kind === 'absent') return [];
    const forbidden = trouble.kind === 'forbidden';
    return [
      {
        slice: 'roleAssignments',
        scope: id,
        state: forbidden ? 'missing' : 'partial',
        why: `Not one role assignment of this subscription is shown, and ${forbidden ? 'the auditor may not read them' : 'whether it may read them could not be asked'}: ${trouble.text}`,
        ...(forbidden ? { permission: permissionText('role-assignments') } : {}),
      },
    ];
  }
}

const notAsked = (count: number): Gap => ({
  slice: 'roleAssignments',
  scope: '/',
  state: 'partial',
  why: `${count} more subscriptions show no role assignment; whether there are none or the auditor may not read them was not asked.`,
  permission: permissionText('role-assignments'),
});

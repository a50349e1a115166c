import type { DeletedPrincipal, Gap, PrincipalId } from '../estate/index.ts';
import type { AzureClients } from './clients.ts';
import { deletedPrincipalOf } from './directory-object.ts';
import { graphList } from './graph-pages.ts';
import { permissionText, type PermissionId } from '../access/index.ts';
import type { Trouble } from './trouble.ts';

const pagesMax = 200;

/** The recycle bin is one list per type; each needs its own permission. Items stay 30 days. */
const bins = [
  { type: 'servicePrincipal', permission: 'applications' },
  { type: 'user', permission: 'deleted-users' },
  { type: 'group', permission: 'deleted-groups' },
] as const satisfies readonly { readonly type: string; readonly permission: PermissionId }[];
type Bin = (typeof bins)[number];

export interface DeletedReading {
  readonly deleted: ReadonlyMap<PrincipalId, DeletedPrincipal>;
  /** Missing principals whose bin could not be read to its end. */
  readonly unresolved: ReadonlyMap<PrincipalId, string>;
  readonly gaps: readonly Gap[];
}

/**
 * Looks for missing principals in the recycle bin: listing it takes fewer calls than asking for each, and only the bins of the missing ones' types.
 * https://learn.microsoft.com/graph/api/directory-deleteditems-list
 */
export async function readDeleted(clients: AzureClients, missing: ReadonlyMap<PrincipalId, string>): Promise<DeletedReading> {
  const needed = bins.filter((bin) => [...missing.values()].some((hint) => mayLieIn(bin, hint)));
  const deleted = new Map<PrincipalId, DeletedPrincipal>();
  const troubles: { readonly bin: Bin; readonly trouble: Trouble }[] = [];
  const read = async (bin: Bin) => {
    const path = `/v1.0/directory/deletedItems/microsoft.graph.${bin.type}?$top=999`;
    const { objects, trouble } = await graphList(clients.graph, path, pagesMax);
    for (const object of objects) {
      const principal = deletedPrincipalOf(object);
      if (principal !== undefined && missing.has(principal.id)) deleted.set(principal.id, principal);
    }
    if (trouble !== undefined) troubles.push({ bin, trouble });
  };
  await Promise.all(needed.map(read));
  const unresolved = new Map<PrincipalId, string>();
  for (const { bin, trouble } of troubles) {
    for (const [id, hint] of missing) {
      if (mayLieIn(bin, hint) && !deleted.has(id))
        unresolved.set(id, `The recycle bin for type ${bin.type} could not be read: ${trouble.text}`);
    }
  }
  return { deleted, unresolved, gaps: troubles.map(({ bin, trouble }) => gapOf(bin, trouble, missing)) };
}

/**
 * `principalType` was stored when the assignment was made; old clients wrote `User` for everything, so only `ServicePrincipal` and `Group`
 * narrow the search, and even a group is looked for among service principals.
 */
function mayLieIn(bin: Bin, hint: string): boolean {
  const stored = hint.toLowerCase();
  // A group of another tenant has no bin here; its type alone says that it is foreign.
  if (stored === 'foreigngroup') return false;
  switch (bin.type) {
    case 'servicePrincipal':
      return true;
    case 'user':
      return stored !== 'serviceprincipal' && stored !== 'group';
    case 'group':
      return stored !== 'serviceprincipal' && stored !== 'user';
  }
}

function gapOf(bin: Bin, trouble: Trouble, missing: ReadonlyMap<PrincipalId, string>): Gap {
  const count = [...missing.values()].filter((hint) => mayLieIn(bin, hint)).length;
  return {
    slice: 'deletedPrincipals',
    scope: '/',
    state: 'partial',
    why: `The recycle bin for type ${bin.type} could not be read, so ${count} missing ${count === 1 ? 'principal' : 'principals'} may be restorable: ${trouble.text}`,
    ...(trouble.kind === 'forbidden' ? { permission: permissionText(bin.permission) } : {}),
  };
}

import { z } from 'zod';
import { clientId, principalId, type DeletedPrincipal, type Principal } from '../estate/index.ts';
import { instant, objectId, present, shortText, text, type Pool } from './row.ts';

/** A directory object as getByIds gives it. What the caller may not read comes back with `id` and `@odata.type` only. */
const directoryObject = z.object({
  '@odata.type': text,
  id: objectId,
  displayName: shortText,
  appId: text,
  servicePrincipalType: text,
  appOwnerOrganizationId: text,
  alternativeNames: z.array(z.string()).nullish().catch(undefined),
  createdDateTime: instant,
  deletedDateTime: instant,
});
type DirectoryObject = z.infer<typeof directoryObject>;

export function principalOf(given: unknown, once: Pool): Principal | undefined {
  const parsed = directoryObject.safeParse(given);
  if (!parsed.success) return undefined;
  const found = parsed.data;
  const clientGiven = client(found);
  const ownerTenant = present(found.appOwnerOrganizationId)?.toLowerCase();
  const { isExplicit, resourceId } = ownerOf(found);
  return {
    id: once(principalId(found.id)),
    kind: kindOf(found),
    displayName: found.displayName,
    clientId: clientGiven === undefined ? undefined : once(clientGiven),
    ownerTenantId: ownerTenant === undefined ? undefined : once(ownerTenant),
    isExplicit,
    resourceId: resourceId === undefined ? undefined : once(resourceId),
    createdAt: found.createdDateTime,
  };
}

export function deletedPrincipalOf(given: unknown): DeletedPrincipal | undefined {
  const parsed = directoryObject.safeParse(given);
  if (!parsed.success || parsed.data.deletedDateTime === undefined) return undefined;
  const found = parsed.data;
  return {
    id: principalId(found.id),
    displayName: found.displayName,
    clientId: client(found),
    resourceId: ownerOf(found).resourceId,
    deletedAt: parsed.data.deletedDateTime,
  };
}

function kindOf(found: DirectoryObject): Principal['kind'] {
  switch (found['@odata.type'] ?? '') {
    case '#microsoft.graph.servicePrincipal':
      if (found.servicePrincipalType === 'ManagedIdentity') return 'managed-identity';
      // Without its type a service principal may be either; it exists, more is not known.
      return present(found.servicePrincipalType) === undefined ? 'limited' : 'application';
    case '#microsoft.graph.user':
      return 'user';
    case '#microsoft.graph.group':
      return 'group';
    case '#microsoft.graph.device':
      return 'device';
    case '#microsoft.graph.application':
      return 'application';
    case '#microsoft.graph.directoryObjectPartnerReference':
      return 'partner';
    default:
      return 'other';
  }
}

/**
 * Managed identities name their owner: `["isExplicit=True", "/subscriptions/…"]`. The id is the one at creation; after a move it is history.
 * https://learn.microsoft.com/graph/api/resources/serviceprincipal (alternativeNames)
 */
function ownerOf(found: DirectoryObject): { readonly isExplicit?: boolean | undefined; readonly resourceId?: string | undefined } {
  const names = found.alternativeNames ?? [];
  const explicit = names.map((name) => /^isExplicit=(true|false)$/i.exec(name)?.[1]?.toLowerCase()).find((value) => value !== undefined);
  return {
    isExplicit: explicit === undefined ? undefined : explicit === 'true',
    resourceId: names.find((name) => /^\/(subscriptions|providers)\//i.test(name) && name.length <= 2048),
  };
}

function client(found: DirectoryObject) {
  const given = present(found.appId);
  return given === undefined ? undefined : clientId(given);
}

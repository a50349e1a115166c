import { z } from 'zod';
import { clientId, principalId, resourceKey, type Attachment, type PrincipalId } from '../estate/index.ts';
import { present, text } from './row.ts';

/** The `identity` column: type `SystemAssigned, UserAssigned` in any case and spacing, and a bag keyed by the ARM id of each user-assigned identity. */
export const identityBag = z
  .object({
    type: text,
    principalId: text,
    userAssignedIdentities: z.record(z.string(), z.object({ principalId: text, clientId: text }).nullish()).nullish(),
  })
  .nullish();

export type IdentityBag = z.infer<typeof identityBag>;

/** Principal of the system-assigned identity. Some providers fill `principalId` although only user-assigned identities are on. */
export function systemAssigned(bag: IdentityBag): PrincipalId | undefined {
  const given = present(bag?.principalId);
  if (given === undefined) return undefined;
  const type = bag?.type ?? '';
  return type === '' || /system/i.test(type) ? principalId(given) : undefined;
}

export function userAssigned(bag: IdentityBag): readonly Attachment[] {
  return Object.entries(bag?.userAssignedIdentities ?? {})
    .filter(([id]) => isUserAssignedIdentity(id))
    .map(([id, value]) => attachment(id, 'identity', value?.principalId, value?.clientId));
}

/**
 * Identities outside the bag: AKS names its kubelet's, its add-ons', its pods' and its ingress's identity by `resourceId` with `objectId` and
 * `clientId` beside it, at several depths and under names that grow with each add-on. So look for that shape, not for names.
 */
export function nestedIdentities(value: unknown, place: string, depthLeft = 5): readonly Attachment[] {
  if (depthLeft === 0 || typeof value !== 'object' || value === null) return [];
  const own = nested.safeParse(value);
  if (own.success && isUserAssignedIdentity(own.data.resourceId))
    return [attachment(own.data.resourceId, place, own.data.objectId, own.data.clientId)];
  return Object.entries(value).flatMap(([name, inner]) => nestedIdentities(inner, `${place}.${name}`, depthLeft - 1));
}

const nested = z.object({ resourceId: z.string(), objectId: text.catch(undefined), clientId: text.catch(undefined) });

const isUserAssignedIdentity = (id: string): boolean =>
  id.length <= 2048 &&
  /^\/?subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+\/?$/i.test(id);

function attachment(id: string, place: string, principal: string | null | undefined, client: string | null | undefined): Attachment {
  const principalGiven = present(principal);
  const clientGiven = present(client);
  return {
    key: resourceKey(id),
    resourceId: id,
    principalId: principalGiven === undefined ? undefined : principalId(principalGiven),
    clientId: clientGiven === undefined ? undefined : clientId(clientGiven),
    place,
  };
}

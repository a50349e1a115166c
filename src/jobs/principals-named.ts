import { resourceKey, type Estate, type PrincipalId } from '../estate/index.ts';

/** A principal that a person named, and how sure that is. */
export interface NamedPrincipal {
  readonly id: PrincipalId;
  readonly name: string;
  readonly kind: string;
  readonly resourceId: string;
}

/**
 * Every principal of the estate that goes by this object id, client id, ARM id, or name. A GUID that nobody knows is taken as an object id:
 * not having seen somebody is no proof that they are not there.
 */
export function principalsNamed(estate: Estate, given: string): readonly NamedPrincipal[] {
  const text = given.trim().toLowerCase();
  // Many principals of a directory have no name that the auditor may see: a blank one means none of them.
  if (text === '') return [];
  const byId = new Map<PrincipalId, NamedPrincipal>();
  const key = text.startsWith('/') ? resourceKey(text) : undefined;
  for (const { principalId, clientId, key: own, name, kind, resourceId } of estate.identities) {
    if (principalId === text || clientId === text || own === key || name.toLowerCase() === text)
      byId.set(principalId, { id: principalId, name, kind, resourceId });
  }
  for (const { id, clientId, displayName = '', kind, resourceId = '' } of estate.directory.found.values()) {
    if (byId.has(id)) continue;
    if (id === text || clientId === text || displayName.toLowerCase() === text) byId.set(id, { id, name: displayName, kind, resourceId });
  }
  if (byId.size === 0 && guid.test(text)) return [{ id: text as PrincipalId, name: '', kind: 'unknown', resourceId: '' }];
  return [...byId.values()];
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

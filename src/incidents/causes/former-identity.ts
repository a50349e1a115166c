import { resourceKey, type Assignment, type PrincipalId } from '../../estate/index.ts';
import type { Scene } from '../scene.ts';

/** The principal that the failing identity replaced, with the grants it left behind. */
export interface Former {
  readonly principalId: PrincipalId;
  readonly grants: readonly Assignment[];
  /** How we know that it was the same identity; undefined: only its grants on this target say so. */
  readonly because: string | undefined;
}

/**
 * Principals that are gone, have grants, and were the same identity: same resource id in the recycle bin, a stale entry in a host's identity bag, a
 * removal and a creation of the same resource in the Activity Log. Last, a gone principal whose grant would have allowed exactly these calls.
 */
export function formerOf(scene: Scene): Former | undefined {
  const { estate, failing } = scene;
  const { identity } = failing;
  const gone = goneWithGrants(scene);
  if (gone.size === 0 || identity === undefined) return undefined;

  for (const [principalId, grants] of gone) {
    const deleted = estate.directory.deleted.get(principalId);
    if (deleted?.resourceId !== undefined && resourceKey(deleted.resourceId) === identity.key) {
      return {
        principalId,
        grants,
        because: `the recycle bin holds principal ${principalId}, deleted at ${deleted.deletedAt}, of the same resource ${identity.resourceId}`,
      };
    }
    const host = estate.hosts.find((one) =>
      one.userAssigned.some((entry) => entry.key === identity.key && entry.principalId === principalId),
    );
    if (host !== undefined)
      return {
        principalId,
        grants,
        because: `${host.name} still lists ${identity.name} with principal ${principalId}; today it is ${identity.principalId}`,
      };
  }
  for (const [principalId, grants] of gone) {
    const name = estate.directory.deleted.get(principalId)?.displayName?.toLowerCase();
    if (name !== undefined && name === identity.name.toLowerCase())
      return { principalId, grants, because: `a deleted principal of the same name, ${principalId}` };
  }
  const rebuilt = (scene.changes ?? []).find(
    (change) =>
      change.succeeded &&
      (change.kind === 'identity-removed' || change.kind === 'identity-written' || change.kind === 'host-written') &&
      resourceKey(change.resourceId) === identity.key,
  );
  const here = [...gone].find(([, grants]) => wouldAllow(scene, grants));
  if (here === undefined) return undefined;
  const [principalId, grants] = here;
  return {
    principalId,
    grants,
    because: rebuilt
      ? `${rebuilt.resourceId} was ${rebuilt.kind === 'identity-removed' ? 'removed' : 'written'} by ${rebuilt.caller} at ${rebuilt.at}`
      : undefined,
  };
}

/** Principals that the directory does not know any more, with what they still hold. Empty where the directory could not be trusted. */
function goneWithGrants({ estate }: Scene): ReadonlyMap<PrincipalId, readonly Assignment[]> {
  const gone = new Map<PrincipalId, Assignment[]>();
  if (estate.directory.canary !== 'visible') return gone;
  const { asked, found, unresolved } = estate.directory;
  for (const assignment of estate.assignments) {
    const id = assignment.principalId;
    if (!asked.has(id) || found.has(id) || unresolved.has(id)) continue;
    const list = gone.get(id);
    if (list) list.push(assignment);
    else gone.set(id, [assignment]);
  }
  return gone;
}

/** Would these grants, held by their principal, have allowed every refused operation? */
function wouldAllow(scene: Scene, grants: readonly Assignment[]): boolean {
  const on = scene.targetKey;
  const principal = grants[0]?.principalId;
  if (on === undefined || principal === undefined || scene.needed.length === 0) return false;
  return scene.needed.every(({ action, data }) => scene.access.may({ principal, action, data, on }).verdict === 'allowed');
}

import { moment, resourceKey, type Assignment, type Identity, type PrincipalId } from '../../estate/index.ts';
import type { Scene } from '../scene.ts';

/** The principal that a live identity replaced, with the grants it left behind. */
export interface Former {
  readonly principalId: PrincipalId;
  readonly grants: readonly Assignment[];
  /** The identity as it is today. */
  readonly identity: Identity;
  /** How we know; undefined: only that its grants would allow exactly these calls. */
  readonly because: string | undefined;
  /** The same resource under two principal ids: nothing else explains that. */
  readonly proven: boolean;
}

/** What the failing identity was before, if its forerunner left grants that would have allowed the calls. */
export function formerOf(scene: Scene): Former | undefined {
  const { identity } = scene.failing;
  if (identity === undefined) return undefined;
  const left = leftBehind(scene, identity);
  for (const { principalId, grants } of left) {
    const known = sameResource(scene, principalId, identity);
    if (known !== undefined) return { principalId, grants, identity, ...known };
  }
  // Anybody's grants may happen to fit: only a principal that the directory proves gone is worth a guess.
  const [guess] = left.filter(({ gone }) => gone);
  return guess && { principalId: guess.principalId, grants: guess.grants, identity, because: undefined, proven: false };
}

/** The live identity of the resource whose former client id the caller still names. */
export function rebornOf(scene: Scene, clientId: string): { readonly identity: Identity; readonly because: string } | undefined {
  const { estate } = scene;
  const was = [...estate.directory.deleted.values()].find((one) => one.clientId === clientId && one.resourceId !== undefined);
  const inBin = was?.resourceId && estate.identities.find((one) => one.key === resourceKey(was.resourceId!));
  if (was && inBin)
    return { identity: inBin, because: `the recycle bin holds its former principal ${was.id}, deleted at ${moment(was.deletedAt)}` };
  for (const host of estate.hosts) {
    const stale = host.userAssigned.find((entry) => entry.clientId === clientId);
    const today = stale && estate.identities.find((one) => one.key === stale.key && one.clientId !== clientId);
    if (today) return { identity: today, because: `${host.name} still lists ${today.name} with client id ${clientId}` };
  }
  return undefined;
}

interface Left {
  readonly principalId: PrincipalId;
  readonly grants: readonly Assignment[];
  readonly gone: boolean;
}

/** Principals that are no identity of the estate and not in the directory, whose grants would allow what was refused. */
function leftBehind(scene: Scene, identity: Identity): readonly Left[] {
  const { directory, assignments, identities } = scene.estate;
  const alive = new Set(identities.map((one) => one.principalId));
  const since = directory.found.get(identity.principalId)?.createdAt;
  const near = assignments.filter(
    ({ principalId, scope }) =>
      !alive.has(principalId) &&
      !directory.found.has(principalId) &&
      scene.targets.some((target) => scene.access.within(target.key, scope)),
  );
  return [...new Set(near.map((one) => one.principalId))].flatMap((principalId) => {
    const grants = assignments.filter((one) => one.principalId === principalId);
    // A grant made while the new identity was already there was not the old one's loss.
    const older =
      since === undefined || grants.some((one) => one.createdAt === undefined || Date.parse(one.createdAt) <= Date.parse(since));
    if (!older || !wouldAllow(scene, principalId)) return [];
    const gone = directory.canary === 'visible' && directory.asked.has(principalId) && !directory.unresolved.has(principalId);
    return [{ principalId, grants, gone }];
  });
}

function sameResource(scene: Scene, principalId: PrincipalId, identity: Identity): Pick<Former, 'because' | 'proven'> | undefined {
  const { estate, remembered } = scene;
  const deleted = estate.directory.deleted.get(principalId);
  if (deleted?.resourceId !== undefined && resourceKey(deleted.resourceId) === identity.key) {
    const because = `the recycle bin holds principal ${principalId}, deleted at ${moment(deleted.deletedAt)}, of the same resource ${identity.resourceId}`;
    return { because, proven: true };
  }
  const host = estate.hosts.find((one) =>
    one.userAssigned.some((entry) => entry.key === identity.key && entry.principalId === principalId),
  );
  if (host !== undefined) {
    const because = `${host.name} still lists ${identity.name} with principal ${principalId}; today it is ${identity.principalId}`;
    return { because, proven: true };
  }
  const earlier = remembered.get(principalId);
  if (earlier !== undefined && resourceKey(earlier.resourceId) === identity.key) {
    return { because: `an audit saw ${identity.name} with principal ${principalId}, last at ${moment(earlier.lastSeenAt)}`, proven: true };
  }
  const removed = scene.changes?.find(
    (change) => change.succeeded && change.kind === 'identity-removed' && resourceKey(change.resourceId) === identity.key,
  );
  if (removed !== undefined) {
    return { because: `${removed.resourceId} was removed by ${removed.caller} at ${moment(removed.at)} and exists again`, proven: true };
  }
  if (deleted?.displayName !== undefined && deleted.displayName.toLowerCase() === identity.name.toLowerCase()) {
    return { because: `a principal of the same name, ${principalId}, was deleted at ${moment(deleted.deletedAt)}`, proven: false };
  }
  const rebuilt = scene.changes?.find(
    (change) =>
      change.succeeded &&
      (change.kind === 'identity-written' || change.kind === 'host-written') &&
      resourceKey(change.resourceId) === identity.key,
  );
  return rebuilt && { because: `${rebuilt.resourceId} was written by ${rebuilt.caller} at ${moment(rebuilt.at)}`, proven: false };
}

/** Would its grants, held by their principal, have allowed every refused operation? With no operation known: does one reach the target. */
function wouldAllow(scene: Scene, principal: PrincipalId): boolean {
  return scene.needed
    .filter((one) => one.answer?.verdict !== 'allowed')
    .every(({ action, data, on }) => {
      if (on === undefined) return false;
      const { verdict, paths } = scene.access.may({ principal, action, data, on });
      return verdict === 'allowed' || (verdict === 'unknown' && paths.length > 0);
    });
}

import { moment, type Host, type Identity, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import { resourceKey } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import type { RuleInput } from './rule.ts';

/** A principal that is no more, and the live identity that took its place under a new principal id. */
export interface Succession {
  readonly old: PrincipalId;
  readonly identity: Identity;
  /** How we know. */
  readonly by: 'same-resource-id' | 'same-name-and-host';
  readonly text: string;
}

const successions = new WeakMap<RuleInput, ReadonlyMap<PrincipalId, Succession>>();

/**
 * Which vanished principals have a successor. What a vanished principal was, is known from the recycle bin, from earlier runs, or from a
 * host whose identity bag still lists the old principal id next to the identity's own resource id.
 */
export function successionsOf(input: RuleInput): ReadonlyMap<PrincipalId, Succession> {
  let map = successions.get(input);
  if (map === undefined) {
    map = find(input);
    successions.set(input, map);
  }
  return map;
}

function find({ estate, memory }: RuleInput): ReadonlyMap<PrincipalId, Succession> {
  const index = indexOf(estate);
  const map = new Map<PrincipalId, Succession>();
  // A principal that is alive anywhere was not replaced: its resource was moved, and another one took the old place.
  const isAlive = (id: PrincipalId): boolean => index.identityByPrincipal.has(id) || estate.directory.found.has(id);
  const note = (old: PrincipalId, identity: Identity | undefined, by: Succession['by'], text: string): void => {
    if (identity !== undefined && !map.has(old)) map.set(old, { old, identity, by, text });
  };
  for (const host of estate.hosts) {
    for (const { key, principalId: id } of host.userAssigned) {
      if (id === undefined || isAlive(id)) continue;
      const identity = index.identityByKey.get(key);
      if (identity !== undefined) note(id, identity, 'same-resource-id', `${host.name} still lists it with the principal id ${id}`);
      else
        note(
          id,
          twinOnHost(host, key, index.identityByKey),
          'same-name-and-host',
          `${host.name} lists an identity of the same name that is no more`,
        );
    }
  }
  for (const [id, was] of memory.lastSeen) {
    if (isAlive(id)) continue;
    const text = `an earlier audit saw it with the principal id ${id}, last at ${moment(was.lastSeenAt)}`;
    note(id, index.identityByKey.get(resourceKey(was.resourceId)), 'same-resource-id', text);
  }
  for (const [id, was] of estate.directory.deleted) {
    if (was.resourceId === undefined || isAlive(id)) continue;
    const text = `the recycle bin holds its former principal ${id}, deleted at ${moment(was.deletedAt)}`;
    note(id, index.identityByKey.get(resourceKey(was.resourceId)), 'same-resource-id', text);
  }
  return map;
}

/** Another identity on the same host with the same name, alive, under a different resource id. */
function twinOnHost(host: Host, key: ResourceKey, identityByKey: ReadonlyMap<ResourceKey, Identity>): Identity | undefined {
  const name = key.slice(key.lastIndexOf('/'));
  for (const other of host.userAssigned) {
    if (other.key !== key && other.key.endsWith(name) && identityByKey.has(other.key)) return identityByKey.get(other.key);
  }
  return undefined;
}

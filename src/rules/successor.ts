import type { Host, Identity, PrincipalId, ResourceKey } from '../estate/index.ts';
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
  const note = (old: PrincipalId, key: ResourceKey, text: string): void => {
    const identity = index.identityByKey.get(key);
    if (identity === undefined || identity.principalId === old || map.has(old) || isAlive(old)) return;
    map.set(old, { old, identity, by: 'same-resource-id', text });
  };
  for (const [id, attached] of index.attachmentsByPrincipal) {
    for (const { attachment, host } of attached) {
      note(id, attachment.key, `${host.name} still lists it with the principal id ${id}`);
      const twin = twinOnHost(host, attachment.key, index.identityByKey);
      if (twin !== undefined && !map.has(id) && !isAlive(id) && !index.identityByKey.has(attachment.key)) {
        map.set(id, {
          old: id,
          identity: twin,
          by: 'same-name-and-host',
          text: `${host.name} lists an identity of the same name that is no more`,
        });
      }
    }
  }
  for (const [id, was] of memory.lastSeen)
    note(id, resourceKey(was.resourceId), `an earlier audit saw it with the principal id ${id}, last at ${was.lastSeenAt}`);
  for (const [id, was] of estate.directory.deleted) {
    if (was.resourceId !== undefined)
      note(id, resourceKey(was.resourceId), `the recycle bin holds its former principal ${id}, deleted at ${was.deletedAt}`);
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

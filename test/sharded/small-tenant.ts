import type { Estate } from '../../src/estate/index.ts';
import {
  assign,
  attached,
  contributor,
  directory,
  estate,
  federatedCredential,
  host,
  mg,
  owner,
  pid,
  principal,
  reader,
  sub,
  subscription,
  systemAssignedOf,
  userAssigned,
} from '../build/estate.ts';

const group = (name: string): string => `${sub(name)}/resourceGroups/rg-app`;
const places = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

/** Five subscriptions with a little of everything; on the second day some of it is mended, some is new. */
export function smallTenant(day: 1 | 2): Estate {
  const apps = places.map((place) => host(`web-${place}`, group(place), { tags: place === 'beta' ? { owner: 'ada' } : {} }));
  const own = apps.map(systemAssignedOf);
  const shared = userAssigned('id-shared', group('alpha'));
  const idle = userAssigned('id-idle', group('gamma'));
  const identities = [...own, shared, ...(day === 1 ? [idle] : [])];
  const gone = ['gone-1', 'gone-2', 'gone-3'];
  return estate({
    containers: places.map((place) => subscription(place)),
    identities,
    hosts: apps.map((app, at) => (at < 3 ? attached(app, shared) : app)),
    assignments: [
      ...places.map((place) => assign(pid(`web-${place}`), place === 'beta' ? owner : contributor, sub(place))),
      ...places.map((place) => assign(shared.principalId, reader, group(place))),
      assign(shared.principalId, reader, sub('alpha')),
      assign(shared.principalId, owner, mg('landing-zones')),
      ...gone.slice(day - 1).map((name, at) => assign(pid(name), reader, sub(places[at] ?? 'alpha'))),
      ...(day === 2 ? [assign(pid('web-gamma'), owner, sub('delta'))] : []),
    ],
    federatedCredentials: [federatedCredential(shared, 'github')],
    directory: directory({ found: identities.map((identity) => principal(identity)), absent: gone.map(pid) }),
  });
}

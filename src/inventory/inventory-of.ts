import type { Access } from '../access/index.ts';
import type { Estate, FederatedCredential, Host, Identity, PrincipalId, ResourceKey, Tags } from '../estate/index.ts';
import { actorsIn } from './actors.ts';
import { holdingsIn } from './holdings.ts';
import type { IdentitySheet } from './identity-sheet.ts';

/** What one row of the store holds of one identity. */
const hostsMax = 200;
const holdingsMax = 300;

/**
 * One sheet for every managed identity of the estate, in its order. What is the same for many (a role's power, who may act above a scope) is worked out once:
 * 20,000 identities with 100,000 grants take well under a second.
 */
export function* inventoryOf(input: { readonly estate: Estate; readonly access: Access; readonly now: string }): Iterable<IdentitySheet> {
  const { estate, now } = input;
  const hostsOf = hostsIn(estate);
  const credentials = Map.groupBy(estate.federatedCredentials, ({ identity }) => identity);
  const holdingsOf = holdingsIn(input);
  const actorsOf = actorsIn(input);
  const told = new Set<PrincipalId>();
  for (const identity of estate.identities) {
    if (told.has(identity.principalId)) continue;
    told.add(identity.principalId);
    const federated = identity.kind === 'user-assigned' ? (credentials.get(identity.key) ?? []) : [];
    const hosts = hostsOf(identity);
    const holdings = holdingsOf(identity);
    const { actors, more } = actorsOf(identity, hosts, federated);
    yield {
      principalId: identity.principalId,
      clientId: identity.clientId ?? '',
      kind: identity.kind,
      name: identity.name,
      resourceId: identity.resourceId,
      tags: sorted(identity.tags),
      hosts: hosts.slice(0, hostsMax).map(({ id, type }) => ({ id, kind: type })),
      federatedCredentials: federated.map(credentialOf).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      holdings: holdings.length > holdingsMax ? holdings.slice(0, holdingsMax) : holdings,
      actors,
      seenAt: now,
      ...leftOut({ hosts: hosts.length - hostsMax, holdings: holdings.length - holdingsMax, actors: more }),
    };
  }
}

function hostsIn({ hosts }: Estate): (identity: Identity) => readonly HostRef[] {
  const attached = new Map<ResourceKey, Set<Host>>();
  const own = new Map<PrincipalId, Host>();
  for (const host of hosts) {
    if (host.systemAssigned !== undefined && !own.has(host.systemAssigned)) own.set(host.systemAssigned, host);
    for (const { key } of host.userAssigned) {
      const others = attached.get(key);
      if (others === undefined) attached.set(key, new Set([host]));
      else others.add(host);
    }
  }
  return ({ kind, key, principalId, resourceId }) => {
    if (kind === 'user-assigned') return [...(attached.get(key) ?? [])].sort((a, b) => (a.key < b.key ? -1 : 1));
    return [own.get(principalId) ?? { id: resourceId, key, type: typeOf(key) }];
  };
}

/** A system-assigned identity names its host by its own id, whether or not the host was seen. */
type HostRef = Pick<Host, 'id' | 'key' | 'type'>;

/** `…/providers/microsoft.web/sites/app/slots/green` → `microsoft.web/sites/slots` */
function typeOf(key: ResourceKey): string {
  const [namespace = '', ...rest] = key.slice(key.lastIndexOf('/providers/') + '/providers/'.length).split('/');
  return [namespace, ...rest.filter((_, at) => at % 2 === 0)].join('/');
}

const credentialOf = ({ name, issuer, subject, expression }: FederatedCredential) => ({
  name,
  issuer,
  subject: subject ?? expression ?? '',
});

/** In one order, so that the same tags make the same row. */
function sorted(tags: Tags): Tags {
  const entries = Object.entries(tags);
  return entries.length < 2 ? tags : Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function leftOut(counts: Record<'hosts' | 'holdings' | 'actors', number>): Pick<IdentitySheet, 'more'> {
  const more = Object.entries(counts).filter(([, count]) => count > 0);
  return more.length === 0 ? {} : { more: Object.fromEntries(more) };
}

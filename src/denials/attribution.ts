import { resourceKey, type ClientId, type Estate, type Host, type Identity, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import type { Attribution } from './burst.ts';
import type { Denial } from './denial.ts';

/** Joins what a log says of the caller with the estate: object id, client id, `xms_mirid`, host, and at last the identities that can reach the target. */
export function attributionIn(estate: Estate): (denial: Denial) => Attribution {
  const index = indexOf(estate);
  return (denial) => {
    const { caller } = denial;
    const identity = identityOf(caller, index);
    const principalId =
      caller.objectId ?? identity?.principalId ?? (caller.clientId ? index.principalOfClient.get(caller.clientId) : undefined);
    if (identity || principalId || caller.clientId) {
      return {
        who: principalId ?? (caller.clientId ? `client:${caller.clientId}` : resourceKey(caller.resourceId ?? '')),
        by: 'named',
        principalId,
        clientId: caller.clientId ?? identity?.clientId,
        identity,
        candidates: identity ? [identity] : [],
      };
    }
    if (caller.resourceId) return { who: resourceKey(caller.resourceId), by: 'named', candidates: [] };
    const hosts = denial.hosts
      .map((host) => (host.id ? index.hosts.get(resourceKey(host.id)) : index.hostsByName.get(host.name.toLowerCase())))
      .filter((host) => host !== undefined);
    if (hosts.length > 0 || denial.hosts.length > 0) return byHost(denial, hosts, index);
    if (caller.name) return { who: `name:${caller.name.toLowerCase()}`, by: 'named', candidates: [] };
    return {
      who: `target:${denial.target.toLowerCase()}`,
      by: 'inferred',
      candidates: [...(index.grantedNear.get(subscriptionOf(denial.target)) ?? [])],
    };
  };
}

function identityOf(caller: Denial['caller'], index: Index): Identity | undefined {
  if (caller.objectId) return index.byPrincipal.get(caller.objectId);
  const byClient = caller.clientId && index.byClient.get(caller.clientId);
  return byClient || (caller.resourceId ? index.byResource.get(resourceKey(caller.resourceId)) : undefined);
}

/** A console log names its host, never the identity: one identity on the host is the answer, several are candidates. */
function byHost(denial: Denial, hosts: readonly Host[], index: Index): Attribution {
  const names = denial.hosts.map((host) => host.name.toLowerCase()).sort();
  const candidates = [...new Set(hosts.flatMap((host) => identitiesOn(host, index)))];
  const only = candidates.length === 1 ? candidates[0] : undefined;
  return {
    who: `host:${hosts[0]?.key ?? names[0] ?? denial.target.toLowerCase()}`,
    by: 'inferred',
    principalId: only?.principalId,
    clientId: only?.clientId,
    identity: only,
    candidates,
  };
}

interface Index {
  readonly byPrincipal: ReadonlyMap<PrincipalId, Identity>;
  readonly byClient: ReadonlyMap<ClientId, Identity>;
  readonly byResource: ReadonlyMap<ResourceKey, Identity>;
  readonly principalOfClient: ReadonlyMap<ClientId, PrincipalId>;
  readonly hosts: ReadonlyMap<ResourceKey, Host>;
  readonly hostsByName: ReadonlyMap<string, Host>;
  /** Identities with hosts, per subscription: the candidates when a log names nobody. */
  readonly grantedNear: ReadonlyMap<string, readonly Identity[]>;
}

function indexOf(estate: Estate): Index {
  const byPrincipal = new Map(estate.identities.map((one) => [one.principalId, one]));
  const byClient = new Map<ClientId, Identity>();
  const principalOfClient = new Map<ClientId, PrincipalId>();
  for (const one of estate.identities) if (one.clientId) byClient.set(one.clientId, one);
  for (const one of estate.directory.found.values()) {
    if (!one.clientId) continue;
    principalOfClient.set(one.clientId, one.id);
    const identity = byPrincipal.get(one.id);
    if (identity) byClient.set(one.clientId, identity);
  }
  const near = new Map<string, Identity[]>();
  for (const one of estate.identities) {
    const list = near.get(subscriptionOf(one.resourceId));
    if (list) list.push(one);
    else near.set(subscriptionOf(one.resourceId), [one]);
  }
  return {
    byPrincipal,
    byClient,
    byResource: new Map(estate.identities.map((one) => [one.key, one])),
    principalOfClient,
    hosts: new Map(estate.hosts.map((host) => [host.key, host])),
    hostsByName: new Map(estate.hosts.map((host) => [host.name.toLowerCase(), host])),
    grantedNear: near,
  };
}

function identitiesOn(host: Host, index: Index): readonly Identity[] {
  const own = host.systemAssigned && index.byPrincipal.get(host.systemAssigned);
  const attached = host.userAssigned.map((one) => index.byResource.get(one.key)).filter((one) => one !== undefined);
  return own ? [own, ...attached] : attached;
}

const subscriptionOf = (id: string): string => id.toLowerCase().split('/')[2] ?? '';

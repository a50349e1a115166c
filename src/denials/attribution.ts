import { resourceKey, type ClientId, type Estate, type Host, type Identity, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import type { Attribution } from './burst.ts';
import type { CallingHost, Denial } from './denial.ts';

/**
 * The caller as its log names it: the stable part of a series. It never depends on the estate, so that a pass needs no estate to find its bursts and
 * an incident keeps its id when the estate learns more.
 */
export function whoOf({ caller, hosts, target }: Denial): string {
  if (caller.objectId) return caller.objectId;
  if (caller.clientId) return `client:${caller.clientId}`;
  if (caller.resourceId) return `resource:${caller.resourceId.toLowerCase()}`;
  const [host] = hosts;
  if (host !== undefined) return `host:${(host.id ?? host.name).toLowerCase()}`;
  return caller.name ? `name:${caller.name.toLowerCase()}` : `target:${target.toLowerCase()}`;
}

/** Joins what the logs say of a caller with the estate: object id, client id, `xms_mirid`, host, and at last the identities near the target. */
export function attributionIn(estate: Estate): (denials: readonly Denial[]) => Attribution {
  const index = indexOf(estate);
  return (denials) => {
    const [denial] = denials;
    if (denial === undefined) return { by: 'inferred', candidates: [] };
    const { caller } = denial;
    const identity = identityOf(caller, index);
    const principalId =
      caller.objectId ?? identity?.principalId ?? (caller.clientId ? index.principalOfClient.get(caller.clientId) : undefined);
    if (identity || principalId || caller.clientId || caller.resourceId) {
      return {
        by: 'named',
        principalId,
        clientId: caller.clientId ?? identity?.clientId,
        identity,
        candidates: identity ? [identity] : [],
      };
    }
    const named = denials.flatMap((one) => one.hosts);
    if (named.length > 0) return byHost(named, index);
    if (caller.name) {
      // A name is no id: two identities may share one, and anybody may call himself so.
      const namesakes = index.byName.get(caller.name.toLowerCase()) ?? [];
      if (namesakes.length === 0) return { by: 'named', candidates: [] };
      const only = namesakes.length === 1 ? namesakes[0] : undefined;
      return { by: 'inferred', principalId: only?.principalId, clientId: only?.clientId, identity: only, candidates: namesakes };
    }
    return { by: 'inferred', candidates: [...(index.near.get(subscriptionOf(denial.target)) ?? [])] };
  };
}

function identityOf(caller: Denial['caller'], index: Index): Identity | undefined {
  if (caller.objectId) return index.byPrincipal.get(caller.objectId);
  const byClient = caller.clientId && index.byClient.get(caller.clientId);
  return byClient || (caller.resourceId ? index.byResource.get(resourceKey(caller.resourceId)) : undefined);
}

/** A console log names its host, never the identity: one identity on the host is the answer, several are candidates. */
function byHost(named: readonly CallingHost[], index: Index): Attribution {
  const hosts = named
    .map((one) => (one.id && index.hosts.get(resourceKey(one.id))) || index.hostsByName.get(one.name.toLowerCase()))
    .filter((host) => host !== undefined);
  const candidates = [...new Set(hosts.flatMap((host) => identitiesOn(host, index)))];
  const only = candidates.length === 1 ? candidates[0] : undefined;
  return { by: 'inferred', principalId: only?.principalId, clientId: only?.clientId, identity: only, candidates };
}

interface Index {
  readonly byPrincipal: ReadonlyMap<PrincipalId, Identity>;
  readonly byClient: ReadonlyMap<ClientId, Identity>;
  readonly byResource: ReadonlyMap<ResourceKey, Identity>;
  readonly principalOfClient: ReadonlyMap<ClientId, PrincipalId>;
  readonly byName: ReadonlyMap<string, readonly Identity[]>;
  readonly hosts: ReadonlyMap<ResourceKey, Host>;
  readonly hostsByName: ReadonlyMap<string, Host>;
  /** Identities with hosts, per subscription: the candidates when a log names nobody. */
  readonly near: ReadonlyMap<string, readonly Identity[]>;
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
    byName: Map.groupBy(estate.identities, (one) => one.name.toLowerCase()),
    principalOfClient,
    hosts: new Map(estate.hosts.map((host) => [host.key, host])),
    hostsByName: new Map(estate.hosts.map((host) => [host.name.toLowerCase(), host])),
    near,
  };
}

function identitiesOn(host: Host, index: Index): readonly Identity[] {
  const own = host.systemAssigned && index.byPrincipal.get(host.systemAssigned);
  const attached = host.userAssigned.map((one) => index.byResource.get(one.key)).filter((one) => one !== undefined);
  return own ? [own, ...attached] : attached;
}

const subscriptionOf = (id: string): string => id.toLowerCase().split('/')[2] ?? '';

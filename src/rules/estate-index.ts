import {
  resourceKey,
  subscriptionOf,
  type Cluster,
  type Container,
  type Estate,
  type FederatedCredential,
  type Host,
  type Identity,
  type PolicyAssignment,
  type PrincipalId,
  type ResourceKey,
  type Vault,
} from '../estate/index.ts';

/**
 * Look-ups that several rules share, each built at most once per estate and only when first asked for: a rule must not touch a
 * slice that it does not need.
 */
export interface EstateIndex {
  readonly identityByPrincipal: ReadonlyMap<PrincipalId, Identity>;
  /** User-assigned identities by their own id, system-assigned ones by their host's. */
  readonly identityByKey: ReadonlyMap<ResourceKey, Identity>;
  readonly hostByKey: ReadonlyMap<ResourceKey, Host>;
  readonly hostTypes: ReadonlySet<string>;
  /** Hosts that list a user-assigned identity, by the identity's key. */
  readonly hostsByAttached: ReadonlyMap<ResourceKey, readonly Host[]>;
  readonly hostBySystemAssigned: ReadonlyMap<PrincipalId, Host>;
  readonly credentialsByIdentity: ReadonlyMap<ResourceKey, readonly FederatedCredential[]>;
  readonly containerByKey: ReadonlyMap<ResourceKey, Container>;
  readonly policyAssignmentByKey: ReadonlyMap<ResourceKey, PolicyAssignment>;
  readonly policyAssignmentByPrincipal: ReadonlyMap<PrincipalId, PolicyAssignment>;
  /** Scopes above subscriptions at which a policy assignment was seen. */
  readonly policyScopesAbove: ReadonlySet<ResourceKey>;
  readonly clusterByKey: ReadonlyMap<ResourceKey, Cluster>;
  /** Clusters that run as the principal: as their control plane, or as a kubelet or add-on of theirs. */
  readonly clustersByPrincipal: ReadonlyMap<PrincipalId, readonly Cluster[]>;
  /** By the resource group that holds the cluster's nodes. */
  readonly clusterByNodeGroup: ReadonlyMap<ResourceKey, Cluster>;
  readonly vaultByKey: ReadonlyMap<ResourceKey, Vault>;
  readonly vaultsByPrincipal: ReadonlyMap<PrincipalId, readonly Vault[]>;
}

const indexes = new WeakMap<Estate, EstateIndex>();

export function indexOf(estate: Estate): EstateIndex {
  let index = indexes.get(estate);
  if (index === undefined) {
    index = build(estate);
    indexes.set(estate, index);
  }
  return index;
}

function build(estate: Estate): EstateIndex {
  const clusterByKey = once(() => byKey(estate.clusters, (each) => each.key));
  const parts = {
    identityByPrincipal: once(() => byKey(estate.identities, (each) => each.principalId)),
    identityByKey: once(() => byKey(estate.identities, (each) => each.key)),
    hostByKey: once(() => byKey(estate.hosts, (each) => each.key)),
    hostsByAttached: once(() => hostsByAttached(estate.hosts)),
    hostTypes: once(() => new Set(estate.hosts.map((each) => each.type))),
    hostBySystemAssigned: once(() => byKey(estate.hosts, (each) => each.systemAssigned)),
    credentialsByIdentity: once(() => Map.groupBy(estate.federatedCredentials, (each) => each.identity)),
    containerByKey: once(() => byKey(estate.containers, (each) => each.key)),
    policyAssignmentByKey: once(() => byKey(estate.policyAssignments, (each) => each.key)),
    policyAssignmentByPrincipal: once(() => byKey(estate.policyAssignments, (each) => each.principalId)),
    policyScopesAbove: once(
      () => new Set(estate.policyAssignments.map((each) => policyScope(each.key)).filter((scope) => !scope.startsWith('/subscriptions/'))),
    ),
    clusterByKey,
    clustersByPrincipal: once(() => clustersByPrincipal(estate.hosts, clusterByKey())),
    clusterByNodeGroup: once(() => byKey(estate.clusters, nodeGroupOf)),
    vaultByKey: once(() => byKey(estate.vaults, (each) => each.key)),
    vaultsByPrincipal: once(() => vaultsByPrincipal(estate.vaults)),
  };
  return {
    get identityByPrincipal() {
      return parts.identityByPrincipal();
    },
    get identityByKey() {
      return parts.identityByKey();
    },
    get hostByKey() {
      return parts.hostByKey();
    },
    get hostsByAttached() {
      return parts.hostsByAttached();
    },
    get hostTypes() {
      return parts.hostTypes();
    },
    get hostBySystemAssigned() {
      return parts.hostBySystemAssigned();
    },
    get credentialsByIdentity() {
      return parts.credentialsByIdentity();
    },
    get containerByKey() {
      return parts.containerByKey();
    },
    get policyAssignmentByKey() {
      return parts.policyAssignmentByKey();
    },
    get policyAssignmentByPrincipal() {
      return parts.policyAssignmentByPrincipal();
    },
    get policyScopesAbove() {
      return parts.policyScopesAbove();
    },
    get clusterByKey() {
      return parts.clusterByKey();
    },
    get clustersByPrincipal() {
      return parts.clustersByPrincipal();
    },
    get clusterByNodeGroup() {
      return parts.clusterByNodeGroup();
    },
    get vaultByKey() {
      return parts.vaultByKey();
    },
    get vaultsByPrincipal() {
      return parts.vaultsByPrincipal();
    },
  };
}

const policyMark = '/providers/microsoft.authorization/policyassignments/';

export const isPolicyAssignment = (key: ResourceKey): boolean => key.includes(policyMark);

/** The scope that a policy is assigned at. */
export const policyScope = (policyAssignment: ResourceKey): ResourceKey =>
  resourceKey(policyAssignment.slice(0, Math.max(0, policyAssignment.lastIndexOf(policyMark))));

function nodeGroupOf(cluster: Cluster): ResourceKey | undefined {
  const subscription = subscriptionOf(cluster.key);
  return cluster.nodeResourceGroup && subscription !== undefined
    ? resourceKey(`${subscription}/resourcegroups/${cluster.nodeResourceGroup}`)
    : undefined;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** From the last to the first: the first one wins where two claim the same key. */
function byKey<Item, Key>(items: readonly Item[], keyOf: (item: Item) => Key | undefined): Map<Key, Item> {
  const map = new Map<Key, Item>();
  for (let at = items.length - 1; at >= 0; at--) {
    const key = keyOf(items[at]!);
    if (key !== undefined) map.set(key, items[at]!);
  }
  return map;
}

function hostsByAttached(hosts: readonly Host[]): Map<ResourceKey, Host[]> {
  const map = new Map<ResourceKey, Host[]>();
  for (const host of hosts) for (const { key } of host.userAssigned) add(map, key, host);
  return map;
}

function clustersByPrincipal(hosts: readonly Host[], clusters: ReadonlyMap<ResourceKey, Cluster>): Map<PrincipalId, Cluster[]> {
  const map = new Map<PrincipalId, Cluster[]>();
  for (const host of hosts) {
    const cluster = host.type === 'microsoft.containerservice/managedclusters' ? clusters.get(host.key) : undefined;
    if (cluster === undefined) continue;
    if (host.systemAssigned !== undefined) add(map, host.systemAssigned, cluster);
    for (const { principalId } of host.userAssigned) if (principalId !== undefined) add(map, principalId, cluster);
  }
  return map;
}

function vaultsByPrincipal(vaults: readonly Vault[]): Map<PrincipalId, Vault[]> {
  const map = new Map<PrincipalId, Vault[]>();
  for (const vault of vaults) {
    for (const id of new Set(vault.policies.map((policy) => policy.objectId))) add(map, id, vault);
  }
  return map;
}

function add<Key, Item>(map: Map<Key, Item[]>, key: Key, item: Item): void {
  const others = map.get(key);
  if (others === undefined) map.set(key, [item]);
  else others.push(item);
}

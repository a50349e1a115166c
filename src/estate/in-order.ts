import type { Estate } from './estate.ts';

/**
 * The same estate with its lists in order of id. What comes from several queries, shards or files comes in any order, and where a sentence names
 * the first few of something they must be the same few. Lists that are in order already (Azure is asked for them so) are left as they are.
 */
export function inOrder(estate: Estate): Estate {
  return {
    ...estate,
    containers: ordered(estate.containers, byKey),
    identities: ordered(estate.identities, byKey),
    hosts: ordered(estate.hosts, byKey),
    assignments: ordered(estate.assignments, byKey),
    policyAssignments: ordered(estate.policyAssignments, byKey),
    vaults: ordered(estate.vaults, byKey),
    clusters: ordered(estate.clusters, byKey),
    workspaces: ordered(estate.workspaces, byKey),
    federatedCredentials: ordered(estate.federatedCredentials, ({ id }) => id),
    appRoleGrants: ordered(estate.appRoleGrants, ({ principalId, appRoleId }) => `${principalId} ${appRoleId}`),
    directoryRoles: ordered(
      estate.directoryRoles,
      ({ principalId, roleTemplateId, scope }) => `${principalId} ${roleTemplateId} ${scope ?? ''}`,
    ),
    memberships: new Map(
      ordered([...estate.memberships], ([member]) => member).map(([member, groups]) => [member, ordered(groups, (group) => group)]),
    ),
    gaps: ordered(estate.gaps, ({ slice, scope, state, why }) => `${slice} ${scope} ${state} ${why}`),
  };
}

const byKey = ({ key }: { readonly key: string }): string => key;

function ordered<Item>(items: readonly Item[], textOf: (item: Item) => string): readonly Item[] {
  const compare = (a: Item, b: Item): number => compareTexts(textOf(a), textOf(b)) || ofSameId(a, b);
  for (let at = 1; at < items.length; at++) if (compare(items[at - 1]!, items[at]!) > 0) return items.toSorted(compare);
  return items;
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** The same row may come twice, from two pages, and have changed in between. */
const ofSameId = <Item>(a: Item, b: Item): number => (a === b ? 0 : compareTexts(JSON.stringify(a), JSON.stringify(b)));

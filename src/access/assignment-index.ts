import { levelOf, subscriptionOf, type Assignment, type PrincipalId, type ResourceKey, type RoleId } from '../estate/index.ts';

/** Role assignments as they are asked for. Rules start from what is rare (a strong role, a broad scope), never from all of them. */
export interface AssignmentIndex {
  readonly byPrincipal: ReadonlyMap<PrincipalId, readonly Assignment[]>;
  readonly byRole: ReadonlyMap<RoleId, readonly Assignment[]>;
  /** At a subscription, a management group or the root. */
  readonly broad: readonly Assignment[];
  /** How many count against one limit: a subscription with everything below it, a management group by itself. Rows that came twice count twice. */
  readonly countByArea: ReadonlyMap<ResourceKey, number>;
}

/** One pass: with 100,000 rows it is the visit to each that costs, not what is done there. */
export function indexAssignments(assignments: readonly Assignment[]): AssignmentIndex {
  const byPrincipal = new Map<PrincipalId, Assignment[]>();
  const byRole = new Map<RoleId, Assignment[]>();
  const broad: Assignment[] = [];
  const areas = areaCounter();
  for (const assignment of assignments) {
    add(byPrincipal, assignment.principalId, assignment);
    add(byRole, assignment.roleId, assignment);
    if (isBroad(assignment.scope)) broad.push(assignment);
    areas.count(assignment.scope);
  }
  return { byPrincipal, byRole, broad, countByArea: areas.counts() };
}

function add<Key>(index: Map<Key, Assignment[]>, key: Key, assignment: Assignment): void {
  const others = index.get(key);
  if (others === undefined) index.set(key, [assignment]);
  else others.push(assignment);
}

/** Nearly all lie in a subscription, and there it takes a look for one more slash. */
function isBroad(scope: ResourceKey): boolean {
  if (scope.startsWith(subscriptions)) return !scope.includes('/', subscriptions.length);
  return levelOf(scope) !== 'resource';
}

const subscriptions = '/subscriptions/';

/** What a scope counts to; the root has no known limit. */
export const limitedArea = (scope: ResourceKey): ResourceKey | undefined =>
  subscriptionOf(scope) ?? (levelOf(scope) === 'managementGroup' ? scope : undefined);

interface Area {
  readonly key: ResourceKey;
  count: number;
}

/** Rows come in order of id, so that neighbours mostly lie in the same subscription: its key is cut out once for all of them. */
function areaCounter(): { readonly count: (scope: ResourceKey) => void; readonly counts: () => ReadonlyMap<ResourceKey, number> } {
  const areas = new Map<ResourceKey, Area>();
  let latest: Area | undefined;
  const areaOf = (scope: ResourceKey): Area | undefined => {
    const key = limitedArea(scope);
    if (key === undefined) return undefined;
    const area = areas.get(key) ?? { key, count: 0 };
    areas.set(key, area);
    return area;
  };
  return {
    count(scope) {
      if (latest === undefined || !countsTo(scope, latest.key)) latest = areaOf(scope);
      if (latest !== undefined) latest.count += 1;
    },
    counts: () => new Map([...areas.values()].map(({ key, count }) => [key, count])),
  };
}

const countsTo = (scope: ResourceKey, area: ResourceKey): boolean =>
  scope === area || (scope[area.length] === '/' && area.startsWith(subscriptions) && scope.startsWith(area));

import { levelOf, subscriptionOf, type Assignment, type PrincipalId, type ResourceKey, type RoleId } from '../estate/index.ts';
import { rowsByPrincipal } from './rows-by-principal.ts';

/** Role assignments as they are asked for. Rules start from what is rare (a strong role, a broad scope), never from all of them. */
export interface AssignmentIndex {
  /** A principal's own, in the order of the estate. */
  readonly ofPrincipal: (principal: PrincipalId) => readonly Assignment[];
  readonly hasAny: (principal: PrincipalId) => boolean;
  /**
   * Whoever holds two of its own of which one may reach over the other by scope: all who do, and few others (a management group is taken to reach over
   * anything).
   */
  readonly nestedHolders: () => Iterable<PrincipalId>;
  readonly byRole: ReadonlyMap<RoleId, readonly Assignment[]>;
  /** At a subscription, a management group or the root. */
  readonly broad: readonly Assignment[];
  /** How many count against one limit: a subscription with everything below it, a management group by itself. Rows that came twice count twice. */
  readonly countByArea: ReadonlyMap<ResourceKey, number>;
}

/**
 * One pass: with 100,000 rows it is the visit to each that costs, not what is done there. Rows come in order of id, which begins with the scope: neighbours
 * mostly share it, and what follows from a scope is told once for all of them.
 */
export function indexAssignments(assignments: readonly Assignment[]): AssignmentIndex {
  const byRole = new Map<RoleId, Assignment[]>();
  const broad: Assignment[] = [];
  const places = openPlaces();
  const rows = rowsByPrincipal<Place>(assignments.length);
  let place: Place | undefined;
  for (const assignment of assignments) {
    if (place?.scope !== assignment.scope) place = places.of(assignment.scope);
    rows.add(assignment.principalId, place);
    add(byRole, assignment.roleId, assignment);
    if (place.isBroad) broad.push(assignment);
    if (place.area !== undefined) place.area.count += 1;
  }
  const { ofPrincipal, hasAny, holdersOfTwo } = rows.close(assignments);
  return { ofPrincipal, hasAny, nestedHolders: () => holdersOfTwo(mayNest), byRole, broad, countByArea: places.counts() };
}

function add(index: Map<RoleId, Assignment[]>, role: RoleId, assignment: Assignment): void {
  const others = index.get(role);
  if (others === undefined) index.set(role, [assignment]);
  else others.push(assignment);
}

interface Area {
  readonly key: ResourceKey;
  count: number;
}

/** What follows from a scope alone. */
interface Place {
  readonly scope: ResourceKey;
  readonly isBroad: boolean;
  readonly area: Area | undefined;
}

function openPlaces(): { readonly of: (scope: ResourceKey) => Place; readonly counts: () => ReadonlyMap<ResourceKey, number> } {
  const places = new Map<ResourceKey, Place>();
  const areas = new Map<ResourceKey, Area>();
  const areaOf = (scope: ResourceKey): Area | undefined => {
    const key = limitedArea(scope);
    if (key === undefined) return undefined;
    const area = areas.get(key) ?? { key, count: 0 };
    areas.set(key, area);
    return area;
  };
  return {
    of(scope) {
      let place = places.get(scope);
      if (place === undefined) {
        const level = levelOf(scope);
        const isBroad = level === 'root' || level === 'managementGroup' || level === 'subscription';
        places.set(scope, (place = { scope, isBroad, area: areaOf(scope) }));
      }
      return place;
    },
    counts: () => new Map([...areas.values()].map(({ key, count }) => [key, count])),
  };
}

/** What a scope counts to; the root has no known limit. */
export const limitedArea = (scope: ResourceKey): ResourceKey | undefined =>
  subscriptionOf(scope) ?? (levelOf(scope) === 'managementGroup' ? scope : undefined);

function mayNest(one: Place, other: Place): boolean {
  if (one === other) return true;
  if (one.area !== other.area) return isAboveSubscriptions(one) || isAboveSubscriptions(other);
  const [upper, lower] = one.scope.length < other.scope.length ? [one.scope, other.scope] : [other.scope, one.scope];
  return upper === '/' || (lower[upper.length] === '/' && lower.startsWith(upper));
}

const isAboveSubscriptions = ({ isBroad, scope }: Place): boolean => isBroad && !scope.startsWith('/subscriptions/');

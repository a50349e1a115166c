import { limitedArea } from '../access/index.ts';
import {
  levelOf,
  principalId,
  type AreaCount,
  type Assignment,
  type CreatorCount,
  type PrincipalId,
  type ResourceKey,
  type RoleId,
} from '../estate/index.ts';
import type { RuleInput } from './rule.ts';

/** Counts of areas against their limits: of those that `isNear` by a first, quick count, or of all that a part of a sharded audit was given. */
export function areaCounts(
  { estate, access }: RuleInput,
  isNear: (area: ResourceKey, count: number) => boolean,
): ReadonlyMap<ResourceKey, AreaCount> {
  if (estate.census !== undefined) return estate.census.areas;
  const near = new Set([...access.assignments.countByArea].filter(([area, count]) => isNear(area, count)).map(([area]) => area));
  if (near.size === 0) return none;
  const counter = areaCounter((area) => near.has(area));
  for (const assignment of estate.assignments) counter.count(assignment);
  return counter.counts();
}

const none: ReadonlyMap<ResourceKey, AreaCount> = new Map();

/** Counts the areas that are asked for, one assignment after the other, in any order. The same row may come twice, from two pages or two scopes. */
export function areaCounter(isWanted: (area: ResourceKey) => boolean): {
  readonly count: (assignment: Assignment) => void;
  readonly counts: () => ReadonlyMap<ResourceKey, AreaCount>;
} {
  const areas = new Map<ResourceKey, Area | undefined>();
  return {
    count({ key, scope, scopeId }) {
      const area = limitedArea(scope);
      if (area === undefined) return;
      if (!areas.has(area))
        areas.set(area, isWanted(area) ? { keys: new Set(), onResources: 0, first: key, spelled: spelledAs(area, scopeId) } : undefined);
      const counted = areas.get(area);
      if (counted === undefined || counted.keys.has(key)) return;
      counted.keys.add(key);
      if (levelOf(scope) === 'resource') counted.onResources += 1;
      if (key < counted.first) {
        counted.first = key;
        counted.spelled = spelledAs(area, scopeId);
      }
    },
    counts: () =>
      new Map(
        [...areas].flatMap(([area, counted]) =>
          counted === undefined ? [] : [[area, { total: counted.keys.size, onResources: counted.onResources, spelled: counted.spelled }]],
        ),
      ),
  };
}

/** As Azure spells it at the head of a scope's id, unless that is spelled oddly (slashes doubled). */
function spelledAs(area: ResourceKey, scopeId: string): string {
  const head = scopeId.slice(0, area.length);
  return head.toLowerCase() === area ? head : area;
}

interface Area {
  readonly keys: Set<ResourceKey>;
  onResources: number;
  first: ResourceKey;
  spelled: string;
}

const known = new WeakMap<readonly Assignment[], ReadonlyMap<PrincipalId, CreatorCount>>();

/** Who made the assignments that stand, and which roles they handed out. */
export function creatorsOf({ estate }: Pick<RuleInput, 'estate'>): ReadonlyMap<PrincipalId, CreatorCount> {
  if (estate.census !== undefined) return estate.census.creators;
  let creators = known.get(estate.assignments);
  if (creators === undefined) {
    const counter = creatorCounter();
    for (const assignment of estate.assignments) counter.count(assignment);
    known.set(estate.assignments, (creators = counter.counts()));
  }
  return creators;
}

/** Counts creators, one assignment after the other, in any order. */
export function creatorCounter(): {
  readonly count: (assignment: Assignment) => void;
  readonly counts: () => ReadonlyMap<PrincipalId, CreatorCount>;
} {
  const creators = new Map<PrincipalId, Creator>();
  const spelled = new Map<string, Creator>();
  const creatorOf = (createdBy: string): Creator => {
    const id = principalId(createdBy);
    const creator = creators.get(id) ?? { first: '', firstAt: Number.POSITIVE_INFINITY, roles: new Set() };
    creators.set(id, creator);
    spelled.set(createdBy, creator);
    return creator;
  };
  return {
    count({ createdBy = '', createdAt, roleId }) {
      const creator = spelled.get(createdBy) ?? creatorOf(createdBy);
      creator.roles.add(roleId);
      if (createdAt === undefined || isNoEarlier(createdAt, creator.first)) return;
      const at = Date.parse(createdAt);
      if (at >= creator.firstAt || Number.isNaN(at)) return;
      creator.firstAt = at;
      creator.first = createdAt;
    },
    counts: () => new Map([...creators].map(([id, { firstAt, roles }]) => [id, { firstAt, roles: [...roles].sort() }])),
  };
}

/** Instants of one form compare as texts; reading each of 100,000 takes longer than all else that is counted here. */
const isNoEarlier = (at: string, first: string): boolean =>
  at >= first && at.length === first.length && at.endsWith('Z') && first.endsWith('Z');

interface Creator {
  /** As Azure gives it. */
  first: string;
  firstAt: number;
  readonly roles: Set<RoleId>;
}

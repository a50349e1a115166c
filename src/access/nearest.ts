import type { Assignment, ResourceKey, RoleDefinition, ScopeTree } from '../estate/index.ts';
import type { NearMiss } from './answer.ts';
import type { Block } from './blocks.ts';
import { overlap } from './glob.ts';

/** More would bury the one that matters. */
const missesMax = 20;

/** Why a role that is held at the target does not suffice; undefined when it has nothing to do with such targets. */
export function missOf(
  blocks: readonly Block[],
  assignment: Assignment,
  role: RoleDefinition,
  { action, data }: { readonly action: string; readonly data: boolean },
): NearMiss | undefined {
  const type = action.split('/', 2).join('/');
  const onType = (patterns: readonly string[]): boolean => patterns.some((pattern) => overlap(pattern, `${type}/*`));
  if (blocks.some(({ written }) => onType(data ? written.dataActions : written.actions)))
    return { kind: 'insufficient-role', assignment, role };
  const manages = blocks.some((block) => block.allows(`${type}/read`, false) || block.allows(`${type}/write`, false));
  return data && manages ? { kind: 'control-plane-only', assignment, role } : undefined;
}

/** What stands nearest to a yes first: what the target itself explains, then the right role at the nearest other scope, then lesser roles. */
export function nearest(tree: ScopeTree, on: ResourceKey, misses: readonly NearMiss[]): readonly NearMiss[] {
  const target = tree.chain(on);
  return misses
    .map((miss) => ({ miss, rank: ranks[miss.kind], apart: 'assignment' in miss ? distance(tree, target, miss.assignment.scope) : 0 }))
    .sort((one, other) => one.rank - other.rank || one.apart - other.apart)
    .slice(0, missesMax)
    .map(({ miss }) => miss);
}

const ranks = {
  condition: 0,
  'vault-uses-policies': 1,
  'vault-uses-rbac': 1,
  'wrong-scope': 2,
  'insufficient-role': 3,
  'control-plane-only': 4,
  'role-unreadable': 5,
} as const satisfies Record<NearMiss['kind'], number>;

/** Steps between two scopes over the nearest one that holds both. */
function distance(tree: ScopeTree, target: readonly ResourceKey[], scope: ResourceKey): number {
  const other = tree.chain(scope);
  const up = target.findIndex((each) => other.includes(each));
  return up + other.indexOf(target[up] ?? ('/' as ResourceKey));
}

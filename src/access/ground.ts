import { scopeTree, type Estate, type RoleDefinition, type RoleId, type ScopeTree } from '../estate/index.ts';
import { indexAssignments, type AssignmentIndex } from './assignment-index.ts';
import { compile, type Block } from './blocks.ts';
import { builtInRole } from './built-in-roles.ts';
import { freest, openConditions, type Call, type Effect, type EffectOf } from './conditions.ts';
import { openGrants, type Grants } from './grants.ts';

/** What answering needs of an estate, each part built when first asked for and once. */
export interface Ground {
  readonly estate: Estate;
  readonly tree: ScopeTree;
  readonly assignments: AssignmentIndex;
  readonly grants: Grants;
  readonly effectOf: EffectOf;
  readonly roleOf: (role: RoleId) => RoleDefinition | undefined;
  readonly blocksOf: (role: RoleDefinition) => readonly Block[];
  /** What conditions leave of a call under a role; undefined when no block allows it. */
  readonly permits: (role: RoleDefinition, condition: string | undefined, call: Call, data: boolean) => Effect | undefined;
}

export function layGround(estate: Estate): Ground {
  let tree: ScopeTree | undefined;
  let assignments: AssignmentIndex | undefined;
  let grants: Grants | undefined;
  const roles = new Map<RoleId, RoleDefinition | undefined>();
  const compiled = new Map<RoleDefinition, readonly Block[]>();
  const effectOf = openConditions();

  function roleOf(id: RoleId): RoleDefinition | undefined {
    const known = roles.get(id);
    if (known !== undefined || roles.has(id)) return known;
    const found = estate.roles.get(id) ?? builtInRole(id);
    roles.set(id, found);
    return found;
  }

  function blocksOf(role: RoleDefinition): readonly Block[] {
    let blocks = compiled.get(role);
    if (blocks === undefined) {
      blocks = role.blocks.map(compile);
      compiled.set(role, blocks);
    }
    return blocks;
  }

  const ground: Ground = {
    estate,
    get tree() {
      return (tree ??= scopeTree(estate.containers));
    },
    get assignments() {
      return (assignments ??= indexAssignments(estate.assignments));
    },
    get grants() {
      return (grants ??= openGrants(ground.assignments.ofPrincipal, estate.memberships, roleOf));
    },
    effectOf,
    roleOf,
    blocksOf,
    permits(role, condition, call, data) {
      const effects = blocksOf(role)
        .filter((block) => block.allows(call.action, data))
        .map((block) => effectOf([condition, block.written.condition], call));
      return effects.length === 0 ? undefined : effects.reduce(freest);
    },
  };
  return ground;
}

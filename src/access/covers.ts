import type { PermissionBlock, RoleDefinition } from '../estate/index.ts';
import { contains, overlap } from './glob.ts';

/**
 * True when every permission of `narrow` is also in `wide`. Sound, not complete: each pattern of `narrow` must lie inside one pattern of
 * one unconditional block of `wide`, and whatever that block takes away again must be taken away by `narrow`'s own block too.
 */
export function covers(wide: RoleDefinition, narrow: RoleDefinition): boolean {
  if (wide === narrow) return true;
  const blocks = wide.blocks.filter(({ condition }) => condition === undefined);
  return narrow.blocks.every(
    (block) =>
      block.actions.every((pattern) => blocks.some(({ actions, notActions }) => holds(actions, notActions, pattern, block.notActions))) &&
      block.dataActions.every((pattern) =>
        blocks.some(({ dataActions, notDataActions }) => holds(dataActions, notDataActions, pattern, block.notDataActions)),
      ),
  );
}

type Patterns = PermissionBlock['actions'];

function holds(wide: Patterns, wideNot: Patterns, pattern: string, narrowNot: Patterns): boolean {
  return (
    wide.some((each) => contains(each, pattern)) &&
    wideNot.every((not) => !overlap(not, pattern) || narrowNot.some((mine) => contains(mine, not)))
  );
}

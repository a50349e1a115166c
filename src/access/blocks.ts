import type { PermissionBlock } from '../estate/index.ts';
import { glob, type Matches } from './glob.ts';

/** A permission block made ready for many questions. The planes never mix, and a notAction takes away from its own block only. */
export interface Block {
  readonly written: PermissionBlock;
  allows(operation: string, data: boolean): boolean;
}

/** Operations given to `allows` must be in lower case. */
export function compile(written: PermissionBlock): Block {
  const actions = anyOf(written.actions);
  const notActions = anyOf(written.notActions);
  const dataActions = anyOf(written.dataActions);
  const notDataActions = anyOf(written.notDataActions);
  return {
    written,
    allows: (operation, data) =>
      data ? dataActions(operation) && !notDataActions(operation) : actions(operation) && !notActions(operation),
  };
}

function anyOf(patterns: readonly string[]): Matches {
  const all = patterns.map(glob);
  return (operation) => all.some((matches) => matches(operation));
}

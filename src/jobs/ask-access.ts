import { openAccess, builtInRoles, type Answer } from '../access/index.ts';
import { resourceKey, type Estate } from '../estate/index.ts';
import type { NamedPrincipal } from './principals-named.ts';

export interface AccessQuestion {
  readonly estate: Estate;
  readonly principal: NamedPrincipal;
  readonly action: string;
  /** ARM id of the target. */
  readonly on: string;
  /** `auto`: as the action is known to be. */
  readonly plane: 'auto' | 'control' | 'data';
}

export interface AccessAnswer {
  readonly principal: NamedPrincipal;
  readonly action: string;
  readonly plane: 'control' | 'data';
  readonly on: string;
  readonly answer: Answer;
}

/** May this principal do this, by which path, or why not. */
export function askAccess({ estate, principal, action, on, plane }: AccessQuestion): AccessAnswer {
  const chosen = plane === 'auto' ? planeOf(action, estate) : plane;
  const answer = openAccess(estate).may({ principal: principal.id, action, data: chosen === 'data', on: resourceKey(on) });
  return { principal, action, plane: chosen, on, answer };
}

/** An action that a role names among its data actions, and none among its actions, is a data action. Wildcards say nothing. */
function planeOf(action: string, estate: Estate): 'control' | 'data' {
  const wanted = action.toLowerCase();
  const blocks = [...builtInRoles(), ...estate.roles.values()].flatMap((role) => role.blocks);
  const names = (patterns: readonly string[]): boolean => patterns.some((pattern) => pattern.toLowerCase() === wanted);
  return blocks.some((block) => names(block.dataActions)) && !blocks.some((block) => names(block.actions)) ? 'data' : 'control';
}

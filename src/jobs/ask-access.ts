import { openAccess, builtInRoles, type Answer } from '../access/index.ts';
import { resourceKey, subscriptionOf, type Estate } from '../estate/index.ts';
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
  return { principal, action, plane: chosen, on, answer: withDoubts(answer, doubtsOf(estate, principal, on)) };
}

/** "No grant leads there" is only as good as the sight of who is asked for and of where. */
function doubtsOf(estate: Estate, principal: NamedPrincipal, on: string): readonly string[] {
  const subscription = subscriptionOf(resourceKey(on));
  return [
    ...(principal.kind === 'unknown'
      ? [
          `Nobody with the object id ${principal.id} was seen, so neither were the groups it is in. If this is the client id of a system-assigned identity, give the object id or the name of its host.`,
        ]
      : []),
    ...(subscription !== undefined && !estate.containers.some(({ key }) => key === subscription)
      ? [`The subscription of the target was not seen (${subscription}), nor what is granted in it and above it.`]
      : []),
  ];
}

const withDoubts = (answer: Answer, doubts: readonly string[]): Answer =>
  answer.verdict !== 'no-path' || doubts.length === 0 ? answer : { ...answer, verdict: 'unknown', because: [...doubts, ...answer.because] };

/** An action that a role names among its data actions, and none among its actions, is a data action. Wildcards say nothing. */
function planeOf(action: string, estate: Estate): 'control' | 'data' {
  const wanted = action.toLowerCase();
  const blocks = [...builtInRoles(), ...estate.roles.values()].flatMap((role) => role.blocks);
  const names = (patterns: readonly string[]): boolean => patterns.some((pattern) => pattern.toLowerCase() === wanted);
  return blocks.some((block) => names(block.dataActions)) && !blocks.some((block) => names(block.actions)) ? 'data' : 'control';
}

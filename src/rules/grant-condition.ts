import type { Access, ConditionEffect } from '../access/index.ts';
import { roleId } from '../estate/index.ts';
import type { HeldGrant } from './held-grant.ts';
import type { RuleInput } from './rule.ts';

/** Operations that give rights at once; the others that escalate take a detour (a policy that deploys, a PIM policy, a deny assignment lifted). */
const direct = [
  'Microsoft.Authorization/roleAssignments/write',
  'Microsoft.Authorization/roleDefinitions/write',
  'Microsoft.Authorization/elevateAccess/action',
  'Microsoft.Authorization/roleAssignmentScheduleRequests/write',
  'Microsoft.Authorization/roleEligibilityScheduleRequests/write',
];

/** What is left of a role's escalating operations after the conditions on it. */
export interface Escalation {
  /** Operations that nothing narrows. */
  readonly open: readonly string[];
  /** Operations that a condition narrows to a list of roles without power of their own. */
  readonly narrowed: readonly string[];
  readonly effects: readonly ConditionEffect[];
}

const known = new WeakMap<Access, Map<string, Escalation>>();

/** The same for every assignment of one role under one condition, and most carry none. */
export function escalationOf(input: Pick<RuleInput, 'access'>, grant: Pick<HeldGrant, 'assignment' | 'power'>): Escalation {
  const { roleId, condition } = grant.assignment;
  let escalations = known.get(input.access);
  if (escalations === undefined) known.set(input.access, (escalations = new Map()));
  const key = condition === undefined ? roleId : `${roleId} ${condition}`;
  let escalation = escalations.get(key);
  if (escalation === undefined) escalations.set(key, (escalation = weigh(input, grant)));
  return escalation;
}

function weigh(input: Pick<RuleInput, 'access'>, { assignment, power }: Pick<HeldGrant, 'assignment' | 'power'>): Escalation {
  const open: string[] = [];
  const narrowed: string[] = [];
  const effects: ConditionEffect[] = [];
  for (const action of power.escalation) {
    const effect = input.access.effectOn(assignment, { action, data: false });
    if (effect === undefined) continue;
    effects.push(effect);
    (isHarmlessList(input, effect) ? narrowed : open).push(action);
  }
  return { open, narrowed, effects };
}

export const escalatesAtOnce = (operations: readonly string[]): boolean => operations.some((operation) => direct.includes(operation));

/** An allow-list narrows only when every role on it is readable and has no power to grant or to run everything. A deny-list never does. */
function isHarmlessList({ access }: Pick<RuleInput, 'access'>, effect: ConditionEffect): boolean {
  if (effect.kind !== 'allow-list') return false;
  return effect.roles.every((id) => {
    const power = access.powerOf(roleId(id));
    return power !== undefined && !power.everything && power.escalation.length === 0 && power.broadWrite.length === 0;
  });
}

/** A condition in words, for messages and evidence; empty where there is none or it does not matter here. */
export function conditionSaid(effects: readonly ConditionEffect[]): string {
  const effect = effects.find(({ kind }) => kind !== 'none' && kind !== 'not-applicable');
  switch (effect?.kind) {
    case 'allow-list':
      return `A condition limits it to granting ${effect.roles.length} listed role${effect.roles.length === 1 ? '' : 's'}.`;
    case 'deny-list':
      return 'Its condition only keeps back some roles: whatever is not on that list can be granted, custom roles and the roles of tomorrow included.';
    case 'attributes':
      return `Its condition tests ${effect.attributes.join(', ')}.`;
    case 'not-understood':
      return 'It carries a condition that this audit does not understand and takes to narrow nothing.';
    case 'none':
    case 'not-applicable':
    case undefined:
      return '';
  }
}

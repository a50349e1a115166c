import * as az from '../../remedy/az.ts';
import type { CauseEvidence, CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';

/** Evidence and commands that several causes print. */

/** The least-privileged role at the exact target, one step per role. Words only where the role, the principal or the target is not known. */
export function grantLeast(scene: Scene, principalId = scene.failing.principalId, who = scene.failing.label): readonly CauseFix[] {
  const { proposed, targetId } = scene;
  if (principalId === undefined || targetId === undefined || proposed.length === 0) {
    const what = proposed.map((role) => role.name).join(' and ') || `a role that allows ${actionsOf(scene) || 'the refused operation'}`;
    return [{ text: `Grant ${what} to ${who} on ${targetId ?? scene.burst.denials[0]?.target ?? 'the target'}, no wider.` }];
  }
  return proposed.map((role) =>
    az.step(
      `Grant ${role.name} to ${who} on exactly this resource.`,
      az.createAssignment({ principalId, roleId: role.id, scopeId: targetId }),
    ),
  );
}

export const actionsOf = (scene: Scene): string => scene.needed.map((one) => one.action).join(', ');

export function refusal(scene: Scene): CauseEvidence {
  const { burst } = scene;
  const first = burst.denials[0];
  return {
    label: 'refused',
    value: `${burst.count} × ${first?.statusCode ?? ''} ${burst.reason} on ${first?.operation ?? ''} since ${burst.firstAt}${first?.sample ? `: ${shorten(first.sample)}` : ''}`,
    source: 'logs',
  };
}

export const neededEvidence = (scene: Scene): readonly CauseEvidence[] =>
  scene.needed.length === 0 ? [] : [{ label: 'needed', value: actionsOf(scene), source: 'logs' }];

export const shorten = (text: string, length = 240): string => (text.length <= length ? text : `${text.slice(0, length)} …`);

/** Commands that show who holds what on the target. */
export function checkGrants(scene: Scene): readonly (string | undefined)[] {
  return [
    scene.failing.principalId && az.command('role assignment list', { assignee: scene.failing.principalId, all: true }),
    scene.targetId && az.command('role assignment list', { scope: scene.targetId, 'include-inherited': true }),
  ];
}

export const minutesBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / 60_000);

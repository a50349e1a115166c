import * as az from '../../remedy/az.ts';
import { moment, resourceKey } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Change } from '../change.ts';
import { changesBefore, type Scene } from '../scene.ts';
import { leastFix } from './least-fix.ts';
import { removedGrants, type RemovedGrant } from './removed-grant.ts';
import { actionsOf, neededEvidence, refusal, typeOf } from './steps.ts';

export const roleRemoved: Cause = {
  id: 'role-removed',
  title: 'The grant was removed shortly before',
  explain: `Calls worked until somebody, or a pipeline, deleted the role assignment or the access policy that allowed them. Often a clean-up that looked only at posture, or a template that lost a line.

**Recognise it** by a \`roleAssignments/delete\` in the Activity Log shortly before the first refusal, on the target or above it; or by a \`roleDefinitions/write\` of a custom role that the identity holds there.

**Fix it** by restoring exactly that assignment, and by asking the one who removed it why: the Activity Log names them.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/change-history-report',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-cli',
  ],
  needs: ['activity', 'estate'],
  judge: (scene) => {
    if (scene.changes === undefined) return silent;
    if (scene.allowed && !listedTooLong(scene)) return ruledOut(`${scene.failing.label} holds a sufficient grant today`);
    const [removal] = removedGrants(scene);
    const narrowed = removal?.of === 'principal' || removal?.of === 'group' ? undefined : narrowedRole(scene);
    if (narrowed !== undefined) return narrowed;
    if (removal === undefined)
      return scene.refused ? ruledOut('no grant that reaches the target was removed in the 24 hours before') : silent;
    const { change } = removal;
    const named = removal.of !== 'unknown';
    const whose =
      removal.of === 'principal'
        ? ` of ${scene.failing.label}`
        : removal.of === 'group'
          ? ` of group ${removal.holder}, which it is in,`
          : '';
    return {
      kind: 'fits',
      confidence:
        named && scene.failing.attribution === 'named'
          ? 'certain'
          : change.kind === 'vault-written' && !rightBefore(change, scene)
            ? 'possible'
            : 'likely',
      // What demonstrably was taken away explains more than what else stands around.
      weight: named ? 94 : 89,
      why: `${change.caller || 'Somebody'} ${change.kind === 'assignment-removed' ? 'removed' : 'changed'} ${removal.what}${whose} on ${removal.scopeId} at ${moment(change.at)}; the first refusal came at ${moment(scene.burst.firstAt)}.`,
      evidence: [
        refusal(scene),
        { label: 'removed', value: change.resourceId, source: 'activity' },
        {
          label: 'by',
          value: `${change.caller}${change.callerObjectId ? ` (${change.callerObjectId})` : ''} at ${change.at}, correlation ${change.correlationId}`,
          source: 'activity',
        },
      ],
      fix: [...restore(removal, scene), { text: `Ask ${change.caller || 'who removed it'} why it was removed before it happens again.` }],
      check: [az.command('monitor activity-log list', { 'resource-id': change.resourceId, 'start-time': change.at })],
    };
  },
};

/** The assignment stands, and its custom role was written shortly before: an action that it had is gone from it, most likely. */
function narrowedRole(scene: Scene): ReturnType<Cause['judge']> | undefined {
  const lesser = scene.needed.flatMap((one) => one.answer?.nearMisses ?? []).filter((near) => near.kind === 'insufficient-role');
  for (const change of changesBefore(scene, ['role-definition-changed'], 24)) {
    const id = change.resourceId.slice(change.resourceId.lastIndexOf('/') + 1).toLowerCase();
    const held = lesser.find((near) => near.role.id === id);
    if (held === undefined || Date.parse(change.at) > Date.parse(scene.burst.firstAt) + 2 * 60_000) continue;
    return {
      kind: 'fits',
      confidence: 'likely',
      weight: 92,
      why: `${change.caller || 'Somebody'} changed the custom role ${held.role.name}, which ${scene.failing.label} holds on ${held.assignment.scopeId}, at ${moment(change.at)}; it does not include the refused operation, and the first refusal came at ${moment(scene.burst.firstAt)}.`,
      evidence: [
        refusal(scene),
        ...neededEvidence(scene),
        { label: 'role changed', value: `${change.resourceId} by ${change.caller} at ${change.at}`, source: 'activity' },
      ],
      fix: [
        az.step(
          `Put ${actionsOf(scene)} back into the role, if taking it out was a mistake; else grant the least role for it.`,
          az.command('role definition list', { name: id, 'custom-role-only': true }),
        ),
        ...leastFix(scene),
      ],
      check: [az.command('monitor activity-log list', { 'resource-id': change.resourceId, 'start-time': change.at })],
    };
  }
  return undefined;
}

/** Resource Graph lags behind: what it still lists was removed, by the Activity Log, and not made again. */
function listedTooLong(scene: Scene): boolean {
  const latest = new Map<string, Change>();
  for (const change of scene.changes ?? []) {
    const key = resourceKey(change.resourceId);
    if (change.succeeded && change.kind.startsWith('assignment-') && change.at > (latest.get(key)?.at ?? '')) latest.set(key, change);
  }
  return scene.sufficient.length > 0 && scene.sufficient.every((grant) => latest.get(grant.key)?.kind === 'assignment-removed');
}

/** Vaults are written for many reasons; a write within minutes of the first refusal is no coincidence. */
const rightBefore = (change: Change, { burst }: Scene): boolean =>
  Math.abs(Date.parse(burst.firstAt) - Date.parse(change.at)) <= 15 * 60_000;

/** The removed grant where the log says what it was; else the least one for the calls. */
function restore(removal: RemovedGrant, scene: Scene): readonly CauseFix[] {
  const holder = removal.holder;
  if (removal.roleId === undefined || holder === undefined) return leastFix(scene);
  const id = removal.roleId.slice(removal.roleId.lastIndexOf('/') + 1).toLowerCase();
  const name = [...scene.estate.roles.values()].find((one) => one.id === id)?.name ?? `role ${id}`;
  const { condition } = removal.change.details;
  const principalType = removal.of === 'group' ? 'Group' : typeOf(scene, holder);
  return [
    az.step(
      `Restore the assignment: ${name} for ${removal.of === 'group' ? `group ${holder}` : scene.failing.label} on ${removal.scopeId}.`,
      az.createAssignment({ principalId: holder, principalType, roleId: id, scopeId: removal.scopeId, condition: condition || undefined }),
    ),
  ];
}

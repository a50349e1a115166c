import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Change } from '../change.ts';
import { changesBefore, reaches, type Scene } from '../scene.ts';
import { grantLeast, refusal } from './steps.ts';

const hoursBefore = 24;

export const roleRemoved: Cause = {
  id: 'role-removed',
  title: 'The grant was removed shortly before',
  explain: `Calls worked until somebody, or a pipeline, deleted the role assignment or the access policy that allowed them. Often a clean-up that looked only at posture, or a template that lost a line.

**Recognise it** by a \`roleAssignments/delete\` in the Activity Log shortly before the first refusal, on the target or above it.

**Fix it** by restoring exactly that assignment, and by asking the one who removed it why: the Activity Log names them.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/change-history-report',
    'https://learn.microsoft.com/azure/role-based-access-control/role-assignments-cli',
  ],
  needs: ['activity', 'estate'],
  judge: (scene) => {
    if (scene.changes === undefined) return silent;
    if (scene.allowed) return ruledOut(`${scene.failing.label} holds a sufficient grant today`);
    const removals = changesBefore(scene, ['assignment-removed', 'vault-policy-written'], hoursBefore).filter((change) =>
      concerns(change, scene),
    );
    const named = removals.find(
      (change) => change.details['principalId']?.toLowerCase() === scene.failing.principalId && scene.failing.principalId !== undefined,
    );
    const removal = named ?? removals.find((change) => change.details['principalId'] === undefined);
    if (removal === undefined)
      return scene.refused ? ruledOut(`no assignment that reaches the target was removed in the ${hoursBefore} hours before`) : silent;
    return {
      kind: 'fits',
      confidence: named ? 'certain' : 'likely',
      weight: 89,
      why: `${removal.caller || 'Somebody'} removed ${removal.kind === 'assignment-removed' ? 'a role assignment' : 'an access policy'}${named ? ` of ${scene.failing.label}` : ''} on ${removal.details['scope'] ?? scopeOf(removal.resourceId)} at ${removal.at}; the first refusal came at ${scene.burst.firstAt}.`,
      evidence: [
        refusal(scene),
        { label: 'removed', value: removal.resourceId, source: 'activity' },
        {
          label: 'by',
          value: `${removal.caller}${removal.callerObjectId ? ` (${removal.callerObjectId})` : ''} at ${removal.at}, correlation ${removal.correlationId}`,
          source: 'activity',
        },
      ],
      fix: [...restore(removal, scene), { text: `Ask ${removal.caller || 'who removed it'} why it was removed before it happens again.` }],
      check: [scene.targetId && az.command('monitor activity-log list', { 'resource-id': removal.resourceId, 'start-time': removal.at })],
    };
  },
};

function concerns(change: Change, scene: Scene): boolean {
  if (change.kind === 'vault-policy-written') return reaches(scene, change.resourceId.replace(/\/accessPolicies\/.*$/i, ''));
  const principal = change.details['principalId']?.toLowerCase();
  if (
    principal !== undefined &&
    principal !== scene.failing.principalId &&
    !scene.access.grantsOf(scene.failing.principalId ?? ('' as never)).some((grant) => grant.groups.some((group) => group === principal))
  )
    return false;
  return reaches(scene, change.details['scope'] ?? scopeOf(change.resourceId));
}

/** The removed role where the log (or our own memory) knows it; else the least role for the calls. */
function restore(removal: Change, scene: Scene): readonly CauseFix[] {
  const { principalId } = scene.failing;
  const role = removal.details['roleDefinitionId'];
  if (removal.kind === 'assignment-removed' && role !== undefined && principalId !== undefined) {
    const scopeId = removal.details['scope'] ?? scopeOf(removal.resourceId);
    const id = role.slice(role.lastIndexOf('/') + 1).toLowerCase();
    const name = [...scene.estate.roles.values()].find((one) => one.id === id)?.name ?? `role ${id}`;
    return [
      az.step(
        `Restore the assignment: ${name} for ${scene.failing.label} on ${scopeId}.`,
        az.createAssignment({ principalId, roleId: id, scopeId }),
      ),
    ];
  }
  return grantLeast(scene);
}

const scopeOf = (assignmentId: string): string => assignmentId.split(/\/providers\/microsoft\.authorization\/roleassignments\//i)[0] || '/';

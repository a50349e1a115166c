import * as az from '../../remedy/az.ts';
import type { NearMiss } from '../../access/index.ts';
import { ruledOut, silent, type Cause, type CauseConfidence, type CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { checkGrants, confidenceIn, grantLeast, neededEvidence, refusal, typeOf } from './steps.ts';

export const roleAtWrongScope: Cause = {
  id: 'role-at-wrong-scope',
  title: 'The right role, on another resource',
  explain: `The identity holds a role that allows the call, but on a sibling: another account, another vault, another resource group or subscription. Often a template with the wrong parameter, or a workload that was
moved to a new resource.

**Recognise it** by the evaluator: the needed permission is there, its scope is not the target's.

**Fix it** by granting the same role on the exact resource, and by taking the other one away if nobody uses it. Do not lift the old grant to the level above both.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/scope-overview',
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices',
  ],
  needs: ['estate'],
  judge: (scene) => {
    if (scene.allowed) return silent;
    const refused = scene.needed.filter((one) => one.answer !== undefined && one.answer.verdict !== 'allowed');
    const misses = refused.flatMap((one) => one.answer?.nearMisses ?? []).filter((near) => near.kind === 'wrong-scope');
    const [near] = misses.filter((miss) => miss.where !== 'above-unknown');
    if (near === undefined) return scene.refused ? ruledOut('the needed role is held on no other scope') : silent;
    const { label } = scene.failing;
    // Without the name of the queue or container in the log, the call may have been for the part that is granted.
    const open = near.where === 'below' && scene.burst.denials.every((denial) => denial.object === '');
    const covers = refused.every((one) => one.answer?.nearMisses.some((miss) => miss.kind === 'wrong-scope'));
    return {
      kind: 'fits',
      confidence: open || !covers ? weaker(confidenceIn(scene)) : confidenceIn(scene),
      weight: 75,
      why: `${label} holds ${near.role.name} on ${near.assignment.scopeId}${near.where === 'below' ? ', which is only a part of' : ', not on'} ${scene.targetId ?? 'the target'}.`,
      evidence: [
        refusal(scene),
        ...neededEvidence(scene),
        ...misses.slice(0, 3).map((miss) => ({
          label: 'role elsewhere',
          value: `${miss.role.name} on ${miss.assignment.scopeId} (${miss.assignment.id})`,
          source: 'resource-graph' as const,
        })),
      ],
      fix: [...sameRoleHere(scene, near), { text: `If nobody uses it, take the one on ${near.assignment.scopeId} away.` }],
      check: checkGrants(scene),
    };
  },
};

/** The role that is held elsewhere, where it is as narrow as the least one or nothing is known to be least; never a role over everything. */
function sameRoleHere(scene: Scene, { assignment, role }: Extract<NearMiss, { kind: 'wrong-scope' }>): readonly CauseFix[] {
  const { principalId, label } = scene.failing;
  const [only, ...others] = scene.proposals;
  const power = scene.access.powerOf(assignment.roleId);
  const narrow = power !== undefined && !power.everything && power.escalation.length === 0 && power.broadWrite.length === 0;
  const same =
    only !== undefined && others.length === 0 && (only.roles.length === 0 ? narrow : only.roles.some(({ id }) => id === assignment.roleId));
  if (!same || only.roles.length > 1 || principalId === undefined) return grantLeast(scene);
  return [
    az.step(
      `Grant ${role.name} to ${label} on exactly this resource.`,
      az.createAssignment({ principalId, principalType: typeOf(scene, principalId), roleId: assignment.roleId, scopeId: only.target.id }),
    ),
  ];
}

const weaker = (confidence: CauseConfidence): CauseConfidence => (confidence === 'certain' ? 'likely' : 'possible');

import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { checkGrants, grantLeast, neededEvidence, refusal } from './steps.ts';

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
    const misses = scene.needed.flatMap((one) => one.answer?.nearMisses ?? []).filter((near) => near.kind === 'wrong-scope');
    const [near] = misses;
    if (near === undefined) return scene.refused ? ruledOut('the needed role is held on no other scope') : silent;
    const covers = scene.needed.every(
      (one) =>
        one.answer?.verdict === 'allowed' ||
        one.answer?.nearMisses.some((miss) => miss.kind === 'wrong-scope' && miss.assignment.roleId === near.assignment.roleId),
    );
    const { principalId, label } = scene.failing;
    const same = covers && principalId !== undefined && scene.targetId !== undefined;
    return {
      kind: 'fits',
      confidence: 'certain',
      weight: 75,
      why: `${label} holds ${near.role.name} on ${near.assignment.scopeId}, not on ${scene.targetId ?? 'the target'}.`,
      evidence: [
        refusal(scene),
        ...neededEvidence(scene),
        ...misses.slice(0, 3).map((miss) => ({
          label: 'role elsewhere',
          value: `${miss.role.name} on ${miss.assignment.scopeId} (${miss.assignment.id})`,
          source: 'resource-graph' as const,
        })),
      ],
      fix: [
        ...(same
          ? scene.proposed.some((role) => role.id === near.assignment.roleId) || scene.proposed.length === 0
            ? [
                az.step(
                  `Grant ${near.role.name} to ${label} on exactly this resource.`,
                  az.createAssignment({ principalId, roleId: near.assignment.roleId, scopeId: scene.targetId! }),
                ),
              ]
            : grantLeast(scene)
          : grantLeast(scene)),
        { text: `If nobody uses it, take the one on ${near.assignment.scopeId} away.` },
      ],
      check: checkGrants(scene),
    };
  },
};

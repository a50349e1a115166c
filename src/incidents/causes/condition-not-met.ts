import * as az from '../../remedy/az.ts';
import { silent, type Cause } from '../cause.ts';
import { confidenceIn, refusal, shorten } from './steps.ts';

export const conditionNotMet: Cause = {
  id: 'condition-not-met',
  title: 'The only grant carries a condition that excludes this call',
  explain: `The identity holds the right role on the right scope, but the assignment carries an ABAC condition (a container name, a path, a blob tag, a list of roles it may assign), and this call does not meet it.

**Recognise it** by the evaluator: the only path is conditioned. It starts when a condition was added to an old assignment, or when the workload began to use another container.

**Fix it** by adjusting the condition, or the call. Do not drop the condition: it is the narrowing that somebody wanted.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/conditions-overview',
    'https://learn.microsoft.com/azure/storage/blobs/storage-auth-abac',
  ],
  needs: ['estate'],
  judge: (scene) => {
    const refused = scene.needed.filter((one) => one.answer !== undefined && one.answer.verdict !== 'allowed');
    const misses = refused.flatMap((one) => one.answer?.nearMisses ?? []).filter((near) => near.kind === 'condition');
    const paths = refused
      .filter((one) => one.answer?.verdict === 'conditioned')
      .flatMap((one) => one.answer?.paths ?? [])
      .filter((path) => path.kind === 'role');
    const assignment =
      misses[0]?.assignment ?? paths.find(({ condition }) => condition.kind !== 'none' && condition.kind !== 'not-applicable')?.assignment;
    const said = /abac condition/.test(scene.words);
    if (assignment === undefined) return silent;
    // An understood condition that always refuses is proof; one on attributes of the call is not, unless the refusal says so itself.
    const proven = (misses.length > 0 && paths.length === 0) || said;
    return {
      kind: 'fits',
      confidence: proven ? confidenceIn(scene) : 'likely',
      weight: 80,
      why: `The only grant of ${scene.failing.label} that allows the call carries a condition.`,
      evidence: [
        refusal(scene),
        { label: 'assignment', value: assignment.id, source: 'resource-graph' },
        { label: 'condition', value: shorten(assignment.condition ?? '', 600), source: 'resource-graph' },
      ],
      fix: [
        az.step(
          'Compare the condition with the call, and adjust the one that is wrong.',
          az.command('role assignment list', { scope: assignment.scopeId, assignee: assignment.principalId }),
        ),
      ],
      check: [az.command('role assignment list', { scope: assignment.scopeId, assignee: assignment.principalId })],
    };
  },
};

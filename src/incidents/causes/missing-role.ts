import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { checkGrants, grantLeast, neededEvidence, refusal } from './steps.ts';
import { policyPermissions } from './vault-permissions.ts';

const says =
  /authorizationpermissionmismatch|forbiddenbyrbac|assignment: \(not found\)|authorizationfailed|linkedauthorizationfailed|does not have authorization|does not have (?:secrets|keys|certificates) \w+ permission|insufficient (?:access|privileges|permissions)|(?:listen|send|manage).{0,20}claim|unauthorized access|authorization_requestdenied|denied: requested access|caller is not authorized/;

export const missingRole: Cause = {
  id: 'missing-role',
  title: 'No role allows the call',
  explain: `The identity is there, it is the right one, its token is fine; it simply holds nothing that allows the call on this target.

**Recognise it** by the evaluator finding no path, and by nothing more specific fitting better: no removed grant, no sibling that holds the role, no management role mistaken for a data role.

**Fix it** with the least-privileged built-in role for the operations that were seen, on exactly this resource. A Contributor on the subscription would clear the 403 as well, and stand for years.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/best-practices',
    'https://learn.microsoft.com/azure/role-based-access-control/built-in-roles',
  ],
  needs: ['estate'],
  judge: (scene) => {
    if (scene.allowed) return ruledOut(`${scene.failing.label} holds a grant that allows every refused operation`);
    const unknown = scene.needed.some((one) => one.answer?.verdict === 'unknown');
    const blind = scene.estate.gaps.some((gap) => gap.slice === 'roleAssignments' && gap.harmless !== true);
    if (!scene.refused && !says.test(scene.text)) return silent;
    return {
      kind: 'fits',
      confidence:
        scene.refused && !unknown && !blind
          ? 'certain'
          : says.test(scene.text) && scene.failing.principalId !== undefined
            ? 'likely'
            : 'possible',
      weight: 40,
      why: `${scene.failing.label} holds no ${scene.vault && !scene.vault.rbac ? 'access policy' : 'role'} that allows the call on ${scene.targetId ?? scene.burst.denials[0]?.target ?? 'the target'}.`,
      evidence: [refusal(scene), ...neededEvidence(scene)],
      fix: fixes(scene),
      check: checkGrants(scene),
    };
  },
};

function fixes(scene: Scene): ReturnType<typeof grantLeast> {
  const { vault } = scene;
  const { principalId, label } = scene.failing;
  if (vault === undefined || vault.rbac || principalId === undefined) return grantLeast(scene);
  return [
    az.step(
      `${vault.name} decides by access policies: add an entry for ${label} with just the permissions that were refused.`,
      az.setVaultPolicy(vault.id, principalId, policyPermissions(scene.needed.map((one) => one.action))),
    ),
  ];
}

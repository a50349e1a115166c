import { ruledOut, silent, type Cause, type CauseConfidence } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { hsmName, leastFix } from './least-fix.ts';
import { removedGrants } from './removed-grant.ts';
import { candidatesEvidence, checkGrants, confidenceIn, neededEvidence, refusal, by401, heldNear } from './steps.ts';

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
  lastResort: true,
  judge: (scene) => {
    if (scene.allowed) return ruledOut(`${scene.failing.label} holds a grant that allows every refused operation`);
    // Microsoft Graph's log has the status alone, and gives 403 for nothing but a missing permission.
    const told =
      says.test(scene.words) ||
      ((scene.burst.service === 'graph' || hsmName(scene) !== undefined) &&
        scene.burst.denials.every((denial) => denial.statusCode === 403));
    if (!scene.refused && !told) return silent;
    if (!scene.refused && scene.needed.some((one) => one.answer?.verdict === 'denied')) return silent;
    const { failing } = scene;
    const [held] = heldNear(scene);
    const lesser = scene.needed.flatMap((one) => one.answer?.nearMisses ?? []).find((near) => near.kind === 'insufficient-role');
    const what = scene.vault && !scene.vault.rbac ? 'access policy' : scene.refusedBy === 'graph' ? 'application permission' : 'role';
    return {
      kind: 'fits',
      confidence: confidenceOf(scene, told),
      weight: 40,
      why: held
        ? `${failing.label} was refused for want of a permission; it holds ${held.role?.name ?? held.assignment.roleId} on ${held.assignment.scopeId}, and the log does not say for which operation that was not enough.`
        : `${failing.label} holds no ${what} that allows the call on ${scene.targetId ?? scene.burst.denials[0]?.target ?? 'the target'}${lesser ? `; ${lesser.role.name}, which it holds on ${lesser.assignment.scopeId}, does not include this operation` : ''}.`,
      evidence: [
        refusal(scene),
        ...neededEvidence(scene),
        ...(lesser
          ? [{ label: 'lesser role', value: `${lesser.role.name} (${lesser.assignment.id})`, source: 'resource-graph' as const }]
          : []),
        ...candidatesEvidence(scene),
      ],
      fix: leastFix(scene),
      check: checkGrants(scene),
    };
  },
};

/**
 * "Holds nothing" is certain only if nothing was unreadable that could tell another story: a removed grant, a deleted forerunner, a network rule
 * that storage words like a missing role, a 401 that is about the token.
 */
function confidenceOf(scene: Scene, told: boolean): CauseConfidence {
  if (!scene.refused) return scene.failing.principalId !== undefined && heldNear(scene).length === 0 ? 'likely' : 'possible';
  const { service, denials } = scene.burst;
  const aboutToken = !by401.has(service) && denials.every((denial) => denial.statusCode === 401);
  if (aboutToken && !told) return 'possible';
  const open =
    aboutToken ||
    scene.estate.directory.canary !== 'visible' ||
    removedGrants(scene).length > 0 ||
    (service === 'storage' && /authorizationfailure\b/.test(scene.words));
  const confidence = confidenceIn(scene);
  return open && confidence === 'certain' ? 'likely' : confidence;
}

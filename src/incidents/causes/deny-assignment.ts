import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { refusal } from './steps.ts';

/**
 * "… has permission to perform action … however, the access is denied because of the deny assignment with name 'x' and Id 'y'". Key Vault mentions
 * deny assignments in every refusal ("if role assignments, deny assignments or role definitions were changed recently"), which says nothing.
 */
const saysDenied =
  /denied (?:because of|by|due to) (?:the |an? )?deny assignment|deny ?assignment ?id['"]?\s*[:=]\s*['"(/]*[0-9a-z/-]*[0-9a-f]{8}-?[0-9a-f]{4}/;

export const denyAssignment: Cause = {
  id: 'deny-assignment',
  title: 'A deny assignment stands in the way',
  explain: `The identity holds a sufficient role, and a deny assignment takes the permission away again. Deny assignments are made by Azure, not by hand: by managed applications, by deployment stacks with deny
settings, by Azure Blueprints. They win over every role, Owner included.

**Recognise it** by the deny assignment id in the log, or by the evaluator: there is a path, and there is a deny.

**Fix it** with the owner of the deny: the publisher of the managed application, or the deployment stack (add the identity to its excluded principals). Another role changes nothing.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/deny-assignments',
    'https://learn.microsoft.com/azure/azure-resource-manager/bicep/deployment-stacks',
  ],
  needs: ['estate', 'deny-assignments'],
  judge: (scene) => {
    const denied = scene.needed.filter((one) => one.answer?.verdict === 'denied');
    // A deny with a condition of its own, or one whose reach is not clear, makes the answer "conditioned".
    const perhaps = scene.needed.filter((one) => one.answer?.verdict === 'conditioned');
    const denies = [...denied, ...perhaps].flatMap((one) => one.answer?.denies ?? []);
    const logged = scene.burst.denials
      .map((denial) => denial.denyAssignmentId)
      .find((id) => id !== undefined && !/^\W*(?:null|none)?\W*$/i.test(id));
    const said = saysDenied.test(scene.text);
    if (denies.length === 0 && logged === undefined && !said) {
      return scene.denyAssignmentsRead && scene.allowed ? ruledOut('no deny assignment applies to the call') : silent;
    }
    const [deny] = denies;
    return {
      kind: 'fits',
      confidence:
        denied.length > 0 || logged !== undefined || /because of (?:the |a )?deny assignment/.test(scene.words) ? 'certain' : 'likely',
      weight: 94,
      why: `${scene.failing.label} is denied, whatever roles it holds, by ${deny ? `deny assignment ${deny.name}` : `deny assignment ${logged ?? 'that the refusal names'}`}.`,
      evidence: [
        refusal(scene),
        ...(deny
          ? [{ label: 'deny assignment', value: deny.id, source: 'arm' as const }]
          : logged
            ? [{ label: 'deny assignment', value: logged, source: 'logs' as const }]
            : []),
      ],
      fix: [
        az.step(
          'Ask the owner of the deny assignment (managed application or deployment stack) to exclude this identity.',
          scene.targetId &&
            az.command('rest', {
              method: 'get',
              url: `${scene.targetId}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`,
            }),
        ),
      ],
      check: [
        scene.targetId &&
          az.command('rest', {
            method: 'get',
            url: `${scene.targetId}/providers/Microsoft.Authorization/denyAssignments?api-version=2022-04-01`,
          }),
      ],
    };
  },
};

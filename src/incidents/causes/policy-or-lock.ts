import * as az from '../../remedy/az.ts';
import { silent, type Cause } from '../cause.ts';
import { refusal } from './steps.ts';

const policy = /requestdisallowedbypolicy|disallowed by policy/;
const lock = /scopelocked|cannot perform (?:write|delete) operation because following scope/;

export const policyOrLock: Cause = {
  id: 'policy-or-lock',
  title: 'Azure Policy or a resource lock said no',
  explain: `The answer is 403 or 409, but no role is missing: an Azure Policy assignment with effect deny, or a lock, refused the write for everybody.
Granting a broader role changes nothing, since Owner is refused as well.

**Recognise it** by the error code: \`RequestDisallowedByPolicy\` names the policy assignment, \`ScopeLocked\` names the locked scope.

**Fix it** by making the request comply, by an exemption from the owner of the policy, or by taking the lock off for the time of the change.`,
  references: [
    'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy',
    'https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources',
  ],
  needs: ['logs'],
  judge: (scene) => {
    const isPolicy = policy.test(scene.words);
    if (!isPolicy && !lock.test(scene.words)) return silent;
    const sample = scene.burst.denials.find(({ sample: one }) => /polic|lock/i.test(one))?.sample ?? '';
    const locked = /following scope(?:\(s\))? (?:is|are) locked:\s*'?([^'"\s,]+)/i.exec(sample)?.[1] ?? scene.targetId;
    const id = /\/[^\s"'\\]*providers\/microsoft\.authorization\/policyassignments\/[^\s"'\\,}]+/i.exec(sample)?.[0];
    return {
      kind: 'fits',
      confidence: 'certain',
      weight: 95,
      why: isPolicy
        ? `Azure Policy refused the request${id ? ` (${id})` : ''}; this is not a question of roles.`
        : 'A resource lock refused the change; this is not a question of roles.',
      evidence: [refusal(scene)],
      fix: isPolicy
        ? [
            az.step(
              'Make the request comply with the policy assignment, or ask its owner for an exemption.',
              id &&
                az.command('policy assignment show', {
                  name: id.slice(id.lastIndexOf('/') + 1),
                  scope: id.split(/\/providers\/microsoft\.authorization\//i)[0] || '/',
                }),
            ),
          ]
        : [az.step('Find the lock and its owner; take it off only for the time of the change.', locked && az.listLocks(locked))],
      check: [locked && az.listLocks(locked)],
    };
  },
};

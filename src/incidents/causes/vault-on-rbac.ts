import { moment } from '../../estate/index.ts';
import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { changesBefore } from '../scene.ts';
import { grantLeast, refusal } from './steps.ts';

export const vaultOnRbac: Cause = {
  id: 'vault-on-rbac',
  title: 'The vault decides by roles, the identity holds a policy entry',
  explain: `A vault decides either by Azure roles or by its own access policies, never by both. The day a vault moves to roles, every policy entry stops working at once, for everybody who lives by one.

**Recognise it** by "Assignment: (not found)" in the vault's log while an access policy for the identity is in place. It starts with a flip of \`enableRbacAuthorization\`, often by a template: roles are the
default with API version 2026-02-01, and older versions end on 2027-02-27.

**Fix it** by granting the equivalent data role. Flipping the vault back also ends the outage, and starts the next one.`,
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-migration',
    'https://learn.microsoft.com/azure/key-vault/general/access-control-default',
  ],
  needs: ['estate'],
  judge: (scene) => {
    const { vault } = scene;
    if (vault === undefined) return silent;
    if (!vault.rbac) return ruledOut(`${vault.name} decides by access policies`);
    const near = scene.needed.some((one) => one.answer?.nearMisses.some((miss) => miss.kind === 'vault-uses-rbac'));
    const policy = vault.policies.find((one) => one.objectId === scene.failing.principalId);
    if (scene.allowed || !(near || (policy !== undefined && scene.needed.length === 0))) return silent;
    const flip = changesBefore(scene, ['vault-written'], 24).at(0);
    return {
      kind: 'fits',
      confidence: !near || scene.failing.attribution === 'inferred' ? 'likely' : 'certain',
      weight: 93,
      why: `${scene.failing.label} has an access policy on ${vault.name}, and the vault does not look at policies: it decides by roles${flip ? ` since ${moment(flip.at)}` : ''}.`,
      evidence: [
        refusal(scene),
        { label: 'vault mode', value: 'roles (enableRbacAuthorization is true)', source: 'resource-graph' },
        ...(flip ? [{ label: 'vault changed', value: `by ${flip.caller} at ${flip.at}`, source: 'activity' as const }] : []),
      ],
      fix: grantLeast(scene),
      check: [
        az.showResource(vault.id),
        scene.targetId && az.command('role assignment list', { scope: scene.targetId, 'include-inherited': true }),
      ],
    };
  },
};

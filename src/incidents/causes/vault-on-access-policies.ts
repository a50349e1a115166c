import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import { changesBefore, type Scene } from '../scene.ts';
import { refusal } from './steps.ts';
import { leastFix } from './least-fix.ts';

export const vaultOnAccessPolicies: Cause = {
  id: 'vault-on-access-policies',
  title: 'The vault decides by access policies, the identity holds a role',
  explain: `A vault decides either by Azure roles or by its own access policies, never by both. On a vault in access-policy mode a data role such as Key Vault Secrets User is visible in the portal and does nothing.

**Recognise it** by "does not have secrets get permission on key vault", and by a data role that is in place. It starts when a vault is created by an old template (policies were the default before
API version 2026-02-01), or flipped back.

**Fix it** by moving the vault to roles (check first who lives by its policies), or by a policy entry with just the permissions that were refused.`,
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-migration',
    'https://learn.microsoft.com/azure/key-vault/general/assign-access-policy',
  ],
  needs: ['estate'],
  judge: (scene) => {
    const { vault } = scene;
    if (vault === undefined) return unreadVault(scene);
    if (vault.rbac) return ruledOut(`${vault.name} decides by roles`);
    const roles = scene.needed.flatMap((one) => one.answer?.nearMisses ?? []).filter((near) => near.kind === 'vault-uses-policies');
    const [role] = roles;
    if (role === undefined || scene.allowed) return silent;
    const flip = changesBefore(scene, ['vault-written'], 24).at(0);
    return {
      kind: 'fits',
      confidence: scene.failing.attribution === 'inferred' ? 'likely' : 'certain',
      weight: 93,
      why: `${scene.failing.label} holds ${role.role.name} on ${role.assignment.scopeId}, and ${vault.name} does not look at roles: it is in access-policy mode.`,
      evidence: [
        refusal(scene),
        { label: 'vault mode', value: 'access policies (enableRbacAuthorization is false)', source: 'resource-graph' },
        { label: 'role without effect', value: role.assignment.id, source: 'resource-graph' },
        ...(flip ? [{ label: 'vault changed', value: `by ${flip.caller} at ${flip.at}`, source: 'activity' as const }] : []),
      ],
      fix: fixes(scene),
      check: [scene.targetId && az.showResource(vault.id)],
    };
  },
};

/** The vault could not be read; its own words tell its mode, and a role that opens it is there. */
function unreadVault(scene: Scene): ReturnType<Cause['judge']> {
  const path = scene.needed.flatMap((one) => one.answer?.paths ?? []).find((one) => one.kind === 'role');
  if (scene.burst.service !== 'key-vault' || path === undefined || !/does not have \w+ \w+ permission/.test(scene.words)) return silent;
  return {
    kind: 'fits',
    confidence: 'likely',
    weight: 93,
    why: `${scene.failing.label} holds ${path.role.name} on ${path.assignment.scopeId}, and the vault answers in the words of one that decides by access policies. The vault itself could not be read.`,
    evidence: [refusal(scene), { label: 'role without effect', value: path.assignment.id, source: 'resource-graph' }],
    fix: [{ text: 'Look at the permission model of the vault first; then add a policy entry, or move the vault to roles.' }],
    check: [scene.targetId && az.showResource(scene.targetId)],
  };
}

function fixes(scene: Scene): readonly CauseFix[] {
  const vault = scene.vault!;
  const principalId = scene.failing.principalId ?? '';
  const others = vault.policies.filter((policy) => policy.objectId !== principalId).length;
  return [
    ...leastFix(scene),
    az.step(
      `Or move the vault to roles, which makes the role that is there work${others > 0 ? `; first give a role to the ${others} other ${others === 1 ? 'principal that lives' : 'principals that live'} by its policies` : ''}.`,
      az.useVaultRoles(vault.id),
    ),
  ];
}

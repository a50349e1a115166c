import type { Vault, VaultPolicy } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { grantStep } from './grant-step.ts';
import { nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { lackingRoles } from './vault-access.ts';
import { describePermissions } from './vault-roles.ts';
import type { Violation } from './violation.ts';

export const vaultPolicyWithoutEffect: Rule = {
  id: 'vault-policy-without-effect',
  title: 'Access policy on a vault that uses roles',
  why: [
    'A key vault in role mode ignores its access policies. The entry looks like access and is none: the identity is refused unless it also holds a data role. And whoever may switch the vault back to access policies',
    '(every Contributor) makes all of them count again at once.',
  ].join('\n'),
  fix: 'Give the identity the data role that replaces the entry, if it lacks it; then delete the entry.',
  severity: 'low',
  confidence: 'certain',
  needs: {
    vaults: 'each',
    roleAssignments: 'hint',
    roleDefinitions: 'hint',
    groupMembers: 'hint',
    identities: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['MCSB PA-7', 'NIST 800-53 r5 AC-3'],
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide',
    'https://learn.microsoft.com/azure/key-vault/general/rbac-migration',
  ],
  *judge(input) {
    for (const vault of input.estate.vaults) {
      if (!vault.rbac) continue;
      for (const policy of vault.policies) {
        if (ofConcern(principalRef(input, policy.objectId), input.settings)) yield violation(input, vault, policy);
      }
    }
  },
};

function violation(input: RuleInput, vault: Vault, policy: VaultPolicy): Violation {
  const principal = principalRef(input, policy.objectId);
  const lacking = lackingRoles(input, vault, policy);
  const roles = lacking.roles.map((role) => role.name).join(' and ');
  return {
    rule: vaultPolicyWithoutEffect.id,
    subject: vault.id,
    aspect: `${policy.objectId}${policy.applicationId ? `/${policy.applicationId.toLowerCase()}` : ''}`,
    severity: lacking.roles.length > 0 && lacking.sure ? 'medium' : 'low',
    confidence: 'certain',
    principal,
    scope: vault.id,
    title: `The access policy of ${principal.name || principal.id} on ${vault.name} does nothing: the vault uses roles`,
    message: [
      `${vault.name} decides by roles, so the entry for ${nameOf(principal)} (${describePermissions(policy)}) is ignored.`,
      lacking.roles.length === 0
        ? 'The identity holds the roles that replace it.'
        : lacking.sure
          ? `The identity does not hold ${roles}, so what the entry was meant to allow is refused.`
          : `Whether the identity holds ${roles} could not be seen in full.`,
    ].join(' '),
    evidence: [
      { label: 'permission model', value: 'roles (enableRbacAuthorization is true)', source: 'resource-graph' },
      { label: 'entry', value: describePermissions(policy), source: 'resource-graph' },
      { label: 'roles it lacks', value: roles === '' ? 'none' : roles, source: 'resource-graph' },
    ],
    fix: [
      ...lacking.roles.map((role) =>
        grantStep(`If it needs that access, grant ${role.name} on the vault.`, {
          principalId: policy.objectId,
          roleId: role.id,
          scopeId: vault.id,
        }),
      ),
      az.step('Then delete the entry.', az.deleteVaultPolicy(vault.id, policy.objectId, policy.applicationId)),
    ],
    related: [policy.objectId],
  };
}

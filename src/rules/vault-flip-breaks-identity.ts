import type { Vault, VaultPolicy } from '../estate/index.ts';
import { grantStep } from './grant-step.ts';
import { nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { lackingRoles } from './vault-access.ts';
import { describePermissions } from './vault-roles.ts';
import type { Violation } from './violation.ts';

export const vaultFlipBreaksIdentity: Rule = {
  id: 'vault-flip-breaks-identity',
  title: 'Identity that loses access when the vault moves to roles',
  why: [
    'Roles are the default for key vaults since API version 2026-02-01, and the versions before it end on 2027-02-27: a template that is brought up to date and says nothing about the permission model moves the',
    'vault to roles. From that moment access policies are ignored, and this identity, which lives by one, is refused.',
  ].join('\n'),
  fix: 'Grant the role that replaces the entry now. It does nothing while the vault uses access policies and takes over in the moment of the move.',
  severity: 'low',
  confidence: 'likely',
  needs: {
    vaults: 'each',
    roleAssignments: 'local',
    roleDefinitions: 'anywhere',
    groupMembers: 'hint',
    identities: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['MCSB PA-7', 'NIST 800-53 r5 AC-3'],
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-migration',
    'https://learn.microsoft.com/azure/key-vault/general/access-control-default',
  ],
  *judge(input) {
    for (const vault of input.estate.vaults) {
      if (vault.rbac) continue;
      for (const policy of vault.policies) {
        if (!ofConcern(principalRef(input, policy.objectId), input.settings)) continue;
        const lacking = lackingRoles(input, vault, policy);
        if (lacking.roles.length > 0) yield violation(input, vault, policy, lacking);
      }
    }
  },
};

function violation(input: RuleInput, vault: Vault, policy: VaultPolicy, { roles, sure }: ReturnType<typeof lackingRoles>): Violation {
  const principal = principalRef(input, policy.objectId);
  const names = roles.map((role) => role.name).join(' and ');
  return {
    rule: vaultFlipBreaksIdentity.id,
    subject: vault.id,
    aspect: `${policy.objectId}${policy.applicationId ? `/${policy.applicationId.toLowerCase()}` : ''}`,
    severity: 'low',
    confidence: sure ? 'likely' : 'possible',
    principal,
    scope: vault.id,
    title: `${principal.name || principal.id} loses access to ${vault.name} when the vault moves to roles`,
    message: `${nameOf(principal)} reaches ${vault.name} by an access policy (${describePermissions(policy)}) and does not hold ${names}. Roles are the default since API version 2026-02-01; older versions end on 2027-02-27.${sure ? '' : ' Group memberships or role definitions could not all be read: it may hold them after all.'}`,
    evidence: [
      { label: 'permission model', value: 'access policies', source: 'resource-graph' },
      { label: 'entry', value: describePermissions(policy), source: 'resource-graph' },
      { label: 'role that replaces it', value: names, source: 'resource-graph' },
    ],
    fix: roles.map((role) =>
      grantStep(`Grant ${role.name} on the vault now: it waits for the move.`, {
        principalId: policy.objectId,
        roleId: role.id,
        scopeId: vault.id,
      }),
    ),
    related: [policy.objectId],
  };
}

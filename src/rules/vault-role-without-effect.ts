import { resourceKey, type Assignment, type ResourceKey, type RoleDefinition, type Vault } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { nameOf, ofConcern, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import type { Violation } from './violation.ts';

export const vaultRoleWithoutEffect: Rule = {
  id: 'vault-role-without-effect',
  title: 'Data role on a vault that uses access policies',
  why: [
    'A key vault decides by roles or by access policies, never by both. On a vault in access-policy mode a data role such as Key Vault Secrets User does nothing: the identity gets 403 with a role that looks right. The',
    'day the vault moves to roles (the default since API 2026-02-01) the grant wakes up, whether somebody still means it or not.',
  ].join('\n'),
  fix: 'Move the vault to roles after checking every policy on it (`vault-flip-breaks-identity`), or give the identity an access policy and delete the role.',
  severity: 'medium',
  confidence: 'certain',
  needs: {
    vaults: 'each',
    roleAssignments: 'each',
    roleDefinitions: 'each',
    identities: 'hint',
    principals: 'hint',
    deletedPrincipals: 'hint',
  },
  controls: ['MCSB PA-7', 'NIST 800-53 r5 AC-3'],
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/rbac-guide',
    'https://learn.microsoft.com/azure/key-vault/general/rbac-migration',
    'https://github.com/SpecterOps/bloodhound-docs/pull/408',
  ],
  *judge(input) {
    const onPolicies = new Map(input.estate.vaults.filter(({ rbac }) => !rbac).map((vault) => [vault.key, vault]));
    if (onPolicies.size === 0) return;
    for (const [id, assignments] of input.access.assignments.byRole) {
      const role = input.access.roleOf(id);
      if (role === undefined || !hasVaultDataAction(role)) continue;
      for (const assignment of assignments) {
        const key = vaultKey(assignment.scope);
        const vault = key && onPolicies.get(key);
        if (vault) yield* violation(input, assignment, role, vault);
      }
    }
  },
};

/** The vault that a scope is or lies in (a single secret, say). */
function vaultKey(scope: ResourceKey): ResourceKey | undefined {
  const mark = '/providers/microsoft.keyvault/vaults/';
  const at = scope.indexOf(mark);
  if (at < 0) return undefined;
  const end = scope.indexOf('/', at + mark.length);
  return end < 0 ? scope : resourceKey(scope.slice(0, end));
}

const hasVaultDataAction = (role: RoleDefinition): boolean =>
  role.blocks.some((block) => block.dataActions.some((action) => /^(?:\*|microsoft\.(?:\*|keyvault\/))/i.test(action)));

function* violation(input: RuleInput, assignment: Assignment, role: RoleDefinition, vault: Vault): Iterable<Violation> {
  const principal = principalRef(input, assignment.principalId);
  if (!ofConcern(principal, input.settings)) return;
  const policies = vault.policies.filter((policy) => policy.objectId === assignment.principalId);
  yield {
    rule: vaultRoleWithoutEffect.id,
    subject: assignment.id,
    severity: policies.length > 0 ? 'low' : 'medium',
    confidence: 'certain',
    principal,
    role: { id: role.id, name: role.name },
    scope: assignment.scopeId,
    title: `${role.name} does nothing on ${vault.name}, which uses access policies`,
    message: [
      `${nameOf(principal)} holds ${role.name} at ${assignment.scopeId}, and the vault decides by access policies.`,
      policies.length > 0
        ? 'It works there through an access policy; the role waits for the day the vault moves to roles.'
        : 'It has no access policy there, so its calls for data are refused.',
    ].join(' '),
    evidence: [
      { label: 'permission model', value: 'access policies (enableRbacAuthorization is not true)', source: 'resource-graph' },
      { label: 'assignment', value: assignment.id, source: 'resource-graph' },
      { label: 'access policies of the principal', value: String(policies.length), source: 'resource-graph' },
    ],
    fix: [
      az.step(
        'Either move the vault to roles, after making sure that everybody with a policy has the role that replaces it.',
        az.useVaultRoles(vault.id),
      ),
      ...(policies.length > 0
        ? []
        : [
            az.step(
              'Or give the identity an access policy (adapt the permissions to what it reads).',
              az.setVaultPolicy(vault.id, assignment.principalId, permissionsLike(role)),
            ),
          ]),
      az.step('And delete the role if the vault stays on access policies.', az.deleteAssignment(assignment.id)),
    ],
    related: [vault.id, assignment.principalId],
  };
}

/** Reading what the role was about; nobody gets more than that from a printed line. */
function permissionsLike(role: RoleDefinition): az.VaultPermissions {
  const about = (kind: string): boolean =>
    role.blocks.some((block) => block.dataActions.some((action) => action.toLowerCase().includes(`/vaults/${kind}/`)));
  const [keys, certificates] = [about('keys'), about('certificates')];
  return {
    keys: keys ? ['get', 'list', 'wrapKey', 'unwrapKey'] : [],
    secrets: about('secrets') || (!keys && !certificates) ? ['get', 'list'] : [],
    certificates: certificates ? ['get', 'list'] : [],
  };
}

import { moment, type Vault, type VaultPolicy } from '../estate/index.ts';
import * as az from '../remedy/az.ts';
import { absenceTrouble, standingOfPrincipal } from './orphan-proof.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Rule, RuleInput } from './rule.ts';
import { successionsOf } from './successor.ts';
import { describePermissions } from './vault-roles.ts';
import type { Violation } from './violation.ts';

export const orphanedVaultPolicy: Rule = {
  id: 'orphaned-vault-policy',
  title: 'Access policy of a deleted principal',
  why: [
    'A key vault keeps the access-policy entry of a principal that was deleted. Entries are limited to 1,024 per vault and are carried over into every copy of the template. The proof is the one of',
    '`orphaned-assignment`; an entry carries no date, so the first sighting is `likely` and only history makes it `certain`.',
  ].join('\n'),
  fix: 'Make sure that nothing was re-created in its place, then delete the entry, and take it out of the template that deploys the vault.',
  severity: 'low',
  confidence: 'likely',
  needs: {
    vaults: 'each',
    principals: 'each',
    deletedPrincipals: 'each',
    assignmentConfirmations: 'hint',
    identities: 'hint',
    hosts: 'hint',
  },
  controls: ['CIS 6.0.0 5.3.7', 'MCSB PA-3', 'MCSB PA-4', 'NIST 800-53 r5 AC-2(3)'],
  references: [
    'https://learn.microsoft.com/azure/key-vault/general/assign-access-policy',
    'https://learn.microsoft.com/graph/api/directoryobject-getbyids',
  ],
  inconclusive: absenceTrouble,
  *judge(input) {
    for (const vault of input.estate.vaults) {
      if (input.estate.confirmations.get(vault.key) === 'gone') continue;
      for (const policy of vault.policies) {
        if (policy.tenantId !== '' && policy.tenantId.toLowerCase() !== input.estate.tenantId.toLowerCase()) continue;
        if (standingOfPrincipal(input, policy.objectId) === 'deleted') yield orphan(input, vault, policy);
      }
    }
  },
};

function orphan(input: RuleInput, vault: Vault, policy: VaultPolicy): Violation {
  const principal = principalRef(input, policy.objectId);
  const missingSince = input.memory.missingSince.get(policy.objectId);
  // In role mode nobody loses anything with the entry.
  const successor = vault.rbac ? undefined : successionsOf(input).get(policy.objectId);
  return {
    rule: orphanedVaultPolicy.id,
    subject: vault.id,
    aspect: `${policy.objectId}${policy.applicationId ? `/${policy.applicationId.toLowerCase()}` : ''}`,
    severity: 'low',
    confidence: missingSince === undefined ? 'likely' : 'certain',
    principal,
    proof: 'deleted',
    scope: vault.id,
    title: `${vault.name} has an access policy for a deleted principal`,
    message: [
      `${nameOf(principal)} no longer exists, and ${vault.name} still has an access policy for it: ${describePermissions(policy)}.`,
      missingSince === undefined ? 'This is the first audit that saw it missing.' : `It has been missing since ${moment(missingSince)}.`,
      ...(successor === undefined
        ? []
        : [
            `A live identity took its place (${successor.identity.name}, now ${successor.identity.principalId}): give it the permissions it lacks before this entry goes.`,
          ]),
      ...(vault.rbac ? ['The vault is in role mode, so the entry decides nothing.'] : []),
    ].join(' '),
    evidence: [
      { label: 'principal', value: `${policy.objectId}: absent from directoryObjects/getByIds`, source: 'graph' },
      { label: 'recycle bin', value: 'not among the deleted items of the directory', source: 'graph' },
      { label: 'canary', value: 'a principal known to exist was visible in the same run', source: 'graph' },
      { label: 'entry', value: describePermissions(policy), source: 'resource-graph' },
      ...(missingSince === undefined ? [] : [{ label: 'missing since', value: missingSince, source: 'graph' } as const]),
    ],
    fix: [
      ...(successor === undefined
        ? []
        : [{ text: 'First give the identity in its place the permissions it lacks: the finding recreated-identity has the command.' }]),
      az.step(
        'Delete the entry, and take it out of the template that deploys the vault.',
        az.deleteVaultPolicy(vault.id, policy.objectId, policy.applicationId),
      ),
    ],
    related: [policy.objectId, ...(successor === undefined ? [] : [successor.identity.principalId])],
  };
}

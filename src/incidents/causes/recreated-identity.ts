import * as az from '../../remedy/az.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import { formerOf } from './former-identity.ts';
import { minutesBetween, refusal } from './steps.ts';

export const recreatedIdentity: Cause = {
  id: 'recreated-identity',
  title: 'The identity was re-created and its grants were not',
  explain: `A managed identity that is deleted and created again, even under the same name, is a new principal with a new object id. Role assignments name object ids: the old ones stay behind as
orphans, the new principal holds nothing.

**Recognise it** by an orphaned assignment that would allow the refused call, on a resource whose identity was rebuilt: a redeployed virtual machine, a web app whose system-assigned identity was
switched off and on, a template that deleted the identity first. A token request for the old client id ends in AADSTS700016.

**Fix it** by granting the listed roles to the new principal, and only then deleting the orphans: they are the list of what was lost. Prefer a user-assigned identity where hosts come and go.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
  ],
  needs: ['estate', 'directory'],
  judge: (scene) => {
    if (scene.allowed) return ruledOut(`${scene.failing.label} holds a sufficient grant`);
    const former = formerOf(scene);
    if (former === undefined)
      return scene.estate.directory.canary === 'visible' && scene.refused
        ? ruledOut('no deleted principal left grants that belong to this identity')
        : silent;
    const { principalId, identity } = scene.failing;
    if (principalId === undefined || principalId === former.principalId) return silent;
    return {
      kind: 'fits',
      confidence: former.because === undefined ? 'possible' : 'certain',
      weight: 91,
      why: `${scene.failing.label} is a new principal. Its forerunner ${former.principalId} is gone and left ${former.grants.length} ${former.grants.length === 1 ? 'grant' : 'grants'} that the new one does not hold${former.because ? `: ${former.because}` : ''}.`,
      evidence: [
        refusal(scene),
        ...former.grants.slice(0, 10).map((grant) => ({
          label: 'orphaned grant',
          value: `${scene.estate.roles.get(grant.roleId)?.name ?? grant.roleId} on ${grant.scopeId} (${grant.id})`,
          source: 'resource-graph' as const,
        })),
        ...(identity && grantAge(scene.now, former.grants)
          ? [{ label: 'granted', value: grantAge(scene.now, former.grants), source: 'resource-graph' as const }]
          : []),
      ],
      fix: [
        ...former.grants.map((grant) =>
          az.step(
            `Grant ${scene.estate.roles.get(grant.roleId)?.name ?? `role ${grant.roleId}`} on ${grant.scopeId} to the new principal.`,
            az.createAssignment({ principalId, roleId: grant.roleId, scopeId: grant.scopeId, condition: grant.condition }),
          ),
        ),
        ...former.grants.map((grant) => az.step('Then, and not before, delete the orphan.', az.deleteAssignment(grant.id))),
      ],
      check: [az.command('role assignment list', { assignee: principalId, all: true }), az.command('ad sp show', { id: principalId })],
    };
  },
};

function grantAge(now: string, grants: readonly { readonly createdAt?: string | undefined }[]): string {
  const oldest = grants
    .map((grant) => grant.createdAt)
    .filter((at) => at !== undefined)
    .sort()[0];
  return oldest === undefined ? '' : `${Math.round(minutesBetween(oldest, now) / 1440)} days ago`;
}

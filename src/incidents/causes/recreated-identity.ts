import * as az from '../../remedy/az.ts';
import type { Assignment } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseConfidence, type CauseFix, type CauseVerdict } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { formerOf, rebornOf, type Former } from './former-identity.ts';
import { clientIdIn, minutesBetween, refusal } from './steps.ts';

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
    const { clientId, principalId: failing, by } = scene.attribution;
    const asked = by === 'named' ? (failing === undefined ? clientId : undefined) : clientIdIn(scene.text);
    const reborn = asked && formerClient(scene, asked);
    if (reborn) return reborn;
    if (scene.allowed) return ruledOut(`${scene.failing.label} holds a sufficient grant`);
    const former = formerOf(scene);
    if (former === undefined)
      return scene.estate.directory.canary === 'visible' && scene.refused
        ? ruledOut('no deleted principal left grants that belong to this identity')
        : silent;
    const { principalId } = former.identity;
    if (principalId === former.principalId) return silent;
    return {
      kind: 'fits',
      confidence: confidenceOf(former, scene),
      weight: 91,
      why: `${scene.failing.label} ${former.proven ? 'is a new principal. Its forerunner' : 'may be a new principal:'} ${former.principalId} is gone and left ${former.grants.length} ${former.grants.length === 1 ? 'grant' : 'grants'} that this one does not hold${former.because ? `; ${former.because}` : ''}.`,
      evidence: [
        refusal(scene),
        ...former.grants.slice(0, grantsMax).map((grant) => ({
          label: 'orphaned grant',
          value: `${nameOf(scene, grant)} on ${grant.scopeId}${grantAge(scene.now, grant)} (${grant.id})`,
          source: 'resource-graph' as const,
        })),
      ],
      fix: regrant(scene, former),
      check: [
        az.command('role assignment list', { assignee: principalId, all: true }),
        az.command('ad sp show', { id: former.principalId }),
      ],
    };
  },
};

const grantsMax = 10;

function confidenceOf(former: Former, scene: Scene): CauseConfidence {
  if (former.because === undefined) return 'possible';
  return former.proven && scene.needed.length > 0 && scene.failing.attribution === 'named' ? 'certain' : 'likely';
}

/** A token request for the client id that the identity had before. */
function formerClient(scene: Scene, clientId: string): CauseVerdict | undefined {
  const reborn = /aadsts700016|identity not found/.test(scene.text) ? rebornOf(scene, clientId) : undefined;
  if (reborn === undefined) return undefined;
  const { identity, because } = reborn;
  return {
    kind: 'fits',
    confidence: 'certain',
    weight: 91,
    why: `Client id ${clientId} is the former one of ${identity.name}, which was re-created; ${because}.`,
    evidence: [
      refusal(scene),
      { label: 'today', value: `${identity.resourceId}, client id ${identity.clientId ?? 'unknown'}`, source: 'resource-graph' },
    ],
    fix: [
      {
        text: `Let the caller name the client id of today${identity.clientId ? `, ${identity.clientId}` : ''}, and grant the roles of the former principal to ${identity.principalId}.`,
      },
    ],
    check: [az.command('role assignment list', { assignee: identity.principalId, all: true }), az.showResource(identity.resourceId)],
  };
}

/** What ends this burst first: the grant that reaches the target. */
function regrant(scene: Scene, { grants, identity }: Former): readonly CauseFix[] {
  const reaches = ({ scope }: Assignment): boolean => scene.targetKey !== undefined && scene.access.within(scene.targetKey, scope);
  const told = grants.toSorted((a, b) => Number(reaches(b)) - Number(reaches(a))).slice(0, grantsMax);
  const left = grants.length - told.length;
  return [
    ...told.map((grant) =>
      az.step(
        `Grant ${nameOf(scene, grant)} on ${grant.scopeId} to the new principal.`,
        az.createAssignment({
          principalId: identity.principalId,
          roleId: grant.roleId,
          scopeId: grant.scopeId,
          condition: grant.condition,
        }),
      ),
    ),
    ...told.map((grant) => az.step(`Then, and not before, delete the orphan on ${grant.scopeId}.`, az.deleteAssignment(grant.id))),
    ...(left > 0
      ? [
          {
            text: `${left} more ${left === 1 ? 'grant of the former principal follows' : 'grants of the former principal follow'} the same way.`,
          },
        ]
      : []),
  ];
}

const nameOf = (scene: Scene, { roleId }: Assignment): string => scene.access.roleOf(roleId)?.name ?? `role ${roleId}`;

function grantAge(now: string, { createdAt }: Assignment): string {
  return createdAt === undefined ? '' : `, made ${Math.round(minutesBetween(createdAt, now) / 1440)} days ago`;
}

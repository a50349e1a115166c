import * as az from '../../remedy/az.ts';
import { resourceKey } from '../../estate/index.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { rebornOf } from './former-identity.ts';
import { otherDirectory } from './foreign-tenant.ts';
import { clientIdIn, refusal } from './steps.ts';

const notFound =
  /aadsts(?:700016|7000229)\b|application with identifier .{0,80} was not found|principal .{0,60}(?:does not exist|was not found)|principalnotfound/;

export const deletedIdentity: Cause = {
  id: 'deleted-identity',
  title: 'The identity that the caller names is gone',
  explain: `The caller asks for a client id that no longer exists in this tenant: the identity was deleted, or the client id was copied from another tenant or environment.

**Recognise it** by AADSTS700016 ("application … was not found in the directory"), and by the principal being absent from the directory.

**Fix it** by pointing the caller at the live identity (\`AZURE_CLIENT_ID\`, the service account's annotation, the credential's option), and granting that one what it needs.`,
  references: [
    'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identities-faq',
  ],
  needs: ['logs', 'directory'],
  judge: (scene) => {
    const { directory, identities } = scene.estate;
    const id = scene.failing.principalId;
    const trusted = directory.canary === 'visible';
    const gone = id !== undefined && trusted && directory.asked.has(id) && !directory.found.has(id) && !directory.unresolved.has(id);
    const said = notFound.test(scene.text);
    // Where the log names only the host, the identity we think of is not the one that the caller asked for.
    const clientId = (scene.failing.attribution === 'named' ? scene.attribution.clientId : undefined) ?? clientIdIn(scene.text);
    const deleted = [...directory.deleted.values()].find((one) => one.id === id || (clientId !== undefined && one.clientId === clientId));
    // The identity endpoint does not say why it does not know a client id; the recycle bin does.
    if (!said && !gone && !(deleted !== undefined && /identity not found/.test(scene.text))) return silent;
    const alive = identities.find((one) => one.clientId !== undefined && one.clientId === clientId);
    if (!gone && alive !== undefined) return ruledOut(`client id ${clientId} belongs to ${alive.name}, which exists`);
    if (!gone && otherDirectory(scene) !== undefined) return silent;
    if (said && !gone && clientId !== undefined && rebornOf(scene, clientId) !== undefined) return silent;
    const live = scene.failing.hosts.flatMap((host) =>
      identities.filter((one) => host.systemAssigned === one.principalId || host.userAssigned.some((entry) => entry.key === one.key)),
    );
    const [better] = live;
    const removed = scene.changes?.find(
      (change) =>
        change.kind === 'identity-removed' && change.succeeded && resourceKey(change.resourceId) === keyOf(scene, deleted?.resourceId),
    );
    const blind = scene.estate.gaps.some((gap) => (gap.slice === 'identities' || gap.slice === 'hosts') && gap.harmless !== true);
    return {
      kind: 'fits',
      confidence: gone || deleted !== undefined || (said && clientId !== undefined && !blind) ? 'certain' : 'likely',
      weight: 87,
      why: `${clientId ? `Client id ${clientId}` : scene.failing.label} does not exist in this tenant${gone || deleted ? ' any more' : ''}, and the caller still uses it.`,
      evidence: [
        refusal(scene),
        ...(deleted
          ? [
              {
                label: 'recycle bin',
                value: `${deleted.displayName ?? deleted.id}, deleted at ${deleted.deletedAt}`,
                source: 'graph' as const,
              },
            ]
          : []),
        ...(removed
          ? [{ label: 'deleted', value: `${removed.resourceId} by ${removed.caller} at ${removed.at}`, source: 'activity' as const }]
          : []),
      ],
      fix: [
        {
          text: better
            ? `Point the caller at ${better.name}${better.clientId ? ` (client id ${better.clientId})` : ''}, the identity that its host has today.`
            : 'Point the caller at a live identity: the client id in AZURE_CLIENT_ID, in the credential option or in the service account annotation.',
        },
      ],
      check: [(clientId ?? id) && az.command('ad sp show', { id: clientId ?? id ?? '' })],
    };
  },
};

const keyOf = (scene: Scene, deletedId: string | undefined): string | undefined => {
  const id = scene.attribution.identity?.resourceId ?? deletedId ?? scene.burst.denials[0]?.caller.resourceId;
  return id === undefined ? undefined : resourceKey(id);
};

import * as az from '../../remedy/az.ts';
import { silent, type Cause } from '../cause.ts';
import { refusal } from './steps.ts';

const notFound =
  /aadsts(?:700016|7000112|7000229|500014)\b|application with identifier .{0,80} was not found|principal .{0,60}(?:does not exist|was not found)|principalnotfound/;

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
    if (!notFound.test(scene.text) && !gone) return silent;
    const clientId =
      scene.attribution.clientId ??
      /(?:identifier|application|app(?:id)?|client(?: id)?)\s*['"(:= ]+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/.exec(scene.text)?.[1];
    const alive = identities.some((one) => one.clientId !== undefined && one.clientId === clientId);
    if (alive && !gone) return silent;
    const live = scene.failing.hosts.flatMap((host) =>
      identities.filter((one) => host.systemAssigned === one.principalId || host.userAssigned.some((entry) => entry.key === one.key)),
    );
    const [better] = live;
    const removed = scene.changes?.find((change) => change.kind === 'identity-removed' && change.succeeded);
    return {
      kind: 'fits',
      confidence: gone || (trusted && clientId !== undefined) ? 'certain' : 'likely',
      weight: 87,
      why: `${clientId ? `Client id ${clientId}` : scene.failing.label} does not exist in this tenant any more, and the caller still uses it.`,
      evidence: [
        refusal(scene),
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
      check: [clientId && az.command('ad sp show', { id: clientId })],
    };
  },
};

import * as az from '../../remedy/az.ts';
import type { Host, Identity } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { candidatesEvidence, checkGrants, confidenceIn, refusal } from './steps.ts';

const several = /multiple (?:user[- ])?assigned|more than one|specify (?:the )?(?:client|resource) ?id/;

export const wrongIdentity: Cause = {
  id: 'wrong-identity',
  title: 'Another identity of the same host holds the role',
  explain: `The host has several identities. Code that does not say which one it wants gets the default one, and that is not the one that was granted the role.

**Recognise it** by comparing who failed with who holds the role: both are attached to the same host.

**Fix it** by naming the client id: \`AZURE_CLIENT_ID\` for DefaultAzureCredential, or the credential's own option. Do not grant the role to both: then nobody knows which one works.`,
  references: [
    'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/azure-hosted-apps',
    'https://github.com/Azure/azure-sdk-for-python/issues/36365',
    'https://github.com/microsoft/azure-container-apps/issues/442',
  ],
  needs: ['estate'],
  judge: (scene) => {
    const asked = several.test(scene.words);
    if (scene.allowed && !asked) return silent;
    const { failing } = scene;
    const others = failing.identity === undefined ? sameHost(scene) : failing.siblings;
    const holders = others.filter((one) => holdsAll(one, scene));
    const [holder] = holders;
    if (holder === undefined) {
      if (asked) return unnamed(scene);
      return others.length > 0 && scene.refused ? ruledOut('no other identity on its hosts holds the role either') : silent;
    }
    // The log names the host only: it was one of its identities that do not hold the role, if there is one.
    if (failing.identity === undefined && holders.length === others.length) return silent;
    // An identity that is on many hosts failed on one of them, and the holder may be on another.
    const together = failing.hosts.every((host) => isOn(holder, host));
    const grounded = confidenceIn(scene);
    return {
      kind: 'fits',
      confidence: failing.identity === undefined || !together ? 'likely' : grounded === 'possible' ? 'likely' : grounded,
      weight: 90,
      why: `${failing.identity === undefined ? 'An identity that does not hold the role' : failing.label} was used, and ${holder.name} (${holder.principalId}) on the same host holds the role.`,
      evidence: [
        refusal(scene),
        ...candidatesEvidence(scene),
        {
          label: 'same host',
          value: failing.hosts
            .slice(0, 5)
            .map((host) => host.id)
            .join(', '),
          source: 'resource-graph',
        },
        { label: 'holds the role', value: `${holder.resourceId}, client id ${holder.clientId ?? 'unknown'}`, source: 'resource-graph' },
      ],
      fix: choose(holder, scene),
      check: checkGrants(scene),
    };
  },
};

/** Identities of the host that the log names; those of a whole subscription share nothing. */
const sameHost = ({ failing }: Scene): readonly Identity[] => (failing.hosts.length === 0 ? [] : failing.candidates);

const isOn = (identity: Identity, host: Host): boolean =>
  identity.kind === 'system-assigned'
    ? host.systemAssigned === identity.principalId
    : host.userAssigned.some((one) => one.key === identity.key);

function holdsAll(one: Identity, scene: Scene): boolean {
  const refused = scene.needed.filter(({ answer }) => answer?.verdict !== 'allowed');
  if (refused.length === 0) return false;
  return refused.every(
    ({ action, data, on }) => on !== undefined && scene.access.may({ principal: one.principalId, action, data, on }).verdict === 'allowed',
  );
}

/** The endpoint itself says that several identities are attached and none was named. */
function unnamed(scene: Scene): ReturnType<Cause['judge']> {
  const names = [
    ...new Set([...(scene.failing.identity ? [scene.failing.identity] : []), ...scene.failing.candidates, ...scene.failing.siblings]),
  ];
  return {
    kind: 'fits',
    confidence: 'certain',
    weight: 84,
    why: `The host has several identities and the code names none of them${names.length > 0 ? `: ${names.map((one) => `${one.name} (client id ${one.clientId ?? 'unknown'})`).join(', ')}` : ''}.`,
    evidence: [refusal(scene)],
    fix: [{ text: 'Name the client id of the identity that holds the role: AZURE_CLIENT_ID, or the option of the credential.' }],
    check: checkGrants(scene),
  };
}

function choose(holder: Identity, scene: Scene): readonly CauseFix[] {
  const { clientId } = holder;
  if (clientId === undefined)
    return [{ text: `Let the code use ${holder.name}, the system-assigned identity: name no client id in the credential.` }];
  const text = `Name the client id ${clientId} of ${holder.name}: AZURE_CLIENT_ID, or the option of the credential.`;
  const [host] = scene.failing.hosts;
  const [, subscription = '', group = '', type = '', name = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(host?.id ?? '') ?? [];
  const place = { name, 'resource-group': group, subscription };
  switch (type.toLowerCase()) {
    case 'microsoft.web/sites':
      return [az.step(text, az.command('webapp config appsettings set', { ...place, settings: `AZURE_CLIENT_ID=${clientId}` }))];
    case 'microsoft.app/containerapps':
      return [az.step(text, az.command('containerapp update', { ...place, 'set-env-vars': `AZURE_CLIENT_ID=${clientId}` }))];
    default:
      return [{ text }];
  }
}

import * as az from '../../remedy/az.ts';
import type { Host } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Change } from '../change.ts';
import { changesBefore, type Scene } from '../scene.ts';
import { endpoint, proxied } from './endpoint-unreachable.ts';
import { clientIdIn, refusal } from './steps.ts';

const signs =
  /credentialunavailable|managedidentitycredential|identity not found|no managed identity|has not been assigned to this resource|no user assigned or delegated managed identity found|no identity_endpoint|identity_endpoint .{0,30}not set|unable to load the proper managed identity|managed identity (?:is )?(?:not enabled|unavailable)|msi not enabled|no managed identity endpoint found/;
/** Trouble with a name that other causes explain better. */
const reachable =
  /identity not found|has not been assigned|no user assigned or delegated|no managed identity|no identity_endpoint|identity_endpoint .{0,30}not set|not enabled|endpoint (?:was )?not found|identity_unavailable|no managed identity endpoint found|unable to load the proper managed identity/;

export const identityNotAssigned: Cause = {
  id: 'identity-not-assigned',
  title: 'The host has no such identity',
  explain: `The code asks for a managed identity that its host does not have: none is enabled, or the one whose client id it names is not attached.

**Recognise it** by \`CredentialUnavailableError\`, by "Identity not found" (400) from the identity endpoint, or by a missing \`IDENTITY_ENDPOINT\`. It starts with a deployment that rebuilt the
host without its \`identity\` block, with a slot or a second region that never had one, or with a client id copied from another environment.

**Fix it** by enabling the identity, or by attaching the user-assigned one that holds the roles; ship identity and role assignment in the same template.`,
  references: [
    'https://learn.microsoft.com/azure/app-service/overview-managed-identity',
    'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    const [host] = scene.failing.hosts;
    const bare =
      scene.failing.bareHosts.length > 0 || (host !== undefined && host.systemAssigned === undefined && host.userAssigned.length === 0);
    // Without an identity, App Service and Container Apps have no endpoint, and credentials then try the one of virtual machines.
    if (!signs.test(scene.words) && !(bare && scene.burst.service === 'app' && endpoint.test(scene.words))) return silent;
    if (endpoint.test(scene.words) && proxied.test(scene.words)) return silent;
    const named = clientIdIn(scene.text);
    const attached = host !== undefined && named !== undefined && clientIdsOn(host, scene).has(named);
    if (attached) return ruledOut(`the identity with client id ${named} is attached to ${host.name}`);
    if (!reachable.test(scene.words) && !bare) return host === undefined && unavailable.test(scene.words) ? perhaps(scene) : silent;
    const write = written(scene);
    const missing = /identity not found|has not been assigned|no user assigned|unable to load the proper managed identity/.test(
      scene.words,
    );
    if (host !== undefined && !bare && named === undefined && !missing) {
      return endpointMissing.test(scene.words)
        ? startedBefore(scene, host)
        : ruledOut(`${host.name} has ${host.systemAssigned ? 'a system-assigned identity' : 'a user-assigned identity'}`);
    }
    return {
      kind: 'fits',
      // A name is no address: an app of the same name may lie where nobody looked.
      confidence: (bare && (host !== undefined || byId(scene))) || (host !== undefined && named !== undefined) ? 'certain' : 'likely',
      weight: bare ? 88 : 82,
      why: why(scene, host, named, bare),
      evidence: [
        refusal(scene),
        ...(write
          ? [{ label: 'written', value: `${write.resourceId} by ${write.caller} at ${write.at}`, source: 'activity' as const }]
          : []),
        ...(host
          ? [{ label: 'host', value: `${host.id}: ${bare ? 'no identity' : 'another identity'}`, source: 'resource-graph' as const }]
          : []),
        ...(host === undefined && bare
          ? [
              {
                label: 'host',
                value: `${scene.failing.bareHosts[0]?.id ?? scene.failing.bareHosts[0]?.name ?? ''}: no identity`,
                source: 'resource-graph' as const,
              },
            ]
          : []),
      ],
      fix: fixes(scene, host, named),
      check: [host ? az.showResource(host.id) : scene.failing.bareHosts[0]?.id && az.showResource(scene.failing.bareHosts[0].id)],
    };
  },
};

const unavailable =
  /credentialunavailable|(?:managedidentity|workloadidentity)credential.{0,80}(?:unavailable|failed|timed out)|not fully configured|no client id specified|no token file/;

const endpointMissing =
  /no managed identity endpoint found|no identity_endpoint|identity_endpoint .{0,30}not set|endpoint (?:was )?not found|not enabled/;

/** The host has an identity, and a process on it sees none: it began before the identity was there, or its environment was taken from it. */
function startedBefore(scene: Scene, host: Host): ReturnType<Cause['judge']> {
  return {
    kind: 'fits',
    confidence: 'possible',
    weight: 60,
    why: `${host.name} has an identity, and the process that wrote these lines found no endpoint for it: it started before the identity was enabled, or IDENTITY_ENDPOINT did not reach its environment.`,
    evidence: [refusal(scene), { label: 'host', value: host.id, source: 'resource-graph' }],
    fix: [
      {
        text: `Restart ${host.name}, so that its processes get IDENTITY_ENDPOINT and IDENTITY_HEADER. If they still lack them, run mi-audit doctor there.`,
      },
    ],
    check: [az.showResource(host.id)],
  };
}

const byId = (scene: Scene): boolean => scene.failing.bareHosts.some((one) => one.id !== undefined);

/** A credential that is unavailable, on a host that nobody knows: what to look at, and no more. */
function perhaps(scene: Scene): ReturnType<Cause['judge']> {
  const [one] = scene.burst.denials.flatMap((denial) => denial.hosts);
  const pod = /workloadidentitycredential/.test(scene.words) && !/managedidentitycredential/.test(scene.words);
  return {
    kind: 'fits',
    confidence: 'possible',
    weight: 60,
    why: `The credential found no identity to use on ${one?.name ?? 'its host'}; the host itself is not among the resources that could be read, so whether it has one is not known.`,
    evidence: [refusal(scene)],
    fix: [
      {
        text: pod
          ? "Look at the pod: its label azure.workload.identity/use must be true, and its service account must carry the identity's client id in azure.workload.identity/client-id."
          : 'Look at the host: enable its system-assigned identity, or attach the user-assigned one that holds the roles. `mi-audit doctor` on the host tells which is missing.',
      },
    ],
    check: [],
  };
}

/** Attachments carry client ids of the past now and then; the identity's own is today's. */
function clientIdsOn(host: Host, scene: Scene): ReadonlySet<string | undefined> {
  const keys = new Set<string>(host.userAssigned.map((one) => one.key));
  return new Set(
    scene.estate.identities
      .filter((one) => (one.kind === 'system-assigned' ? host.systemAssigned === one.principalId : keys.has(one.key)))
      .map((one) => one.clientId),
  );
}

function why(scene: Scene, host: Host | undefined, named: string | undefined, bare: boolean): string {
  const name = host?.name ?? scene.burst.denials.flatMap((denial) => denial.hosts)[0]?.name ?? 'the host';
  if (named !== undefined && !bare)
    return `The code asks for client id ${named}, and no identity with that client id is attached to ${name}.`;
  return `${name} has no managed identity that the code could use.`;
}

/** A write of the host within the day before: often the template that left the identity out. It also says where the host is. */
function written(scene: Scene): Change | undefined {
  const names = new Set(scene.burst.denials.flatMap((denial) => denial.hosts).map((one) => one.name.toLowerCase()));
  return changesBefore(scene, ['host-written', 'identity-attached'], 24).find(({ resourceId }) =>
    names.has(resourceId.slice(resourceId.lastIndexOf('/') + 1).toLowerCase()),
  );
}

function fixes(scene: Scene, host: Host | undefined, named: string | undefined): readonly CauseFix[] {
  const wanted = named === undefined ? undefined : scene.estate.identities.find((one) => one.clientId === named);
  const [calling] = scene.burst.denials.flatMap((denial) => denial.hosts);
  const id =
    host?.id ?? scene.burst.denials.flatMap((denial) => denial.hosts).find((one) => one.id !== undefined)?.id ?? written(scene)?.resourceId;
  if (id === undefined) {
    const place = calling?.name ?? 'the host';
    return [
      {
        text: wanted
          ? `Attach ${wanted.name} (${wanted.resourceId}) to ${place}.`
          : `Enable the system-assigned identity of ${place}, or attach the user-assigned identity that holds the roles.`,
      },
    ];
  }
  return [
    az.step(
      wanted
        ? `Attach ${wanted.name} to the host.`
        : 'Enable the system-assigned identity of the host, then grant it the role that the call needs.',
      attach(id, wanted?.resourceId),
    ),
  ];
}

function attach(hostId: string, identityId: string | undefined): string | undefined {
  const [, subscription = '', group = '', type = '', name = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(
      hostId.replace(/\/slots\/[^/]+$/i, ''),
    ) ?? [];
  const slot = /\/slots\/([^/]+)$/i.exec(hostId)?.[1];
  const place = { name, 'resource-group': group, subscription };
  switch (type.toLowerCase()) {
    case 'microsoft.web/sites':
      return az.command('webapp identity assign', {
        ...place,
        ...(slot ? { slot } : {}),
        ...(identityId ? { identities: identityId } : {}),
      });
    case 'microsoft.app/containerapps':
      return az.command('containerapp identity assign', {
        ...place,
        ...(identityId ? { 'user-assigned': identityId } : { 'system-assigned': true }),
      });
    case 'microsoft.compute/virtualmachinescalesets':
      return az.command('vmss identity assign', { ...place, ...(identityId ? { identities: identityId } : {}) });
    case 'microsoft.compute/virtualmachines':
      return az.command('vm identity assign', { ...place, ...(identityId ? { identities: identityId } : {}) });
    default:
      return az.showResource(hostId);
  }
}

import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Scene } from '../scene.ts';
import * as az from '../../remedy/az.ts';
import { checkGrants, refusal } from './steps.ts';
import { propagationMinutes } from './still-propagating.ts';

const expired =
  /expiredauthenticationtoken|token (?:has |is )?expired|lifetime validation failed|idx10223|the access token expired|akv10046|token.{0,40}expir|invalidauthenticationtoken.{0,60}expired|'exp' claim/;

export const staleToken: Cause = {
  id: 'stale-token',
  title: 'The caller goes on with an old token',
  explain: `The grants are right, and the caller presents a token from before: its group membership or roles are those of the time it was issued (up to 24 hours for managed identities), or it has expired.

**Recognise it** by refusals that go on, on some replicas only, although a sufficient grant is older than the propagation time; or by 401 that starts about an hour after a start, when code keeps
the token text instead of the credential object.

**Fix it** by restarting the replicas that fail, and for good by holding the credential and asking it for each call: it renews in time.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
    'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    const said = expired.test(scene.text);
    if (!said && !scene.allowed) return scene.refused ? ruledOut('even a fresh token would carry no sufficient grant') : silent;
    if (
      !said &&
      /forbiddenbyfirewall|not authorized and caller is not a trusted|client address is not authorized|authorizationfailure\b/.test(
        scene.text,
      )
    )
      return silent;
    const last = Date.parse(scene.burst.lastAt);
    const settled = scene.sufficient.some(
      (grant) => grant.createdAt === undefined || Date.parse(grant.createdAt) + propagationMinutes(grant) * 60_000 <= last,
    );
    if (!said && !settled) return silent;
    const replicas = [
      ...new Set(
        scene.burst.denials
          .flatMap((denial) => denial.hosts)
          .map((host) => host.replica)
          .filter((replica) => replica !== undefined && replica !== ''),
      ),
    ];
    const addresses = new Set(scene.burst.denials.flatMap((denial) => denial.callerAddresses));
    const [grant] = scene.sufficient;
    return {
      kind: 'fits',
      confidence: said ? 'certain' : 'likely',
      weight: said ? 86 : 78,
      why: said
        ? 'The service says that the token has expired: the caller kept the token instead of asking its credential again.'
        : `${scene.failing.label} holds a sufficient grant since ${grant?.createdAt ?? 'long ago'}, and calls are still refused${replicas.length > 0 ? ` on replica ${replicas.join(', ')}` : ''}: they carry a token from before.`,
      evidence: [
        refusal(scene),
        ...(grant
          ? [
              {
                label: 'sufficient grant',
                value: `${scene.estate.roles.get(grant.roleId)?.name ?? grant.roleId} on ${grant.scopeId} since ${grant.createdAt ?? 'an unknown time'}`,
                source: 'resource-graph' as const,
              },
            ]
          : []),
        ...(replicas.length > 0 ? [{ label: 'replicas', value: replicas.join(', '), source: 'logs' as const }] : []),
        ...(addresses.size === 1 ? [{ label: 'one caller address', value: [...addresses][0]!, source: 'logs' as const }] : []),
      ],
      fix: [...restart(scene), { text: 'For good: keep the credential object and let it renew tokens; never keep the token itself.' }],
      check: checkGrants(scene),
    };
  },
};

function restart(scene: Scene): readonly CauseFix[] {
  const [host] = scene.failing.hosts;
  const revision = scene.burst.denials.flatMap((denial) => denial.hosts).find((one) => one.revision)?.revision;
  const [, subscription = '', group = '', type = '', name = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)$/i.exec(host?.id ?? '') ?? [];
  switch (type.toLowerCase()) {
    case 'microsoft.web/sites':
      return [az.step(`Restart ${name}.`, az.command('webapp restart', { name, 'resource-group': group, subscription }))];
    case 'microsoft.app/containerapps':
      if (revision === undefined) return [{ text: `Restart the active revision of ${name}.` }];
      return [
        az.step(
          `Restart the revision of ${name} that fails.`,
          az.command('containerapp revision restart', { name, 'resource-group': group, subscription, revision }),
        ),
      ];
    case 'microsoft.compute/virtualmachines':
      return [
        az.step(
          `Restart the process on ${name}, or the machine.`,
          az.command('vm restart', { name, 'resource-group': group, subscription }),
        ),
      ];
    default:
      return [{ text: 'Restart the replicas that fail, so that they get a fresh token.' }];
  }
}

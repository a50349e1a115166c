import { moment } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseFix } from '../cause.ts';
import type { Scene, SufficientGrant } from '../scene.ts';
import * as az from '../../remedy/az.ts';
import { checkGrants, heldNear, refusal, by401 } from './steps.ts';
import { propagationMinutes } from './still-propagating.ts';

const expired =
  /expiredauthenticationtoken|token (?:has |is )?expired|lifetime validation failed|idx10223|the access token expired|akv10046|token.{0,40}expir|invalidauthenticationtoken.{0,60}expired|'exp' claim/;

export const staleToken: Cause = {
  id: 'stale-token',
  title: 'The caller goes on with an old token',
  explain: `The grants are right, and the caller presents a token from before: its group membership or roles are those of the time it was issued (up to 24 hours for managed identities), or it has expired.

**Recognise it** by refusals that go on, on some replicas only, although a sufficient grant is older than the propagation time; or by 401 that starts about an hour after a start, when code keeps
the token text instead of the credential object; or by AADSTS700024, when a pod keeps the text of its own projected token.

**Fix it** by restarting the replicas that fail, and for good by holding the credential and asking it for each call: it renews in time.`,
  references: [
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
    'https://learn.microsoft.com/azure/developer/javascript/sdk/authentication/best-practices',
  ],
  needs: ['logs', 'estate'],
  judge: (scene) => {
    if (/aadsts700024\b/.test(scene.text)) return assertionTooOld(scene);
    const said = expired.test(scene.words);
    const refusedToken = !by401.has(scene.burst.service) && scene.burst.denials.every((denial) => denial.statusCode === 401);
    if (!said && !scene.allowed)
      return scene.refused ? ruledOut('even a fresh token would carry no sufficient grant') : (perhapsFromBefore(scene) ?? silent);
    if (!said && otherTale.test(scene.words)) return silent;
    const last = Date.parse(scene.burst.lastAt);
    const settled = scene.sufficient.filter(
      (grant) => grant.createdAt === undefined || Date.parse(grant.createdAt) + propagationMinutes(grant) * 60_000 <= last,
    );
    // Grants that do not come through an assignment (a policy entry, a native role) are not known by their age.
    if (!said && settled.length === 0 && scene.sufficient.length > 0) return silent;
    const replicas = [
      ...new Set(
        scene.burst.denials
          .flatMap((denial) => denial.hosts)
          .map((host) => host.replica)
          .filter((replica) => replica !== undefined && replica !== ''),
      ),
    ];
    const addresses = new Set(scene.burst.denials.flatMap((denial) => denial.callerAddresses));
    const [grant] = settled;
    // An access policy's entry, a role of Cosmos DB.
    const ageless = settled.length === 0;
    const [first] = settled.map((one) => one.createdAt ?? '').toSorted();
    // A managed identity's token lives 24 hours at most: only a younger grant can be missing in one.
    const young =
      settled.length > 0 &&
      settled.every((one) => one.createdAt !== undefined && Date.parse(one.createdAt) + tokenHours * 3_600_000 > last);
    if (!said && !refusedToken && replicas.length === 0 && settled.length > 0 && settled.every((one) => isOlderThanTokens(one, last))) {
      return ruledOut('the sufficient grant is older than any token of a managed identity');
    }
    return {
      kind: 'fits',
      confidence: said ? 'certain' : young || refusedToken || replicas.length > 0 ? 'likely' : 'possible',
      weight: said ? 86 : 78,
      why: said
        ? 'The service says that the token has expired: the caller kept the token instead of asking its credential again.'
        : ageless
          ? `${scene.failing.label} may make the call today, by a grant whose age Azure does not tell: the refusals are from before it was made, or carry a token from before.`
          : `${scene.failing.label} holds a sufficient grant since ${first || 'an unknown time'}, and calls are still refused${replicas.length > 0 ? ` on replica ${replicas.join(', ')}` : ''}: they seem to carry a token from before.`,
      evidence: [
        refusal(scene),
        ...(grant
          ? [
              {
                label: 'sufficient grant',
                value: `${scene.access.roleOf(grant.roleId)?.name ?? grant.roleId} on ${grant.scopeId} since ${grant.createdAt ?? 'an unknown time'}`,
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

/** Longest life of a managed identity's token: https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations */
const tokenHours = 24;
/** Nobody knows since when a principal is in a group. */
const isOlderThanTokens = ({ createdAt, groups }: SufficientGrant, at: number): boolean =>
  createdAt !== undefined && groups.length === 0 && Date.parse(createdAt) + tokenHours * 3_600_000 < at;
/** Refusals that tell of an address, an audience or a tenant. */
const otherTale =
  /forbiddenby(?:firewall|connection|nsp)|not authorized and caller is not a trusted|client address is not authorized|authorizationfailure\b|audience|issuer|akv100(?:22|32)|invalidauthenticationinfo/;

/** The log does not say which operation was refused; a token may be older than a grant of this day. */
function perhapsFromBefore(scene: Scene): ReturnType<Cause['judge']> | undefined {
  const last = Date.parse(scene.burst.lastAt);
  const held = heldNear(scene).map((grant) => grant.assignment);
  const isOfToday = ({ createdAt }: (typeof held)[number]): boolean =>
    createdAt !== undefined && Date.parse(createdAt) <= last && Date.parse(createdAt) + tokenHours * 3_600_000 > last;
  const [grant] = held;
  if (grant === undefined || !held.every(isOfToday)) return undefined;
  return {
    kind: 'fits',
    confidence: 'possible',
    weight: 78,
    why: `${scene.failing.label} holds ${scene.access.roleOf(grant.roleId)?.name ?? grant.roleId} on ${grant.scopeId} since ${moment(grant.createdAt!)}, and a token from before does not carry it; the log does not say which operation was refused, so whether it suffices is not known.`,
    evidence: [refusal(scene), { label: 'held grant', value: grant.id, source: 'resource-graph' }],
    fix: restart(scene),
    check: checkGrants(scene),
  };
}

/**
 * AADSTS700024: the workload's own token, which it shows to Entra ID, is outside of its time. A projected token lives an hour and the file holds a fresh one.
 * https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
function assertionTooOld(scene: Scene): ReturnType<Cause['judge']> {
  return {
    kind: 'fits',
    confidence: 'likely',
    weight: 86,
    why: `${scene.failing.label} shows Entra ID a token of its workload that is outside of its time: the caller kept it instead of reading it again, or the clock of its host is wrong.`,
    evidence: [refusal(scene)],
    fix: [
      {
        text: 'Restart the replicas that fail, so that they read the projected token again; compare the clock of their node with the time in the error.',
      },
      { text: "For good: let the library's workload identity credential read the token file for each exchange; never keep its content." },
    ],
    check: [],
  };
}

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

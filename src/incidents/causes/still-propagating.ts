import * as az from '../../remedy/az.ts';
import { moment, resourceKey, type Assignment } from '../../estate/index.ts';
import { ruledOut, silent, type Cause, type CauseVerdict } from '../cause.ts';
import { changesBefore, type Scene } from '../scene.ts';
import { matchingCredential } from './federation-mismatch.ts';
import { checkGrants, heldNear, minutesBetween, refusal } from './steps.ts';

/** Minutes until a new assignment is in force everywhere: https://learn.microsoft.com/azure/role-based-access-control/troubleshooting (10; management groups up to 30). */
export const propagationMinutes = (assignment: Assignment): number =>
  assignment.scope === '/' || assignment.scope.startsWith('/providers/microsoft.management/managementgroups/') ? 30 : 10;

export const stillPropagating: Cause = {
  id: 'still-propagating',
  title: 'The grant was made minutes ago',
  explain: `A new role assignment takes up to ten minutes to be in force everywhere, up to thirty for one on a management group, and membership of a group is held back by cached tokens for up to a day.

**Recognise it** by a sufficient assignment that is only minutes older than the refused calls.

**Fix it** by waiting until the time given, then getting a fresh token. Do not grant a broader role "to clear the 403": it would take just as long, and stay for years.`,
  references: [
    'https://learn.microsoft.com/azure/role-based-access-control/troubleshooting',
    'https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/managed-identity-best-practice-recommendations',
  ],
  needs: ['estate'],
  judge: (scene) => {
    if (/forbiddenby(?:firewall|connection|nsp)|client address is not authorized/.test(scene.words)) return silent;
    const credential = youngCredential(scene);
    if (credential !== undefined) return credential;
    if (!scene.allowed)
      return scene.refused ? ruledOut('there is no sufficient grant that could be on its way') : (perhapsYoung(scene) ?? silent);
    // A policy entry or a native role has no age that we know.
    if (scene.sufficient.length === 0) return silent;
    const young = youngest(scene);
    if (young === undefined)
      return throughGroup(scene) ?? ruledOut(`the sufficient grant of ${scene.failing.label} was in force long before the last refusal`);
    const late = minutesBetween(young.createdAt!, scene.burst.lastAt);
    // Made after the last refusal: it explains none of them, and is on its way to end them.
    const after = Date.parse(young.createdAt!) > Date.parse(scene.burst.lastAt);
    const until = new Date(Date.parse(young.createdAt!) + propagationMinutes(young) * 60_000).toISOString();
    return {
      kind: 'fits',
      confidence: after || scene.failing.attribution === 'inferred' ? 'likely' : 'certain',
      weight: 83,
      why: `A sufficient grant was made at ${moment(young.createdAt!)}, ${after ? 'after' : `${late} ${late === 1 ? 'minute' : 'minutes'} before`} the last refusal; it is in force everywhere by ${moment(until)} at the latest.`,
      evidence: [
        refusal(scene),
        {
          label: 'granted',
          value: `${scene.access.roleOf(young.roleId)?.name ?? young.roleId} on ${young.scopeId} at ${young.createdAt} (${young.id})`,
          source: 'resource-graph',
        },
      ],
      fix: [{ text: `Wait until ${moment(until)}, then let the caller get a fresh token. Do not grant a broader role.` }],
      check: checkGrants(scene),
    };
  },
};

/** The right federated credential, and Entra ID that does not know it yet: AADSTS70021 for some minutes after it was made. */
function youngCredential(scene: Scene): CauseVerdict | undefined {
  const credential = matchingCredential(scene);
  const made =
    credential &&
    changesBefore(scene, ['federated-credential-written'], 1).find(
      (change) => resourceKey(change.resourceId) === resourceKey(credential.id),
    );
  if (made === undefined || minutesBetween(made.at, scene.burst.lastAt) > 10) return undefined;
  const until = new Date(Date.parse(made.at) + 10 * 60_000).toISOString();
  return {
    kind: 'fits',
    confidence: 'likely',
    weight: 93,
    why: `The federated credential that matches the token of the workload was written at ${moment(made.at)}; Entra ID knows it everywhere by ${moment(until)}.`,
    evidence: [refusal(scene), { label: 'written', value: `${made.resourceId} by ${made.caller} at ${made.at}`, source: 'activity' }],
    fix: [{ text: `Wait until ${moment(until)}, then let the workload ask again.` }],
    check: [],
  };
}

/** The log does not say which operation was refused; a grant of this very hour may be what it waits for. */
function perhapsYoung(scene: Scene): CauseVerdict | undefined {
  const last = Date.parse(scene.burst.lastAt);
  const young = heldNear(scene)
    .map((grant) => grant.assignment)
    .find((one) => one.createdAt !== undefined && last < Date.parse(one.createdAt) + propagationMinutes(one) * 60_000);
  if (young === undefined) return undefined;
  const until = new Date(Date.parse(young.createdAt!) + propagationMinutes(young) * 60_000).toISOString();
  return {
    kind: 'fits',
    confidence: 'possible',
    weight: 83,
    why: `${scene.access.roleOf(young.roleId)?.name ?? young.roleId} was granted on ${young.scopeId} at ${moment(young.createdAt!)}, and is in force everywhere by ${moment(until)} at the latest; the log does not say which operation was refused, so whether it suffices is not known.`,
    evidence: [refusal(scene), { label: 'granted', value: young.id, source: 'resource-graph' }],
    fix: [{ text: `Wait until ${moment(until)}, then let the caller get a fresh token. Do not grant a broader role before.` }],
    check: checkGrants(scene),
  };
}

/** A group's grant is old and the membership may be new: nothing we read says since when, and a token lives for a day. */
function throughGroup(scene: Scene): CauseVerdict | undefined {
  const hours = (Date.parse(scene.burst.lastAt) - Date.parse(scene.burst.firstAt)) / 3_600_000;
  const replicas = scene.burst.denials.some((denial) => denial.hosts.some((host) => host.replica));
  const [grant] = scene.sufficient;
  if (grant === undefined || hours >= 24 || replicas || !scene.sufficient.every(({ groups }) => groups.length > 0)) return undefined;
  return {
    kind: 'fits',
    confidence: 'likely',
    weight: 79,
    why: `${scene.failing.label} holds a sufficient grant only through group ${grant.groups.join(' in ')}; tokens from before it became a member do not carry the group, for up to 24 hours.`,
    evidence: [
      refusal(scene),
      {
        label: 'granted to the group',
        value: `${scene.access.roleOf(grant.roleId)?.name ?? grant.roleId} on ${grant.scopeId} (${grant.id})`,
        source: 'resource-graph',
      },
    ],
    fix: [
      { text: 'If the membership is younger than a day, restart the caller so that it gets a fresh token. Do not grant a broader role.' },
    ],
    check: [scene.failing.principalId && az.command('ad group member list', { group: grant.groups[0] ?? '' }), ...checkGrants(scene)],
  };
}

/** Propagation explains the refusals only if *every* sufficient grant was young when the last of them happened. */
function youngest(scene: Scene): Assignment | undefined {
  const last = Date.parse(scene.burst.lastAt);
  const isYoung = (assignment: Assignment): boolean => {
    if (assignment.createdAt === undefined) return false;
    return last < Date.parse(assignment.createdAt) + propagationMinutes(assignment) * 60_000;
  };
  if (scene.sufficient.length === 0 || !scene.sufficient.every(isYoung)) return undefined;
  return [...scene.sufficient].sort((a, b) => (a.createdAt! < b.createdAt! ? -1 : 1))[0];
}

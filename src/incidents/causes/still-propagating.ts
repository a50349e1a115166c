import type { Assignment } from '../../estate/index.ts';
import { ruledOut, silent, type Cause } from '../cause.ts';
import type { Scene } from '../scene.ts';
import { checkGrants, minutesBetween, refusal } from './steps.ts';

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
    if (!scene.allowed) return scene.refused ? ruledOut('there is no sufficient grant that could be on its way') : silent;
    const young = youngest(scene);
    if (young === undefined) return ruledOut(`the sufficient grant of ${scene.failing.label} was in force long before the last refusal`);
    const until = new Date(Date.parse(young.createdAt!) + propagationMinutes(young) * 60_000).toISOString();
    return {
      kind: 'fits',
      confidence: 'certain',
      weight: 83,
      why: `A sufficient grant was made at ${young.createdAt}, ${Math.max(0, minutesBetween(young.createdAt!, scene.burst.lastAt))} minutes before the last refusal; it is in force everywhere by ${until} at the latest.`,
      evidence: [
        refusal(scene),
        {
          label: 'granted',
          value: `${scene.estate.roles.get(young.roleId)?.name ?? young.roleId} on ${young.scopeId} at ${young.createdAt} (${young.id})`,
          source: 'resource-graph',
        },
      ],
      fix: [{ text: `Wait until ${until}, then let the caller get a fresh token. Do not grant a broader role.` }],
      check: checkGrants(scene),
    };
  },
};

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

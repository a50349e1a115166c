import { compile } from '../../access/index.ts';
import { resourceKey, roleId, type PrincipalId } from '../../estate/index.ts';
import type { Change } from '../change.ts';
import { reaches, type Scene } from '../scene.ts';

/** A grant that was taken away before the first refusal and that would have allowed the calls, as far as the Activity Log tells. */
export interface RemovedGrant {
  readonly change: Change;
  readonly what: 'a role assignment' | 'an access policy';
  /** Whose it was: the failing principal, a group of it, or nobody that the log names (a deletion carries only an id). */
  readonly of: 'principal' | 'group' | 'unknown';
  readonly holder: PrincipalId | undefined;
  readonly roleId: string | undefined;
  readonly scopeId: string;
}

const hoursBefore = 24;
/** Clocks of two logs differ. */
const toleranceMs = 2 * 60_000;
/** A vault that is written for another reason is written all the time: only close to the onset does it mean anything. */
const vaultWrittenMinutes = 120;

/** The surest first: of the principal, of a group, of somebody; the latest first among equals. */
export function removedGrants(scene: Scene): readonly RemovedGrant[] {
  const first = Date.parse(scene.burst.firstAt);
  const found = (scene.changes ?? []).flatMap((change) => {
    const at = Date.parse(change.at);
    if (!change.succeeded || at > first + toleranceMs || at < first - hoursBefore * 3_600_000) return [];
    const removed = assignmentOf(change, scene) ?? policyOf(change, scene, (first - at) / 60_000);
    return removed === undefined ? [] : [removed];
  });
  return found.toSorted((a, b) => order[a.of] - order[b.of] || (a.change.at < b.change.at ? 1 : -1));
}

const order = { principal: 0, group: 1, unknown: 2 } as const;

function assignmentOf(change: Change, scene: Scene): RemovedGrant | undefined {
  if (change.kind !== 'assignment-removed') return undefined;
  const scopeId = change.details['scope'] || scopeOfAssignment(change.resourceId);
  if (!reaches(scene, scopeId) && !scene.targets.some((target) => resourceKey(scopeId).startsWith(`${target.key}/`))) return undefined;
  const holder = change.details['principalId']?.toLowerCase() as PrincipalId | undefined;
  const failing = scene.failing.principalId;
  const of = !holder ? 'unknown' : holder === failing ? 'principal' : groupsOf(failing, scene).has(holder) ? 'group' : undefined;
  if (of === undefined) return undefined;
  const role = change.details['roleDefinitionId'] || undefined;
  if (role !== undefined && !wouldAllow(scene, role)) return undefined;
  return { change, what: 'a role assignment', of, holder: holder || undefined, roleId: role, scopeId };
}

/** Only a vault that decides by policies, and only where the failing principal has no sufficient entry today. */
function policyOf(change: Change, scene: Scene, minutesBefore: number): RemovedGrant | undefined {
  const { vault } = scene;
  const direct = change.kind === 'vault-policy-written';
  if (vault === undefined || vault.rbac || !(direct || (change.kind === 'vault-written' && minutesBefore <= vaultWrittenMinutes)))
    return undefined;
  const scopeId = change.resourceId.replace(/\/accessPolicies\/.*$/i, '');
  if (resourceKey(scopeId) !== vault.key) return undefined;
  // The write that moved the vault from roles to policies took away a role's effect, not a policy.
  if (!direct && scene.needed.some((one) => one.answer?.nearMisses.some((miss) => miss.kind === 'vault-uses-policies'))) return undefined;
  return { change, what: 'an access policy', of: 'unknown', holder: undefined, roleId: undefined, scopeId };
}

/** Every group of a principal, groups in groups included. The grants of a group whose only assignment was removed show nowhere else. */
function groupsOf(principal: PrincipalId | undefined, { estate }: Scene): ReadonlySet<PrincipalId> {
  const found = new Set<PrincipalId>(principal === undefined ? [] : estate.memberships.get(principal));
  for (const group of found) for (const outer of estate.memberships.get(group) ?? []) found.add(outer);
  return found;
}

/** A role that nobody can read any more, or calls of which nobody knows what they need, may have been the one. */
function wouldAllow(scene: Scene, given: string): boolean {
  const role = scene.access.roleOf(roleId(given));
  const refused = scene.needed.filter((one) => one.answer?.verdict !== 'allowed');
  if (role === undefined || refused.length === 0) return true;
  const blocks = role.blocks.map(compile);
  return refused.some(({ action, data }) => blocks.some((block) => block.allows(action.toLowerCase(), data)));
}

const scopeOfAssignment = (id: string): string => id.split(/\/providers\/microsoft\.authorization\/roleassignments\//i)[0] || '/';

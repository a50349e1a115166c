import { levelOf, type PrincipalId, type ResourceKey } from '../estate/index.ts';
import type { Grant } from './access.ts';
import type { Answer, NearMiss, Path, Question } from './answer.ts';
import type { Asked } from './conditions.ts';
import { deniesOf } from './deny.ts';
import { blindToDenies, doubtsOf } from './doubts.ts';
import type { Ground } from './ground.ts';
import { isCosmosData, nativePaths } from './native-roles.ts';
import { missOf, nearest } from './nearest.ts';
import { saidOf } from './said.ts';
import { vaultOf, type VaultMode } from './vault-mode.ts';
import { policyPermission } from './vault-policies.ts';

/** May this principal do this on that, by which path, or why not. */
export function answer(ground: Ground, { principal, action, data, on }: Question): Answer {
  const call: Asked = { action: action.toLowerCase(), data, on };
  const ids = new Set([principal, ...ground.grants.groupsOf(principal).keys()]);
  const vault = vaultOf(ground, call);
  const judged = ground.grants.of(principal).map((grant) => judgeGrant(ground, grant, call, vault));
  const rolePaths = judged.flatMap(({ path }) => path ?? []);
  const own = ownPaths(ground, ids, call, vault);
  const byRoles = vault.kind !== 'policies';
  const denies = byRoles
    ? deniesOf(
        ground.estate.denyAssignments ?? [],
        ids,
        call,
        (deny) => reaches(ground, deny.scope, deny.doNotApplyToChildScopes, on),
        ground.effectOf,
      )
    : [];
  const paths = [...own.paths, ...rolePaths];
  const doubts = [
    ...doubtsOf(ground, call, ids, vault),
    ...judged.flatMap(({ miss }) =>
      miss?.kind === 'role-unreadable'
        ? [`The definition of role ${miss.assignment.roleId}, assigned at ${miss.assignment.scopeId}, could not be read.`]
        : [],
    ),
    ...judged.flatMap(({ miss }) =>
      miss?.kind === 'wrong-scope' && miss.where === 'above-unknown'
        ? [`Role ${miss.role.name} is held at ${miss.assignment.scopeId}, and whether that lies above the target could not be read.`]
        : [],
    ),
  ];
  return {
    verdict: verdictOf(paths, denies, doubts, vault),
    paths,
    denies: denies.map(({ deny }) => deny),
    nearMisses: nearest(ground.tree, on, [...own.misses, ...judged.flatMap(({ miss }) => miss ?? [])]),
    because: [...paths.slice(0, 5).map(saidOf), ...doubts, ...(byRoles ? blindToDenies(ground, on) : [])],
  };
}

function judgeGrant(ground: Ground, grant: Grant, call: Asked, vault: VaultMode): { readonly path?: Path; readonly miss?: NearMiss } {
  const { assignment, role, groups } = grant;
  const covers = ground.tree.within(call.on, assignment.scope);
  const perhaps = !covers && levelOf(assignment.scope) === 'managementGroup' && !ground.tree.isWhole(call.on);
  if (role === undefined) return covers || perhaps ? { miss: { kind: 'role-unreadable', assignment } } : {};
  const effect = ground.permits(role, assignment.condition, call, call.data);
  if (!covers) {
    if (effect === undefined || effect.kind === 'never') return {};
    const where = perhaps ? 'above-unknown' : ground.tree.within(assignment.scope, call.on) ? 'below' : 'beside';
    return { miss: { kind: 'wrong-scope', assignment, role, where } };
  }
  if (effect === undefined) return optional(missOf(ground.blocksOf(role), assignment, role, call));
  if (effect.kind === 'never') return { miss: { kind: 'condition', assignment, role, text: effect.text } };
  if (vault.kind === 'policies') return { miss: { kind: 'vault-uses-policies', assignment, role } };
  return { path: { kind: 'role', assignment, role, groups, condition: effect } };
}

const optional = (miss: NearMiss | undefined): { readonly miss?: NearMiss } => (miss === undefined ? {} : { miss });

/** Ways that are no role assignments: access policies of the vault, roles that the database keeps itself. */
function ownPaths(
  ground: Ground,
  ids: ReadonlySet<PrincipalId>,
  { action, data, on }: Asked,
  mode: VaultMode,
): { readonly paths: readonly Path[]; readonly misses: readonly NearMiss[] } {
  if (mode.kind === 'roles' || mode.kind === 'policies') {
    const permission = policyPermission(mode.vault, ids, action, ground.estate.tenantId);
    if (permission === undefined) return { paths: [], misses: [] };
    if (mode.kind === 'roles') return { paths: [], misses: [{ kind: 'vault-uses-rbac', vault: mode.vault.key, permission }] };
    return { paths: [{ kind: 'vault-policy', vault: mode.vault.key, permission }], misses: [] };
  }
  if (!data || !isCosmosData(action)) return { paths: [], misses: [] };
  return { paths: nativePaths(ground.estate.nativeRoleAssignments ?? [], ids, action, on, ground.tree.within), misses: [] };
}

const reaches = ({ tree }: Ground, scope: ResourceKey, onlyThere: boolean, on: ResourceKey): boolean =>
  onlyThere ? scope === on : tree.within(on, scope);

function verdictOf(
  paths: readonly Path[],
  denies: readonly { readonly certain: boolean }[],
  doubts: readonly string[],
  vault: VaultMode,
): Answer['verdict'] {
  // Deny assignments stop roles only: a vault's own policies and a database's own roles never ask them.
  if (paths.some(({ kind }) => kind !== 'role')) return 'allowed';
  if (denies.some(({ certain }) => certain)) return 'denied';
  if (paths.length === 0) return doubts.length > 0 ? 'unknown' : 'no-path';
  if (vault.kind === 'unknown') return 'unknown';
  const free = paths.some((path) => path.kind === 'role' && (path.condition.kind === 'none' || path.condition.kind === 'not-applicable'));
  return free && denies.length === 0 ? 'allowed' : 'conditioned';
}

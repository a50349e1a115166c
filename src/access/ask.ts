import { levelOf, resourceKey, type Gap, type PrincipalId, type ResourceKey, type Vault } from '../estate/index.ts';
import type { Grant } from './access.ts';
import type { Answer, NearMiss, Path, Question } from './answer.ts';
import type { Call } from './conditions.ts';
import { deniesOf } from './deny.ts';
import type { Ground } from './ground.ts';
import { isCosmosData, nativePaths } from './native-roles.ts';
import { missOf, nearest } from './nearest.ts';
import { isVaultData, policyPermission } from './vault-policies.ts';

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

type Asked = Required<Call> & { readonly on: ResourceKey; readonly data: boolean };

/** How the target decides about Key Vault data. `other`: the question is not about a vault's data, or about no vault in particular. */
type VaultMode = { readonly kind: 'other' | 'unknown' } | { readonly kind: 'roles' | 'policies'; readonly vault: Vault };

function vaultOf({ estate, tree }: Ground, { action, data, on }: Asked): VaultMode {
  if (!data || !isVaultData(action)) return { kind: 'other' };
  const key = tree.chain(on).find((each) => /\/providers\/microsoft\.keyvault\/vaults\/[^/]+$/.test(each));
  if (key === undefined) return { kind: 'other' };
  const vault = estate.vaults.find((each) => each.key === key);
  return vault === undefined ? { kind: 'unknown' } : { kind: vault.rbac ? 'roles' : 'policies', vault };
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

/** What could hide a path that was not found. */
function doubtsOf(ground: Ground, call: Asked, ids: ReadonlySet<PrincipalId>, vault: VaultMode): readonly string[] {
  const { estate } = ground;
  const blind = estate.gaps.filter((gap) => gap.harmless !== true);
  return [
    ...blind
      .filter(({ slice, scope }) => slice === 'roleAssignments' && covers(ground, scope, call.on))
      .map(({ why }) => `Role assignments were not all read: ${why}`),
    ...(blind.some(({ slice }) => slice === 'groupMembers') ? groupDoubts(ground, call, ids) : []),
    ...(vault.kind === 'unknown'
      ? ['The vault itself was not read, so it is open whether roles or access policies decide about its data.']
      : []),
    ...(call.data && isCosmosData(call.action) && estate.nativeRoleAssignments === undefined
      ? ["Cosmos DB's own role assignments were not read, and they decide about its data."]
      : []),
  ];
}

/** Without members of groups, only a group that holds a sufficient role there could be the way. */
function groupDoubts(ground: Ground, call: Asked, ids: ReadonlySet<PrincipalId>): readonly string[] {
  const able = ground.estate.assignments.filter(({ principalType, principalId, scope, roleId, condition }) => {
    if (principalType.toLowerCase() !== 'group' || ids.has(principalId) || !ground.tree.within(call.on, scope)) return false;
    const role = ground.roleOf(roleId);
    return role === undefined || ground.permits(role, condition, call, call.data) !== undefined;
  });
  return able.length === 0
    ? []
    : [
        `Members of groups were not all read, and ${able.length === 1 ? `group ${able[0]?.principalId} holds` : `${able.length} groups hold`} a role there that would do.`,
      ];
}

function blindToDenies({ estate, tree }: Ground, on: ResourceKey): readonly string[] {
  if (estate.denyAssignments === undefined) return ['Deny assignments were not read; they could only narrow this answer.'];
  return estate.gaps
    .filter(({ slice, scope }) => slice === 'denyAssignments' && covers({ tree }, scope, on))
    .map(({ why }) => `Deny assignments were not all read: ${why}`);
}

const covers = ({ tree }: Pick<Ground, 'tree'>, gapScope: Gap['scope'], on: ResourceKey): boolean => tree.within(on, resourceKey(gapScope));

function saidOf(path: Path): string {
  switch (path.kind) {
    case 'role': {
      const through = path.groups.length === 0 ? '' : ` through group ${path.groups.join(' in ')}`;
      const listed = path.role.source === 'built-in-list' ? ' (definition from the list of built-in roles, Azure did not show it)' : '';
      return `Role ${path.role.name}${listed} at ${path.assignment.scopeId}${through}${conditionSaid(path)}.`;
    }
    case 'vault-policy':
      return `Access policy with ${path.permission} on ${path.vault}.`;
    case 'native-role':
      return `Role ${path.roleName} kept by ${path.account} itself.`;
  }
}

function conditionSaid({ condition }: Path & { kind: 'role' }): string {
  switch (condition.kind) {
    case 'none':
      return '';
    case 'not-applicable':
      return ', with a condition that does not concern this operation';
    case 'allow-list':
      return `, with a condition that lets it grant ${condition.roles.length} listed role${condition.roles.length === 1 ? '' : 's'} only`;
    case 'deny-list':
      return ', with a condition that keeps back some roles and lets it grant every other';
    case 'attributes':
      return `, with a condition on ${condition.attributes.join(', ')}`;
    case 'not-understood':
      return ', with a condition that is not understood and is taken to narrow nothing';
  }
}

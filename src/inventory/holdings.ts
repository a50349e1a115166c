import type { Access, Grant } from '../access/index.ts';
import {
  levelOf,
  principalId,
  type Estate,
  type Identity,
  type PrincipalId,
  type ScopeLevel,
  type Vault,
  type VaultPolicy,
} from '../estate/index.ts';
import { directoryRoles, graphPermissions, lowered, severities, type DirectoryPower } from '../rules/index.ts';
import { grader } from './grade.ts';
import type { Holding } from './identity-sheet.ts';
import { reachIn } from './reach.ts';

/** Every grant that reaches an identity, gravest first: role assignments, vault policies, Cosmos DB's own roles, permissions in the directory. */
export function holdingsIn({
  estate,
  access,
}: {
  readonly estate: Estate;
  readonly access: Access;
}): (identity: Identity) => readonly Holding[] {
  const grade = grader(access);
  const reach = reachIn(estate, access);
  const policies = policiesByPrincipal(estate);
  const native = Map.groupBy(estate.nativeRoleAssignments ?? [], ({ principalId }) => principalId);
  const permissions = Map.groupBy(estate.appRoleGrants, ({ principalId }) => principalId);
  const roles = Map.groupBy(estate.directoryRoles, ({ principalId }) => principalId);

  const named = namesIn(estate);

  const ofRole = ({ assignment, role, groups }: Grant): Holding => {
    const below = reach(assignment.scope);
    return {
      id: assignment.id,
      ...grade(assignment),
      role: { id: assignment.roleId, name: role?.name ?? '' },
      scope: assignment.scopeId,
      scopeLevel: levels[levelOf(assignment.scope)],
      ...throughOf(groups.at(-1), named),
      conditional: assignment.condition !== undefined || role?.blocks.some(({ condition }) => condition !== undefined) === true,
      grantedAt: assignment.createdAt ?? '',
      ...makerOf(assignment.createdBy, named),
      ...(below !== undefined && { reach: below }),
    };
  };

  return ({ principalId: self }) => {
    const groups = estate.memberships.get(self) ?? [];
    const found = [
      ...access.grantsOf(self).map(ofRole),
      ...[self, ...groups].flatMap((holder) =>
        (policies.get(holder) ?? []).map((held) => ({
          ...ofPolicy(held),
          ...throughOf(holder === self ? undefined : holder, named),
        })),
      ),
      ...(native.get(self) ?? []).map((held): Holding => ({
        ...plain,
        id: held.id,
        plane: 'data',
        role: { id: '', name: held.roleName },
        scope: held.scope,
        scopeLevel: 'resource',
      })),
      ...(permissions.get(self) ?? []).map(({ appRoleId, resourceName }) =>
        ofDirectory(appRoleId, graphPermissions.get(appRoleId.toLowerCase()), `application permission of ${resourceName}`),
      ),
      ...[self, ...groups].flatMap((holder) =>
        (roles.get(holder) ?? []).map(({ roleTemplateId, roleName, scope }) => ({
          ...ofDirectory(roleTemplateId, directoryRoles.get(roleTemplateId.toLowerCase()), 'directory role', roleName, scope),
          id: `directory:${[roleTemplateId.toLowerCase(), holder === self ? undefined : holder, scope].filter((part) => part !== undefined).join('/')}`,
          ...throughOf(holder === self ? undefined : holder, named),
        })),
      ),
    ];
    return found.length < 2 ? found : found.sort(gravestFirst);
  };
}

const levels: Readonly<Record<ScopeLevel, Holding['scopeLevel']>> = {
  root: 'tenant',
  managementGroup: 'management-group',
  subscription: 'subscription',
  resourceGroup: 'resource-group',
  resource: 'resource',
};

const plain = { conditional: false, grantedAt: '', grantedBy: '' } as const;

type Named = (id: PrincipalId) => string | undefined;

/** What people call a principal, where the audit learnt it. */
function namesIn({ identities, directory }: Estate): Named {
  const own = new Map(identities.map((identity) => [identity.principalId, identity.name]));
  return (id) => own.get(id) || directory.found.get(id)?.displayName || undefined;
}

function throughOf(group: PrincipalId | undefined, named: Named): Pick<Holding, 'through' | 'throughName'> {
  if (group === undefined) return {};
  const name = named(group);
  return { through: group, ...(name !== undefined && { throughName: name }) };
}

function makerOf(id: string | undefined, named: Named): Pick<Holding, 'grantedBy' | 'grantedByName'> {
  const name = id === undefined ? undefined : named(principalId(id));
  return { grantedBy: id ?? '', ...(name !== undefined && { grantedByName: name }) };
}

interface HeldPolicy {
  readonly vault: Vault;
  readonly policy: VaultPolicy;
}

/** An entry with an application id opens the vault to that application acting for a user, never to the identity by itself. */
function policiesByPrincipal({ vaults }: Estate): ReadonlyMap<PrincipalId, readonly HeldPolicy[]> {
  const held = vaults.flatMap((vault) => vault.policies.filter(({ applicationId }) => !applicationId).map((policy) => ({ vault, policy })));
  return Map.groupBy(held, ({ policy }) => policy.objectId);
}

function ofPolicy({ vault, policy }: HeldPolicy): Holding {
  const parts = (['keys', 'secrets', 'certificates'] as const).filter((plane) => policy[plane].length > 0);
  return {
    ...plain,
    id: `${vault.id}/accessPolicies/${policy.objectId}`,
    plane: 'data',
    role: { id: '', name: `Access policy: ${parts.map((plane) => `${plane} ${policy[plane].join(', ')}`).join('; ') || 'nothing'}` },
    scope: vault.id,
    scopeLevel: 'resource',
    ...(vault.rbac && {
      severity: 'info',
      question:
        'The vault goes by roles now, and this policy does nothing; it comes into force again as soon as somebody switches the vault back. Is it still wanted?',
    }),
  };
}

function ofDirectory(id: string, power: DirectoryPower | undefined, kind: string, name = '', scope = ''): Holding {
  return {
    ...plain,
    id: `directory:${id.toLowerCase()}`,
    plane: 'control',
    role: { id, name: power?.name ?? (name || id) },
    scope: '/',
    scopeLevel: 'tenant',
    severity: power === undefined ? 'info' : scope === '' ? power.severity : lowered(power.severity, 1),
    question: `It is a ${kind} and ${scope === '' ? 'reaches over the whole directory' : `holds in ${scope} of the directory`}: whoever runs as it ${power?.can ?? 'holds it for everybody there'}. Which call of the workload needs it?`,
  };
}

const rank = (severity: Holding['severity']): number => (severity === undefined ? severities.length : severities.indexOf(severity));

const gravestFirst = (a: Holding, b: Holding): number =>
  rank(a.severity) - rank(b.severity) || compare(a.scope, b.scope) || compare(a.role.name, b.role.name) || compare(a.id, b.id);

const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

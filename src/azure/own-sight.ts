import { hostReads, openAccess, permissions, type Access, type PermissionId } from '../access/index.ts';
import { principalId, type Estate, type Gap, type PrincipalId, type ResourceKey } from '../estate/index.ts';

/**
 * What the auditor's own role keeps from it. Resource Graph leaves out what may not be read and says nothing, so the evaluator is asked about the auditor itself, at
 * each scope where it holds a role. Where a read is not among its rights *and* nothing of that kind was shown there, that is a gap and not an absence.
 * Nothing is said of an auditor whose own grants are not visible: its rights are not known then.
 */
export function ownSight(estate: Estate): readonly Gap[] {
  if (estate.auditorPrincipalId === undefined) return [];
  const auditor = principalId(estate.auditorPrincipalId);
  const holders = new Set([auditor, ...(estate.memberships.get(auditor) ?? [])]);
  const assignments = estate.assignments.filter((assignment) => holders.has(assignment.principalId));
  const access = openAccess({ ...estate, assignments });
  const scopes = [...new Map(assignments.filter(({ scope }) => isArea(scope)).map(({ scope, scopeId }) => [scope, scopeId]))];
  return scopes.flatMap(([scope, scopeId]) => gapsAt({ access, auditor, estate, scope, scopeId }));
}

interface Place {
  readonly access: Access;
  readonly auditor: PrincipalId;
  readonly estate: Estate;
  readonly scope: ResourceKey;
  readonly scopeId: string;
}

/** Tenant, management group or subscription: roles on single resources are about data, and say nothing of what is read elsewhere. */
const isArea = (scope: string): boolean =>
  scope === '/' || /^\/subscriptions\/[^/]+$/.test(scope) || /^\/providers\/microsoft\.management\/managementgroups\/[^/]+$/.test(scope);

function gapsAt({ access, auditor, estate, scope, scopeId }: Place): readonly Gap[] {
  const may = (action: string): boolean => {
    const { verdict } = access.may({ principal: auditor, action, data: false, on: scope });
    return verdict === 'allowed' || verdict === 'conditioned' || verdict === 'unknown';
  };
  return permissions.flatMap(({ id, plane, permission, slices, lost }): readonly Gap[] => {
    if (plane !== 'arm') return [];
    if (id === 'resources' && (may(anyRead) || onlyHostReads.some(may))) return may(anyRead) ? [] : [narrowHosts(scopeId)];
    const shown = rowsOf(estate, id);
    if (shown === undefined || may(permission) || shown.some((key) => access.within(key, scope))) return [];
    return slices
      .filter((slice) => slice !== 'assignmentConfirmations')
      .map((slice) => ({
        slice,
        scope: scopeId,
        state: 'missing',
        why: `The auditor's role does not allow it here, and nothing was shown. Lost: ${lost.charAt(0).toLowerCase()}${lost.slice(1)}`,
        permission,
      }));
  });
}

/** Without those that are read for their own sake and stand for themselves. */
const onlyHostReads = hostReads.filter((action) => !permissions.some(({ permission }) => permission === action));

/** A kind of resource that nobody names: whoever may read it may read all. */
const anyRead = 'Microsoft.Example/anything/read';

const narrowHosts = (scope: string): Gap => ({
  slice: 'hosts',
  scope,
  state: 'partial',
  why: "The auditor's role names the kinds of resources that it reads; a host of another kind is not shown, and an identity attached only there looks unattached.",
  permission: '*/read',
  harmless: true,
});

/** Where the rows lie that a read shows. Undefined where a refusal is an answer of its own, and a gap already. */
function rowsOf(estate: Estate, id: PermissionId): readonly ResourceKey[] | undefined {
  const containers = (wanted: string): readonly ResourceKey[] =>
    estate.containers.filter(({ kind }) => kind === wanted).map(({ key }) => key);
  switch (id) {
    case 'subscriptions':
      return containers('subscription');
    case 'resources':
      return estate.hosts.map(({ key }) => key);
    case 'resource-groups':
      return containers('resourceGroup');
    case 'role-assignments':
      return estate.assignments.map(({ scope }) => scope);
    case 'policy-assignments':
      return estate.policyAssignments.map(({ key }) => key);
    case 'user-assigned-identities':
      return estate.identities.filter(({ kind }) => kind === 'user-assigned').map(({ key }) => key);
    case 'federated-credentials':
      return estate.federatedCredentials.map(({ identity }) => identity);
    case 'key-vaults':
      return estate.vaults.map(({ key }) => key);
    case 'clusters':
      return estate.clusters.map(({ key }) => key);
    case 'workspaces':
      return estate.workspaces.map(({ key }) => key);
    // Subscriptions name the management groups above them.
    case 'management-groups':
    case 'role-definitions':
    case 'deny-assignments':
    case 'activity-log':
    case 'native-roles':
    case 'native-role-definitions':
    case 'log-queries':
    case 'log-tables':
    case 'applications':
    case 'deleted-users':
    case 'deleted-groups':
    case 'group-members':
    case 'directory-roles':
      return undefined;
  }
}

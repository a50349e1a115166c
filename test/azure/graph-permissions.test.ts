import { describe, expect, it } from 'vitest';
import { permissions } from '../../src/access/index.ts';
import { principalId, type Estate } from '../../src/estate/index.ts';
import { judgedWithout } from '../../tools/docs/permission-page.ts';
import { unanswered } from './judged.ts';
import { auditor, collect, guid, tenantId, type Files } from './sandboxed.ts';

/**
 * A tenant with something to say under each permission of Microsoft Graph: members of a group, a directory role, an application permission, and one principal of each kind in the
 * recycle bin. Each permission taken away in turn shows what becomes a gap, which facts are gone, and that the rules say less exactly as docs/permissions.md has it.
 */
const subscription = guid(100);
const reader = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const [identity, group, deletedApp, deletedUser, deletedGroup, user] = [guid(1), guid(2), guid(3), guid(4), guid(5), guid(6)];

const assignment = (number: number, principal: string, principalType: string) => ({
  id: `/subscriptions/${subscription}/providers/Microsoft.Authorization/roleAssignments/${guid(300 + number)}`,
  name: guid(300 + number),
  type: 'microsoft.authorization/roleassignments',
  tenantId,
  subscriptionId: subscription,
  properties: {
    principalId: principal,
    principalType,
    roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
    scope: `/subscriptions/${subscription}`,
    createdOn: '2026-01-15T21:08:45Z',
  },
});

const files: Files = {
  'arg/resourcecontainers': [
    {
      id: `/subscriptions/${subscription}`,
      name: 'prod',
      type: 'microsoft.resources/subscriptions',
      tenantId,
      subscriptionId: subscription,
      properties: { state: 'Enabled', managementGroupAncestorsChain: [{ name: tenantId, displayName: 'Tenant Root Group' }] },
    },
  ],
  'arg/authorizationresources': [
    assignment(0, auditor, 'ServicePrincipal'),
    assignment(1, identity, 'ServicePrincipal'),
    assignment(2, group, 'Group'),
    assignment(3, deletedApp, 'ServicePrincipal'),
    assignment(4, deletedUser, 'User'),
    assignment(5, deletedGroup, 'Group'),
    assignment(6, user, 'User'),
    assignment(7, guid(7), 'ServicePrincipal'),
    assignment(8, guid(8), 'User'),
    assignment(9, guid(10), 'Group'),
    {
      id: `/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
      name: reader,
      type: 'microsoft.authorization/roledefinitions',
      tenantId,
      properties: {
        roleName: 'Reader',
        type: 'BuiltInRole',
        assignableScopes: ['/'],
        permissions: [{ actions: ['*/read'], notActions: [], dataActions: [], notDataActions: [] }],
      },
    },
  ],
  'graph/servicePrincipals': [
    { id: identity, displayName: 'app', servicePrincipalType: 'ManagedIdentity', alternativeNames: ['isExplicit=True'] },
    { id: guid(9), appId: '00000003-0000-0000-c000-000000000000', displayName: 'Microsoft Graph', servicePrincipalType: 'Application' },
  ],
  'graph/groups': [{ id: group, displayName: 'workloads' }],
  'graph/users': [{ id: user, displayName: 'Person' }],
  'graph/groupMembers': [{ groupId: group, memberId: identity }],
  'graph/deletedItems': [
    { '@odata.type': '#microsoft.graph.servicePrincipal', id: deletedApp, deletedDateTime: '2026-11-10T00:00:00Z' },
    { '@odata.type': '#microsoft.graph.user', id: deletedUser, deletedDateTime: '2026-11-10T00:00:00Z' },
    { '@odata.type': '#microsoft.graph.group', id: deletedGroup, deletedDateTime: '2026-11-10T00:00:00Z' },
  ],
  'graph/appRoleAssignments': [
    { id: 'a', principalId: identity, resourceId: guid(9), resourceDisplayName: 'Microsoft Graph', appRoleId: guid(500) },
  ],
  'graph/directoryRoleAssignments': [
    {
      id: 'r',
      principalId: identity,
      roleDefinitionId: guid(600),
      roleDefinition: { displayName: 'Directory Readers', templateId: guid(600) },
    },
  ],
};

async function without(...names: readonly string[]): Promise<Estate> {
  const denied = names.map((name) => `permission:${name}`);
  const { estate } = await collect({ files, settings: { denied } });
  return estate;
}

/** What is known thanks to Microsoft Graph. */
interface Facts {
  readonly identity: string | undefined;
  readonly deleted: readonly string[];
  readonly unresolved: readonly string[];
  readonly inGroups: number;
  readonly appRoleGrants: number;
  readonly directoryRoles: number;
}

const factsOf = ({ directory, memberships, appRoleGrants, directoryRoles }: Estate): Facts => ({
  identity: directory.found.get(principalId(identity))?.kind,
  deleted: [...directory.deleted.keys()].toSorted(),
  unresolved: [...directory.unresolved.keys()].toSorted(),
  inGroups: memberships.size,
  appRoleGrants: appRoleGrants.length,
  directoryRoles: directoryRoles.length,
});
const gone = [guid(7), guid(8), guid(10)] as const;
const everything: Facts = {
  identity: 'managed-identity',
  deleted: [deletedApp, deletedUser, deletedGroup],
  unresolved: [],
  inGroups: 1,
  appRoleGrants: 1,
  directoryRoles: 1,
};

const losses: Readonly<Record<string, Partial<Facts>>> = {
  'Application.Read.All': {
    identity: 'limited',
    deleted: [deletedUser, deletedGroup],
    unresolved: [deletedApp, ...gone],
    appRoleGrants: 0,
  },
  'User.Read.All': { deleted: [deletedApp, deletedGroup], unresolved: [deletedUser, gone[1]] },
  'Group.Read.All': { deleted: [deletedApp, deletedUser], unresolved: [deletedGroup, gone[2]] },
  'GroupMember.Read.All': { inGroups: 0 },
  'RoleManagement.Read.Directory': { directoryRoles: 0 },
};

describe('what the directory shows the auditor', () => {
  it('is everything, with all its permissions', async () => {
    const estate = await without();
    expect(factsOf(estate)).toEqual(everything);
    expect(estate.gaps.filter(({ harmless }) => harmless !== true)).toEqual([]);
  });

  it('has a loss for each permission of the list', () => {
    expect(Object.keys(losses)).toEqual(permissions.filter(({ plane }) => plane === 'graph').map(({ permission }) => permission));
  });

  it.each(permissions.filter(({ plane }) => plane === 'graph'))('loses without $permission what the page says', async (one) => {
    // Group.Read.All reads members too, so the smaller permission is missed only where neither is held; the loss that comes with the larger one is its own.
    const both = one.permission === 'GroupMember.Read.All';
    const estate = await without(one.permission, ...(both ? ['Group.Read.All'] : []));
    expect(factsOf(estate)).toEqual({ ...everything, ...(both ? losses['Group.Read.All'] : {}), ...losses[one.permission] });

    const gaps = estate.gaps.filter(({ harmless }) => harmless !== true);
    const own = gaps.filter(({ permission }) => permission === one.permission);
    expect(new Set(own.map(({ slice }) => slice))).toEqual(new Set(one.slices));
    expect(gaps.filter((gap) => !own.includes(gap)).map(({ permission }) => permission)).toEqual(both ? ['Group.Read.All'] : []);
    expect(unanswered({ ...estate, gaps: estate.gaps.filter((gap) => own.includes(gap)) })).toEqual(judgedWithout(one));
  });

  it('does not miss GroupMember.Read.All while Group.Read.All is held', async () => {
    const estate = await without('GroupMember.Read.All');
    expect(factsOf(estate)).toEqual(everything);
    expect(estate.gaps.filter(({ harmless }) => harmless !== true)).toEqual([]);
  });

  it('is nothing without any, and every slice says so', async () => {
    const graph = permissions.filter(({ plane }) => plane === 'graph');
    const estate = await without(...graph.map(({ permission }) => permission));
    const blind = new Set(estate.gaps.filter(({ harmless }) => harmless !== true).map(({ slice }) => slice));
    expect(blind).toEqual(new Set(['principals', 'deletedPrincipals', 'groupMembers', 'appRoleGrants', 'directoryRoles']));
    expect(estate.directory.deleted.size + estate.directory.found.size).toBe(0);
    expect(unanswered(estate).nothing).toContain('orphaned-assignment');
  });
});

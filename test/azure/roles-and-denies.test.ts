import { describe, expect, it } from 'vitest';
import { roleId, type RoleDefinition } from '../../src/estate/index.ts';
import {
  assignment,
  contributor,
  contributorRole,
  managedIdentity,
  microsoftGraph,
  roleDefinition,
  sub1,
  subscription,
  userAssigned,
} from './rows.ts';
import { collect, guid, type Files } from './sandboxed.ts';

const scope = `/subscriptions/${sub1}`;
const uami = userAssigned(sub1, 'app', guid(1));
const custom = guid(700);
const base: Files = {
  'arg/resourcecontainers': [subscription(sub1)],
  'arg/resources': [uami],
  'graph/servicePrincipals': [microsoftGraph, managedIdentity(guid(1), uami.id)],
};
const shipped: RoleDefinition = {
  id: roleId(contributor),
  name: 'Contributor',
  custom: false,
  blocks: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
  assignableScopes: ['/'],
  source: 'azure',
};
const builtInRole = (id: string) => (id === contributor ? shipped : undefined);

describe('role definitions', () => {
  it('keep their blocks and conditions apart', async () => {
    const role = roleDefinition(
      custom,
      'Two blocks',
      [
        { actions: ['a/read'], notActions: ['a/b/read'] },
        { actions: ['*/write'], condition: '@Request[x] StringEquals y', conditionVersion: '2.0' },
      ],
      'CustomRole',
    );
    const { estate } = await collect({
      files: {
        ...base,
        'arg/authorizationresources': [role, { ...role, id: `/subscriptions/x${role.id}` }, assignment(1, guid(1), scope, {}, custom)],
      },
    });
    expect([...estate.roles.values()]).toMatchObject([
      {
        id: custom,
        custom: true,
        blocks: [
          { actions: ['a/read'], notActions: ['a/b/read'], condition: undefined },
          { actions: ['*/write'], notActions: [], condition: '@Request[x] StringEquals y' },
        ],
      },
    ]);
  });

  it('that Resource Graph leaves out are asked of ARM, condition included', async () => {
    const role = roleDefinition(custom, 'Only ARM', [{ actions: ['*'], condition: 'x' }], 'CustomRole');
    const { estate, requests } = await collect({
      files: { ...base, 'arg/authorizationresources': [assignment(1, guid(1), scope, {}, custom)], arm: [role] },
    });
    expect(estate.roles.get(roleId(custom))).toMatchObject({ name: 'Only ARM', source: 'azure', blocks: [{ condition: 'x' }] });
    expect(requests.filter((request) => request.toLowerCase().includes('/roledefinitions/'))).toHaveLength(1);
  });

  it('come from the shipped list, harmlessly, or stay a gap; an unreadable role is not a deleted one', async () => {
    const { estate } = await collect({
      files: { ...base, 'arg/authorizationresources': [assignment(1, guid(1), scope), assignment(2, guid(1), scope, {}, custom)] },
      options: { builtInRole },
    });
    expect(estate.roles.get(roleId(contributor))).toMatchObject({ source: 'built-in-list' });
    expect(estate.roles.has(roleId(custom))).toBe(false);
    expect(
      estate.gaps
        .filter(({ slice }) => slice === 'roleDefinitions')
        .map(({ harmless, why }) => [harmless, why.includes(custom) || why.includes('Contributor')]),
    ).toEqual([
      [true, true],
      [undefined, true],
    ]);
  });

  it('cost no call each where a whole list is missing', async () => {
    const many = Array.from({ length: 60 }, (_, at) => assignment(at, guid(1), scope, {}, guid(7000 + at)));
    const { requests } = await collect({
      files: { ...base, 'arg/authorizationresources': many },
      options: { builtInRole: (id) => ({ ...shipped, id }) },
    });
    expect(requests.filter((request) => request.toLowerCase().includes('/roledefinitions/'))).toEqual([]);
  });
});

describe('deny assignments', () => {
  const deny = {
    id: `${scope}/providers/Microsoft.Authorization/denyAssignments/${guid(800)}`,
    name: guid(800),
    type: 'Microsoft.Authorization/denyAssignments',
    properties: {
      denyAssignmentName: 'managed application',
      scope,
      permissions: [{ actions: ['*/delete'], notActions: [], dataActions: [], notDataActions: [] }],
      principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
      excludePrincipals: [{ id: guid(1).toUpperCase(), type: 'ServicePrincipal' }],
      doNotApplyToChildScopes: true,
    },
  };
  const files: Files = { ...base, 'arg/authorizationresources': [contributorRole, assignment(1, guid(1), scope)], arm: [deny] };

  it('are not read in an audit, and that is said', async () => {
    const { estate, requests } = await collect({ files });
    expect(estate.denyAssignments).toBeUndefined();
    expect(estate.gaps).toMatchObject([{ slice: 'denyAssignments', harmless: true }]);
    expect(requests.filter((request) => request.toLowerCase().includes('denyassignments'))).toEqual([]);
  });

  it('are read where an answer needs them, inherited ones too', async () => {
    const { estate } = await collect({ files, request: { denyAssignmentsAt: [`${scope}/resourceGroups/rg`] } });
    expect(estate.denyAssignments).toMatchObject([
      {
        name: 'managed application',
        scope,
        blocks: [{ actions: ['*/delete'] }],
        principals: ['00000000-0000-0000-0000-000000000000'],
        excludePrincipals: [guid(1)],
        doNotApplyToChildScopes: true,
      },
    ]);
    expect(estate.gaps).toEqual([]);
  });

  it('that may not be read are a gap with the permission', async () => {
    const settings = { faults: [{ match: 'GET denyAssignments', status: 403 }] };
    const { estate } = await collect({ files, settings, request: { denyAssignmentsAt: [scope] } });
    expect(estate.gaps).toMatchObject([
      { slice: 'denyAssignments', scope, state: 'missing', permission: 'Microsoft.Authorization/denyAssignments/read' },
    ]);
  });
});

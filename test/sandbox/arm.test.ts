import { describe, expect, test } from 'vitest';
import {
  assignment,
  at,
  auditor,
  containers,
  each,
  guid,
  mg,
  now,
  otherSub,
  owner,
  reader,
  serve,
  sharing,
  sub,
  subscriptionId,
  tenantId,
} from './small-world.ts';

const version = 'api-version=2022-04-01';
const identity = `${sub}/resourceGroups/app/providers/Microsoft.ManagedIdentity/userAssignedIdentities/orders`;
const credential = {
  id: `${identity}/federatedIdentityCredentials/github`,
  name: 'github',
  properties: {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:contoso/orders:ref:refs/heads/main',
    audiences: ['api://AzureADTokenExchange'],
  },
};
const role = (guid_: string, roleName: string): object => ({
  id: `/providers/Microsoft.Authorization/RoleDefinitions/${guid_}`,
  name: guid_,
  type: 'microsoft.authorization/roledefinitions',
  properties: { roleName, type: 'BuiltInRole', assignableScopes: ['/'], permissions: [] },
});
const files = {
  'arg/resourcecontainers': containers,
  'arg/resources': [
    {
      id: identity,
      name: 'orders',
      type: 'microsoft.managedidentity/userassignedidentities',
      tenantId,
      kind: '',
      location: 'westeurope',
      resourceGroup: 'app',
      subscriptionId,
      managedBy: '',
      sku: null,
      properties: { principalId: guid(95), clientId: guid(85) },
      tags: { owner: 'team' },
      identity: null,
      zones: null,
    },
  ],
  'arg/authorizationresources': [
    role(owner, 'Owner'),
    role(reader, 'Reader'),
    assignment(1, '/', guid(91)),
    assignment(3, `${mg}/corp`, guid(93)),
    assignment(4, sub, guid(94)),
    assignment(5, `${sub}/resourceGroups/app`, guid(95)),
    assignment(6, otherSub, guid(94)),
  ],
  arm: [
    credential,
    {
      id: `${sub}/providers/Microsoft.Authorization/denyAssignments/${guid(7)}`,
      name: guid(7),
      type: 'Microsoft.Authorization/denyAssignments',
      properties: {
        denyAssignmentName: 'managed application',
        permissions: [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
        scope: sub,
        doNotApplyToChildScopes: false,
        principals: [{ id: '00000000-0000-0000-0000-000000000000', type: 'SystemDefined' }],
        excludePrincipals: [{ id: guid(95), type: 'ServicePrincipal' }],
        isSystemProtected: true,
      },
    },
  ],
  'graph/servicePrincipals': [
    { id: guid(94), appId: guid(84), displayName: 'batch', servicePrincipalType: 'ManagedIdentity' },
    { id: guid(95), appId: guid(85), displayName: 'orders', servicePrincipalType: 'ManagedIdentity' },
  ],
  'graph/groupMembers': [
    { groupId: guid(93), memberId: guid(80) },
    { groupId: guid(80), memberId: guid(94) },
  ],
};
const estate = sharing({ files });
const numbers = (body: unknown): readonly number[] =>
  each(body, 'value', 'name')
    .map((name) => Number(String(name).slice(-2)))
    .toSorted((a, b) => a - b);

describe('role assignments', () => {
  test.each([
    { scope: sub, filter: '', expected: [1, 3, 4, 5] },
    { scope: sub, filter: 'atScope()', expected: [1, 3, 4] },
    { scope: `${sub}/resourceGroups/app`, filter: 'atScope()', expected: [1, 3, 4, 5] },
    { scope: `${mg}/corp`, filter: 'atScope()', expected: [1, 3] },
    { scope: '', filter: 'atScope()', expected: [1] },
    { scope: sub, filter: `principalId eq '${guid(94)}'`, expected: [4] },
    { scope: sub, filter: `atScope() and principalId eq '${guid(95)}'`, expected: [] },
    // Through two groups.
    { scope: sub, filter: `assignedTo('${guid(94)}')`, expected: [3, 4] },
    { scope: sub, filter: `atScope() and assignedTo('${guid(94)}')`, expected: [3, 4] },
  ])('at $scope with "$filter"', async ({ scope, filter, expected }) => {
    const s = await estate();
    const { status, body } = await s.arm(
      'GET',
      `${scope}/providers/Microsoft.Authorization/roleAssignments?${version}${filter === '' ? '' : `&$filter=${encodeURIComponent(filter)}`}`,
    );
    expect(status).toBe(200);
    expect(numbers(body)).toEqual(expected);
  });

  test('have the documented shape: no Resource Graph columns, role ids with the subscription that was asked', async () => {
    const s = await estate();
    const { body } = await s.arm('GET', `/${sub}/providers/Microsoft.Authorization/roleAssignments/${guid(4)}?${version}`);
    expect(Object.keys(body as object).toSorted()).toEqual(['id', 'name', 'properties', 'type']);
    expect(body).toMatchObject({
      type: 'Microsoft.Authorization/roleAssignments',
      properties: { roleDefinitionId: `${sub}/providers/Microsoft.Authorization/roleDefinitions/${owner}`, scope: sub },
    });
  });

  test.each(["startswith(principalId, 'a')", 'atscope() or atScope()', "principalId ne 'x'", 'atScope(', "roleName eq 'Owner'"])(
    'the filter %s is refused by name',
    async (filter) => {
      const s = await estate();
      const { status, body } = await s.arm(
        'GET',
        `${sub}/providers/Microsoft.Authorization/roleAssignments?${version}&$filter=${encodeURIComponent(filter)}`,
      );
      expect(status).toBe(400);
      expect(at(body, 'error', 'message')).toContain(filter);
    },
  );

  test('a delete is seen by ARM and by the next query, and a second delete finds nothing', async () => {
    await using s = await serve({ files });
    const id = `${sub}/providers/Microsoft.Authorization/roleAssignments/${guid(4)}`;
    const first = await s.arm('DELETE', `${id}?api-version=2020-04-01-preview`);
    expect([first.status, at(first.body, 'properties', 'principalId')]).toEqual([200, guid(94)]);
    expect((await s.arm('DELETE', `${id}?api-version=2020-04-01-preview`)).status).toBe(204);
    expect((await s.arm('GET', `${id}?${version}`)).body).toMatchObject({ error: { code: 'RoleAssignmentNotFound' } });
    expect(numbers((await s.arm('GET', `${sub}/providers/Microsoft.Authorization/roleAssignments?${version}`)).body)).toEqual([1, 3, 5]);
    expect(at((await s.query(`authorizationresources | where name == '${guid(4)}'`)).body, 'count')).toBe(0);
  });

  test('a create is seen by ARM and by the next query', async () => {
    await using s = await serve({ files });
    const id = `${sub}/resourceGroups/app/providers/Microsoft.Authorization/roleAssignments/${guid(50)}`;
    const body = {
      properties: {
        principalId: guid(94),
        principalType: 'ServicePrincipal',
        roleDefinitionId: `${sub}/providers/Microsoft.Authorization/roleDefinitions/${reader}`,
      },
    };
    expect((await s.arm('PUT', `${id}?${version}`, body)).status).toBe(201);
    expect((await s.arm('PUT', `${id}?${version}`, body)).status).toBe(200);
    expect((await s.arm('GET', `${id}?${version}`)).body).toMatchObject({
      properties: { scope: `${sub}/resourceGroups/app`, createdBy: auditor.principalId, createdOn: new Date(now).toISOString() },
    });
    const row = at((await s.query(`authorizationresources | where name == '${guid(50)}'`)).body, 'data', 0);
    expect(row).toMatchObject({
      type: 'microsoft.authorization/roleassignments',
      subscriptionId,
      properties: { roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${reader}` },
    });
  });

  test.each([
    { name: guid(4), principal: guid(94), role: reader, status: 409, code: 'RoleAssignmentUpdateNotPermitted' },
    { name: guid(51), principal: guid(94), role: owner, status: 409, code: 'RoleAssignmentExists' },
    { name: guid(52), principal: guid(1), role: owner, status: 400, code: 'PrincipalNotFound' },
    { name: 'no-guid', principal: guid(94), role: reader, status: 400, code: 'InvalidRoleAssignmentId' },
    { name: guid(53), principal: 'someone', role: reader, status: 400, code: 'InvalidPrincipalId' },
  ])('a create that Azure refuses: $code', async ({ name, principal, role: roleGuid, status, code }) => {
    await using s = await serve({ files });
    const answer = await s.arm('PUT', `${sub}/providers/Microsoft.Authorization/roleAssignments/${name}?${version}`, {
      properties: { principalId: principal, roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${roleGuid}` },
    });
    expect([answer.status, at(answer.body, 'error', 'code')]).toEqual([status, code]);
  });

  test('arm.jsonl is fresher than Resource Graph: deleted there is a 404 that queries still list', async () => {
    const stale = assignment(4, sub, guid(94));
    const id = `${sub}/providers/Microsoft.Authorization/RoleAssignments/${guid(4)}`;
    await using s = await serve({
      files: { ...files, 'arg/authorizationresources': [stale], arm: [{ id: id.toLowerCase(), deleted: true }] },
    });
    expect((await s.arm('GET', `${id}?${version}`)).status).toBe(404);
    expect(at((await s.query('authorizationresources')).body, 'count')).toBe(1);
    expect(numbers((await s.arm('GET', `${sub}/providers/Microsoft.Authorization/roleAssignments?${version}`)).body)).toEqual([]);
  });
});

describe('other authorization objects', () => {
  test('role definitions by name, by scope, and a built-in one under any prefix', async () => {
    const s = await estate();
    const byName = await s.arm(
      'GET',
      `${sub}/providers/Microsoft.Authorization/roleDefinitions?${version}&$filter=${encodeURIComponent("roleName eq 'reader'")}`,
    );
    expect(each(byName.body, 'value', 'name')).toEqual([reader]);
    expect((await s.arm('GET', `${otherSub}/providers/Microsoft.Authorization/roleDefinitions/${owner}?${version}`)).body).toMatchObject({
      properties: { roleName: 'Owner' },
      type: 'Microsoft.Authorization/roleDefinitions',
    });
    expect((await s.arm('GET', `/providers/Microsoft.Authorization/roleDefinitions/${guid(1)}?${version}`)).body).toMatchObject({
      error: { code: 'RoleDefinitionDoesNotExist' },
    });
  });

  test('deny assignments at a scope below', async () => {
    const s = await estate();
    const { body } = await s.arm(
      'GET',
      `${sub}/resourceGroups/app/providers/Microsoft.Authorization/denyAssignments?${version}&$filter=atScope()`,
    );
    expect(each(body, 'value', 'properties', 'denyAssignmentName')).toEqual(['managed application']);
    expect(each((await s.arm('GET', `${otherSub}/providers/Microsoft.Authorization/denyAssignments?${version}`)).body, 'value')).toEqual(
      [],
    );
  });
});

describe('resources', () => {
  test('by id whatever the casing, and a 404 as Azure words it', async () => {
    const s = await estate();
    const { body } = await s.arm('GET', `${identity.toUpperCase()}?${version}`);
    expect(body).toEqual({
      id: identity,
      name: 'orders',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities',
      location: 'westeurope',
      properties: { principalId: guid(95), clientId: guid(85) },
      tags: { owner: 'team' },
    });
    const missing = await s.arm('GET', `${sub}/resourceGroups/app/providers/Microsoft.KeyVault/vaults/none?${version}`);
    expect([missing.status, at(missing.body, 'error', 'code'), at(missing.body, 'error', 'message')]).toEqual([
      404,
      'ResourceNotFound',
      expect.stringContaining("'Microsoft.KeyVault/vaults/none' under resource group 'app' was not found"),
    ]);
  });

  test('federated credentials of an identity', async () => {
    const s = await estate();
    const { body } = await s.arm('GET', `${identity}/federatedIdentityCredentials?${version}`);
    expect(at(body, 'value')).toEqual([
      { ...credential, type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials' },
    ]);
    expect((await s.arm('GET', `${identity}-2/federatedIdentityCredentials?${version}`)).body).toMatchObject({
      error: { code: 'ParentResourceNotFound' },
    });
  });

  test('a collection of a subscription, of a group, and of one that is not there', async () => {
    const s = await estate();
    const type = 'providers/Microsoft.ManagedIdentity/userAssignedIdentities';
    for (const scope of [sub, `${sub}/resourceGroups/app`])
      expect(each((await s.arm('GET', `${scope}/${type}?${version}`)).body, 'value', 'name')).toEqual(['orders']);
    expect(each((await s.arm('GET', `${otherSub}/${type}?${version}`)).body, 'value')).toEqual([]);
    expect((await s.arm('GET', `/subscriptions/${guid(1)}/${type}?${version}`)).body).toMatchObject({
      error: { code: 'SubscriptionNotFound' },
    });
  });

  test('deleting an identity takes its credentials and its principal along, and leaves its assignments orphaned', async () => {
    await using s = await serve({ files });
    expect((await s.arm('DELETE', `${identity}?${version}`)).status).toBe(200);
    expect((await s.arm('GET', `${identity}/federatedIdentityCredentials/github?${version}`)).status).toBe(404);
    expect(at((await s.query('resources')).body, 'count')).toBe(0);
    expect(each((await s.graph('POST', '/directoryObjects/getByIds', { ids: [guid(94), guid(95)] })).body, 'value', 'id')).toEqual([
      guid(94),
    ]);
    expect(
      (await s.arm('GET', `${sub}/resourceGroups/app/providers/Microsoft.Authorization/roleAssignments/${guid(5)}?${version}`)).status,
    ).toBe(200);
  });

  test('PATCH merges and PUT replaces, for ARM and for the next query', async () => {
    await using s = await serve({ files });
    await s.arm('PATCH', `${identity}?${version}`, { tags: { owner: null, costCentre: '7' } });
    expect(at((await s.query('resources | project tags, properties')).body, 'data', 0)).toEqual({
      tags: { costCentre: '7' },
      properties: { principalId: guid(95), clientId: guid(85), tenantId },
    });
    expect((await s.arm('PUT', `${identity}?${version}`, { location: 'northeurope', properties: {} })).status).toBe(200);
    // An identity keeps its principal when it is written again.
    expect(at((await s.query('resources | project location, p = tostring(properties.principalId)')).body, 'data')).toEqual([
      { location: 'northeurope', p: guid(95) },
    ]);
  });

  test('switching an identity on makes a principal, attaching one fills in its ids', async () => {
    const site = `${sub}/resourceGroups/app/providers/Microsoft.Web/sites/shop`;
    await using s = await serve({
      files: {
        ...files,
        'arg/resources': [
          ...files['arg/resources'],
          { id: site, name: 'shop', type: 'microsoft.web/sites', subscriptionId, location: 'westeurope', properties: {}, identity: null },
        ],
      },
    });
    await s.arm('PATCH', `${site}?${version}`, {
      identity: { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [identity]: {} } },
    });
    const attached = at((await s.query("resources | where name == 'shop' | project identity")).body, 'data', 0, 'identity');
    expect(attached).toMatchObject({ tenantId, userAssignedIdentities: { [identity]: { principalId: guid(95), clientId: guid(85) } } });
    const principal = at(attached, 'principalId');
    expect((await s.graph('GET', `/servicePrincipals/${String(principal)}`)).body).toMatchObject({
      servicePrincipalType: 'ManagedIdentity',
      alternativeNames: ['isExplicit=False', site],
    });
    await s.arm('PATCH', `${site}?${version}`, { tags: { a: 'b' } });
    expect(at((await s.arm('GET', `${site}?${version}`)).body, 'identity', 'principalId')).toBe(principal);
  });

  test('lists come in pages', async () => {
    const credentials = Array.from({ length: 45 }, (_, n) => ({
      ...credential,
      id: `${identity}/federatedIdentityCredentials/c${n}`,
      name: `c${n}`,
    }));
    await using s = await serve({ files: { ...files, arm: credentials } });
    const seen: unknown[] = [];
    let path: string | undefined = `${identity}/federatedIdentityCredentials?${version}&$top=20`;
    while (path !== undefined) {
      const { body } = await s.arm('GET', path);
      seen.push(...each(body, 'value', 'name'));
      const next = at(body, 'nextLink');
      path = typeof next === 'string' ? new URL(next).pathname + new URL(next).search : undefined;
    }
    expect([seen.length, new Set(seen).size]).toEqual([45, 45]);
  });
});

describe('containers', () => {
  test('subscriptions, tenants, management groups and resource groups have ARM shapes', async () => {
    const s = await estate();
    expect(at((await s.arm('GET', `/subscriptions?${version}`)).body, 'value', 0)).toMatchObject({
      id: sub,
      subscriptionId,
      tenantId,
      displayName: 'Production',
      state: 'Enabled',
      authorizationSource: 'RoleBased',
    });
    expect(at((await s.arm('GET', `/tenants?${version}`)).body, 'value', 0)).toMatchObject({ id: `/tenants/${tenantId}`, tenantId });
    expect(each((await s.arm('GET', `${mg}?${version}`)).body, 'value', 'properties', 'displayName')).toEqual([
      'Tenant Root Group',
      'Corp',
    ]);
    expect((await s.arm('GET', `${mg}/corp?${version}`)).body).toMatchObject({
      name: 'corp',
      properties: { details: { parent: { id: `${mg}/${tenantId}` } } },
    });
    expect(each((await s.arm('GET', `${sub}/resourcegroups?${version}`)).body, 'value', 'type')).toEqual([
      'Microsoft.Resources/resourceGroups',
    ]);
    expect((await s.arm('GET', `${sub}/resourceGroups/none?${version}`)).body).toMatchObject({ error: { code: 'ResourceGroupNotFound' } });
  });

  test('a denied subscription is still listed, and everything in it refused', async () => {
    await using s = await serve({ settings: { denied: [`arm:${sub}`] }, files });
    expect(each((await s.arm('GET', `/subscriptions?${version}`)).body, 'value', 'subscriptionId')).toContain(subscriptionId);
    for (const path of [sub, identity, `${sub}/providers/Microsoft.Authorization/roleAssignments`]) {
      const { status, body } = await s.arm('GET', `${path}?${version}`);
      expect([status, at(body, 'error', 'code')]).toEqual([403, 'AuthorizationFailed']);
    }
    const { body } = await s.arm('GET', `${sub}/providers/Microsoft.Authorization/roleAssignments?${version}`);
    expect(at(body, 'error', 'message')).toBe(
      `The client '${auditor.principalId}' with object id '${auditor.principalId}' does not have authorization to perform action 'Microsoft.Authorization/roleAssignments/read' over scope '${sub}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    );
  });
});

describe('what ARM refuses', () => {
  test.each([
    ['/subscriptions', 400, 'MissingApiVersionParameter'],
    ['/subscriptions?api-version=latest', 400, 'InvalidApiVersionParameter'],
    [`${sub}/providers/Microsoft.Authorization/roleAssignments?api-version=1999-01-01`, 400, 'NoRegisteredProviderFound'],
    [`/nothing/here?${version}`, 501, 'NotInSandbox'],
    [`/%E0%A4%A?${version}`, 400, 'BadRequest'],
    [`${mg}/corp?${version}&$expand=children`, 501, 'NotInSandbox'],
  ])('%s', async (path, status, code) => {
    const s = await estate();
    const answer = await s.arm('GET', path);
    expect([answer.status, at(answer.body, 'error', 'code')]).toEqual([status, code]);
  });

  test('actions that the sandbox has not', async () => {
    const s = await estate();
    const { status, body } = await s.arm('POST', `${identity}/listAssociatedResources?${version}`, {});
    expect([status, at(body, 'error', 'message')]).toEqual([501, expect.stringContaining('listAssociatedResources')]);
  });
});

describe('the Activity Log', () => {
  const event = (n: number, hour: number, more: object = {}): object => ({
    eventDataId: `e${n}`,
    eventTimestamp: `2026-11-19T${String(hour).padStart(2, '0')}:00:00.1234567Z`,
    submissionTimestamp: `2026-11-19T${String(hour).padStart(2, '0')}:03:00Z`,
    resourceProviderName: { value: 'Microsoft.Authorization' },
    resourceGroupName: 'app',
    operationName: { value: 'Microsoft.Authorization/roleAssignments/write' },
    ...more,
  });
  const log = (scope: string, filter?: string, more = ''): string =>
    `${scope}/providers/microsoft.insights/eventtypes/management/values?api-version=2015-04-01${filter === undefined ? '' : `&$filter=${encodeURIComponent(filter)}`}${more}`;
  const from = "eventTimestamp ge '2026-11-19T00:00:00Z'";
  const world = {
    files: {
      'arg/resourcecontainers': containers,
      [`activity/${subscriptionId}`]: [event(1, 1), event(2, 5, { resourceProviderName: { value: 'Microsoft.Web' } }), event(3, 9)],
      'activity/corp': [event(4, 2)],
      'activity/tenant': [event(5, 3)],
    },
  };
  const activity = sharing(world);
  const ids = (body: unknown): readonly unknown[] => each(body, 'value', 'eventDataId');

  test('filters and gives the newest first', async () => {
    const s = await activity();
    expect(ids((await s.arm('GET', log(sub, from))).body)).toEqual(['e3', 'e2', 'e1']);
    expect(
      ids(
        (
          await s.arm(
            'GET',
            log(sub, `${from} and eventTimestamp le '2026-11-19T06:00:00Z' and resourceProvider eq 'microsoft.authorization'`),
          )
        ).body,
      ),
    ).toEqual(['e1']);
    expect(at((await s.arm('GET', log(sub, from, '&$select=eventDataId'))).body, 'value', 0)).toEqual({ eventDataId: 'e3' });
  });

  test('management groups and the tenant have a log of their own', async () => {
    const s = await activity();
    expect(ids((await s.arm('GET', log(`${mg}/corp`, from))).body)).toEqual(['e4']);
    expect(ids((await s.arm('GET', log('', from))).body)).toEqual(['e5']);
  });

  test('shows nothing that happens after now', async () => {
    await using s = await serve(world, { now: '2026-11-19T05:02:00Z' });
    expect(ids((await s.arm('GET', log(sub, from))).body)).toEqual(['e1']);
  });

  test('an unauthorised caller gets an empty list, not a 403', async () => {
    for (const denied of [[`activity:${subscriptionId}`], [`arm:${sub}`]]) {
      await using s = await serve({ ...world, settings: { denied } });
      const { status, body } = await s.arm('GET', log(sub, from));
      expect([status, at(body, 'value')]).toEqual([200, []]);
    }
  });

  test('comes in pages', async () => {
    await using s = await serve({ files: { [`activity/${subscriptionId}`]: Array.from({ length: 450 }, (_, n) => event(n, 4)) } });
    const first = await s.arm('GET', log(sub, from));
    const next = new URL(String(at(first.body, 'nextLink')));
    expect(ids(first.body).length).toBe(200);
    expect(ids((await s.arm('GET', next.pathname + next.search)).body).length).toBe(200);
  });

  test.each([
    undefined,
    "resourceProvider eq 'x'",
    "eventTimestamp ge '2026-01-01T00:00:00Z'",
    `${from} and level ne 'x'`,
    `${from} or ${from}`,
    `${from} and shoeSize eq '46'`,
  ])('refuses the filter %s', async (filter) => {
    const s = await activity();
    expect((await s.arm('GET', log(sub, filter))).status).toBe(400);
  });
});

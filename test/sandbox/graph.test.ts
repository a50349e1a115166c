import { describe, expect, test } from 'vitest';
import { at, each, guid, now, serve, sharing } from './small-world.ts';

const sp = (n: number, more: object = {}): object => ({
  id: guid(n),
  appId: guid(n, '6666'),
  displayName: `principal ${n}`,
  servicePrincipalType: 'ManagedIdentity',
  alternativeNames: ['isExplicit=False', `/subscriptions/x/vm${n}`],
  ...more,
});
const files = {
  'graph/servicePrincipals': [sp(1), sp(2, { displayName: "Größe 'x' <b>" }), sp(3, { servicePrincipalType: 'Application' }), sp(9)],
  'graph/users': [{ id: guid(20), displayName: 'Ada', userPrincipalName: 'ada@contoso.example' }],
  'graph/groups': [
    { id: guid(30), displayName: 'outer', securityEnabled: true },
    { id: guid(31), displayName: 'inner', securityEnabled: true },
  ],
  'graph/groupMembers': [
    { groupId: guid(30), memberId: guid(31) },
    { groupId: guid(31), memberId: guid(30) },
    { groupId: guid(31), memberId: guid(1).toUpperCase() },
    { groupId: guid(30), memberId: guid(20) },
  ],
  'graph/partnerReferences': [{ id: guid(40), displayName: 'partner', externalPartnerTenantId: guid(41) }],
  'graph/deletedItems': [
    { id: guid(9), displayName: 'gone', appId: guid(9, '6666'), deletedDateTime: '2026-11-10T00:00:00Z' },
    { id: guid(10), displayName: 'long gone', deletedDateTime: '2026-09-01T00:00:00Z' },
    {
      '@odata.type': '#microsoft.graph.user',
      id: guid(11),
      displayName: 'left',
      userPrincipalName: 'left@contoso.example',
      deletedDateTime: '2026-11-11T00:00:00Z',
    },
  ],
  'graph/appRoleAssignments': [
    { id: 'a', principalId: guid(1), resourceId: guid(3), appRoleId: guid(70), resourceDisplayName: 'Microsoft Graph' },
    { id: 'b', principalId: guid(2), resourceId: guid(3), appRoleId: guid(71), resourceDisplayName: 'Microsoft Graph' },
  ],
  'graph/directoryRoleAssignments': [
    {
      id: 'r',
      principalId: guid(1),
      roleDefinitionId: guid(80),
      directoryScopeId: '/',
      roleDefinition: { displayName: 'Directory Readers' },
    },
  ],
};
const world = sharing({ files });
const ids = (body: unknown): readonly unknown[] => each(body, 'value', 'id');
const getByIds = (numbers: readonly number[], types?: readonly string[]): object => ({
  ids: numbers.map((n) => guid(n)),
  ...(types === undefined ? {} : { types }),
});

describe('getByIds', () => {
  test('gives what is there with its type; what is missing, or in the recycle bin, is simply absent', async () => {
    const s = await world();
    const { status, body } = await s.graph('POST', '/directoryObjects/getByIds', getByIds([1, 20, 30, 9, 10, 99]));
    expect([status, ids(body), each(body, 'value', '@odata.type')]).toEqual([
      200,
      [guid(1), guid(20), guid(30)],
      ['#microsoft.graph.servicePrincipal', '#microsoft.graph.user', '#microsoft.graph.group'],
    ]);
  });

  test.each([
    { types: undefined, expected: [guid(1)] },
    { types: ['directoryObject'], expected: [guid(1)] },
    { types: ['servicePrincipal', 'directoryObjectPartnerReference'], expected: [guid(1), guid(40)] },
    { types: ['user'], expected: [] },
  ])('partner references come only for types $types', async ({ types, expected }) => {
    const s = await world();
    expect(ids((await s.graph('POST', '/directoryObjects/getByIds', getByIds([1, 40], types))).body)).toEqual(expected);
  });

  test.each([
    { name: 'more than 1000 ids', body: { ids: Array.from({ length: 1001 }, (_, n) => guid(n)) } },
    { name: 'an id that is no GUID', body: { ids: [guid(1), '/subscriptions/x'] } },
    { name: 'no ids', body: {} },
    { name: 'types that are no texts', body: { ids: [guid(1)], types: [7] } },
  ])('refuses $name', async ({ body }) => {
    const s = await world();
    const answer = await s.graph('POST', '/directoryObjects/getByIds', body);
    expect([answer.status, at(answer.body, 'error', 'code')]).toEqual([400, 'Request_BadRequest']);
    expect(Object.keys(at(answer.body, 'error') as object)).toEqual(['code', 'message', 'innerError']);
  });

  test('a type the caller may not read comes back with id and type only', async () => {
    await using s = await serve({ settings: { denied: ['graph:users'] }, files });
    const { body } = await s.graph('POST', '/directoryObjects/getByIds', getByIds([1, 20]));
    expect(at(body, 'value', 1)).toEqual({ '@odata.type': '#microsoft.graph.user', id: guid(20) });
    expect(at(body, 'value', 0, 'displayName')).toBe('principal 1');
    for (const path of ['/users', `/users/${guid(20)}`])
      expect((await s.graph('GET', path)).body).toMatchObject({ error: { code: 'Authorization_RequestDenied' } });
  });
});

describe('the recycle bin', () => {
  test('needs a cast, holds 30 days by the clock of the world, and is reached by id too', async () => {
    const s = await world();
    expect(ids((await s.graph('GET', '/directory/deletedItems/microsoft.graph.servicePrincipal')).body)).toEqual([guid(9)]);
    expect(ids((await s.graph('GET', '/directory/deletedItems/microsoft.graph.user')).body)).toEqual([guid(11)]);
    expect((await s.graph('GET', `/directory/deletedItems/${guid(9)}`)).body).toMatchObject({
      id: guid(9),
      deletedDateTime: '2026-11-10T00:00:00Z',
    });
    expect((await s.graph('GET', `/directory/deletedItems/${guid(10)}`)).body).toMatchObject({
      error: { code: 'Request_ResourceNotFound' },
    });
    expect((await s.graph('GET', '/directory/deletedItems')).status).toBe(400);
    expect(now).toContain('2026-11-20');
  });
});

describe('groups and grants', () => {
  test('transitive members go through nested groups and stop in a circle', async () => {
    const s = await world();
    const { body } = await s.graph('GET', `/groups/${guid(30)}/transitiveMembers?$select=id`);
    expect(new Set(ids(body))).toEqual(new Set([guid(1), guid(20), guid(31)]));
    expect(ids((await s.graph('GET', `/groups/${guid(30)}/transitiveMembers/microsoft.graph.servicePrincipal`)).body)).toEqual([guid(1)]);
    expect(ids((await s.graph('GET', `/groups/${guid(30)}/members`)).body)).toEqual(expect.arrayContaining([guid(20), guid(31)]));
    expect((await s.graph('GET', `/groups/${guid(99)}/transitiveMembers`)).status).toBe(404);
  });

  test('app role grants from both ends, and directory roles', async () => {
    const s = await world();
    expect(ids((await s.graph('GET', `/servicePrincipals/${guid(3)}/appRoleAssignedTo`)).body)).toEqual(['a', 'b']);
    expect(ids((await s.graph('GET', `/servicePrincipals/${guid(1)}/appRoleAssignments`)).body)).toEqual(['a']);
    expect(at((await s.graph('GET', '/roleManagement/directory/roleAssignments')).body, 'value', 0)).toEqual({
      id: 'r',
      principalId: guid(1),
      roleDefinitionId: guid(80),
      directoryScopeId: '/',
    });
    expect(
      at((await s.graph('GET', '/roleManagement/directory/roleAssignments?$expand=roleDefinition')).body, 'value', 0, 'roleDefinition'),
    ).toEqual({ displayName: 'Directory Readers' });
  });

  test.each([
    ['graph', '/servicePrincipals'],
    ['graph:groupMembers', `/groups/${guid(30)}/transitiveMembers`],
    ['graph:appRoleAssignments', `/servicePrincipals/${guid(3)}/appRoleAssignedTo`],
    ['graph:deletedItems', '/directory/deletedItems/microsoft.graph.servicePrincipal'],
    ['graph:directoryRoleAssignments', '/roleManagement/directory/roleAssignments'],
  ])('%s denied refuses %s', async (denied, path) => {
    await using s = await serve({ settings: { denied: [denied] }, files });
    const { status, body } = await s.graph('GET', path);
    expect([status, at(body, 'error', 'code')]).toEqual([403, 'Authorization_RequestDenied']);
  });
});

describe('lists', () => {
  test.each([
    ["servicePrincipalType eq 'managedidentity'", [1, 2]],
    ["servicePrincipalType eq 'ManagedIdentity' and startswith(displayName, 'PRINC')", [1]],
    [`id in ('${guid(1)}', '${guid(3)}')`, [1, 3]],
    ["displayName eq 'Größe ''x'' <b>'", [2]],
    ["alternativeNames/any(n:n eq '/subscriptions/x/vm3')", [3]],
    ["alternativeNames/any(n: startswith(n, '/subscriptions/x/vm'))", [1, 2, 3]],
  ])('$filter=%s', async (filter, expected) => {
    const s = await world();
    expect(ids((await s.graph('GET', `/servicePrincipals?$filter=${encodeURIComponent(filter)}`)).body)).toEqual(
      expected.map((n) => guid(n)),
    );
  });

  test('advanced filters need their header, as Graph wants it', async () => {
    const s = await world();
    const path = `/servicePrincipals?$count=true&$filter=${encodeURIComponent("servicePrincipalType ne 'ManagedIdentity'")}`;
    expect((await s.graph('GET', path)).body).toMatchObject({ error: { code: 'Request_UnsupportedQuery' } });
    expect((await s.graph('GET', path, undefined, { consistencylevel: 'eventual' })).body).toMatchObject({
      '@odata.count': 1,
      value: [{ id: guid(3) }],
    });
  });

  test('come in pages by @odata.nextLink, 100 at a time unless asked', async () => {
    await using s = await serve({ files: { 'graph/servicePrincipals': Array.from({ length: 250 }, (_, n) => sp(n)) } });
    const seen: unknown[] = [];
    let path: string | undefined = '/servicePrincipals?$select=id';
    let pages = 0;
    while (path !== undefined) {
      const { body } = await s.graph('GET', path);
      seen.push(...ids(body));
      const next: unknown = at(body, '@odata.nextLink');
      path = typeof next === 'string' ? next.slice(next.indexOf('/v1.0') + '/v1.0'.length) : undefined;
      pages += 1;
    }
    expect([pages, new Set(seen).size]).toEqual([3, 250]);
    expect(each((await s.graph('GET', '/servicePrincipals?$top=999')).body, 'value').length).toBe(250);
    expect((await s.graph('GET', '/servicePrincipals?$top=1000')).status).toBe(400);
  });

  test('single objects by id, by application id, with $select', async () => {
    const s = await world();
    expect((await s.graph('GET', `/servicePrincipals/${guid(1)}?$select=displayName`)).body).toMatchObject({ displayName: 'principal 1' });
    expect((await s.graph('GET', `/servicePrincipals(appId='${guid(2, '6666')}')`)).body).toMatchObject({ id: guid(2) });
    expect((await s.graph('GET', `/servicePrincipals/${guid(20)}`)).status).toBe(404);
    expect((await s.graph('GET', `/servicePrincipals/${guid(9)}`)).status).toBe(404);
  });

  test.each([
    '/servicePrincipals?$orderby=displayName',
    '/servicePrincipals?$search="x"',
    '/me',
    '/auditLogs/signIns',
    `/servicePrincipals/${guid(1)}/owners`,
  ])('%s is refused by name', async (path) => {
    const s = await world();
    const { status, body } = await s.graph('GET', path);
    expect([status, at(body, 'error', 'code')]).toEqual([501, 'NotInSandbox']);
  });
});

describe('$batch', () => {
  test('answers each request with its own status', async () => {
    const s = await world();
    const requests = [
      { id: '1', method: 'GET', url: `/servicePrincipals/${guid(1)}?$select=id` },
      { id: '2', method: 'GET', url: `/groups/${guid(99)}/transitiveMembers` },
      {
        id: '3',
        method: 'POST',
        url: '/directoryObjects/getByIds',
        body: getByIds([1, 20]),
        headers: { 'Content-Type': 'application/json' },
      },
    ];
    const { body } = await s.graph('POST', '/$batch', { requests });
    expect(each(body, 'responses', 'id')).toEqual(['1', '2', '3']);
    expect(each(body, 'responses', 'status')).toEqual([200, 404, 200]);
    expect(at(body, 'responses', 2, 'body', 'value', 1, 'id')).toBe(guid(20));
  });

  test('takes 20 requests at most', async () => {
    const s = await world();
    const requests = Array.from({ length: 21 }, (_, n) => ({ id: String(n), method: 'GET', url: '/users' }));
    expect((await s.graph('POST', '/$batch', { requests })).status).toBe(400);
    expect((await s.graph('POST', '/$batch', {})).status).toBe(400);
  });
});

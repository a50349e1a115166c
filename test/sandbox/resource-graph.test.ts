import { describe, expect, test } from 'vitest';
import {
  assignment,
  at,
  containers,
  each,
  guid,
  mg,
  now,
  otherSub,
  otherSubscriptionId,
  owner,
  serve,
  sharing,
  sub,
  subscriptionId,
  tenantId,
} from './small-world.ts';

const resource = (n: number, scope = sub, more: object = {}): object => ({
  id: `${scope}/resourceGroups/app/providers/Microsoft.Web/sites/site-${String(n).padStart(4, '0')}`,
  name: `site-${String(n).padStart(4, '0')}`,
  type: 'microsoft.web/sites',
  tenantId,
  location: 'westeurope',
  resourceGroup: 'app',
  subscriptionId: scope.slice('/subscriptions/'.length),
  properties: { state: 'Running' },
  ...more,
});
const builtIn = {
  id: `/providers/Microsoft.Authorization/RoleDefinitions/${owner}`,
  name: owner,
  type: 'microsoft.authorization/roledefinitions',
  properties: { roleName: 'Owner', type: 'BuiltInRole', assignableScopes: ['/'] },
};
const everywhere = {
  'arg/resourcecontainers': containers,
  'arg/authorizationresources': [
    builtIn,
    assignment(1, '/', guid(91)),
    assignment(2, `${mg}/${tenantId}`, guid(92)),
    assignment(3, `${mg}/corp`, guid(93)),
    assignment(4, sub, guid(94)),
    assignment(5, `${sub}/resourceGroups/app`, guid(95)),
    assignment(6, otherSub, guid(96)),
  ],
  'arg/resources': [resource(1), resource(2, otherSub)],
};
const estate = sharing({ files: everywhere });
const empty = sharing({});
const names = (body: unknown): readonly unknown[] => each(body, 'data', 'name');
const assignments = "authorizationresources | where type =~ 'microsoft.authorization/roleassignments' | project id, name | order by id asc";
const numbers = (body: unknown): readonly number[] =>
  names(body)
    .map((name) => Number(String(name).slice(-2)))
    .toSorted((a, b) => a - b);

describe('the wire shape', () => {
  test('has the keys of the documented answer, with resultTruncated as a string', async () => {
    const s = await estate();
    const { status, body, headers } = await s.query('resources | project id, name | order by id asc');
    expect(status).toBe(200);
    expect(Object.keys(body as object).toSorted()).toEqual(['count', 'data', 'facets', 'resultTruncated', 'totalRecords']);
    expect(body).toMatchObject({ count: 2, totalRecords: 2, facets: [], resultTruncated: 'false' });
    expect(headers).toMatchObject({ 'x-ms-user-quota-remaining': '15', 'x-ms-user-quota-resets-after': '00:00:05' });
  });

  test('knows tables whatever their casing, and Azure tables that the world lacks are empty', async () => {
    const s = await estate();
    expect(names((await s.query('Resources | where name =~ "SITE-0001" | project name')).body)).toEqual(['site-0001']);
    expect((await s.query('AdvisorResources | project id')).body).toMatchObject({ count: 0, data: [] });
  });

  test('gives rows as a table when asked', async () => {
    const s = await estate();
    const { body } = await s.query('resources | project name, properties | order by name asc | limit 1', {
      options: { resultFormat: 'table' },
    });
    expect(at(body, 'data')).toEqual({
      columns: [
        { name: 'name', type: 'string' },
        { name: 'properties', type: 'object' },
      ],
      rows: [['site-0001', { state: 'Running' }]],
    });
  });

  test('now() is the clock of the world', async () => {
    const s = await estate();
    expect(at((await s.query('resources | limit 1 | project t = now()')).body, 'data', 0, 't')).toBe(
      new Date(now).toISOString().replace('.000Z', 'Z'),
    );
  });
});

describe('pages', () => {
  const many = { files: { 'arg/resources': Array.from({ length: 2345 }, (_, n) => resource(n)) } };
  const large = sharing(many);

  test('come by skip token, each row once', async () => {
    const s = await large();
    const seen: unknown[] = [];
    let token: unknown;
    let pages = 0;
    do {
      const { body } = await s.query('resources | project id, name | order by id asc', {
        options: { $top: 1000, ...(token === undefined ? {} : { $skipToken: token }) },
      });
      expect(body).toMatchObject({ totalRecords: 2345, resultTruncated: 'false' });
      seen.push(...names(body));
      token = at(body, '$skipToken');
      pages += 1;
    } while (token !== undefined);
    expect([pages, seen.length, new Set(seen).size]).toEqual([3, 2345, 2345]);
  });

  test('do not come after limit, and the answer says that it is cut', async () => {
    const s = await large();
    const { body } = await s.query('resources | project id | limit 1500');
    expect(body).toMatchObject({ count: 1000, resultTruncated: 'true' });
    expect(at(body, '$skipToken')).toBeUndefined();
  });

  test('do not come where every column is dynamic', async () => {
    const s = await large();
    const { body } = await s.query('resources | project properties');
    expect([at(body, 'resultTruncated'), at(body, '$skipToken')]).toEqual(['true', undefined]);
  });

  test.each([
    { $top: 1001 },
    { $top: 0 },
    { $top: 'all' },
    { $skip: -1 },
    { $skipToken: 'made up' },
    { resultFormat: 'csv' },
    { authorizationScopeFilter: 'Everything' },
  ])('refuses %j', async (options) => {
    const s = await empty();
    const { status, body } = await s.query('resources | project id', { options });
    expect([status, at(body, 'error', 'code')]).toEqual([400, 'BadRequest']);
  });
});

describe('scopes', () => {
  test.each([
    // The trap: by default a subscription does not show what it inherits.
    { scope: { subscriptions: [subscriptionId] }, filter: undefined, expected: [4, 5] },
    { scope: { subscriptions: [subscriptionId] }, filter: 'AtScopeAndAbove', expected: [1, 2, 3, 4] },
    { scope: { subscriptions: [subscriptionId] }, filter: 'AtScopeAboveAndBelow', expected: [1, 2, 3, 4, 5] },
    { scope: { subscriptions: [subscriptionId] }, filter: 'AtScopeExact', expected: [4] },
    { scope: { managementGroups: ['corp'] }, filter: undefined, expected: [3, 4, 5] },
    { scope: { managementGroups: ['CORP'] }, filter: 'AtScopeAboveAndBelow', expected: [1, 2, 3, 4, 5] },
    { scope: { managementGroups: ['corp'] }, filter: 'AtScopeExact', expected: [3] },
    { scope: {}, filter: undefined, expected: [1, 2, 3, 4, 5, 6] },
    { scope: {}, filter: 'AtScopeAboveAndBelow', expected: [1, 2, 3, 4, 5, 6] },
    { scope: { subscriptions: [otherSubscriptionId, subscriptionId] }, filter: undefined, expected: [4, 5, 6] },
  ])('$scope with $filter', async ({ scope, filter, expected }) => {
    const s = await estate();
    const { body } = await s.query(assignments, { ...scope, options: filter === undefined ? {} : { authorizationScopeFilter: filter } });
    expect(numbers(body)).toEqual(expected);
  });

  test('resources are those below, and built-in roles are everywhere', async () => {
    const s = await estate();
    expect(names((await s.query('resources | project name', { subscriptions: [subscriptionId] })).body)).toEqual(['site-0001']);
    expect(
      names(
        (
          await s.query("authorizationresources | where type == 'microsoft.authorization/roledefinitions' | project name", {
            subscriptions: [otherSubscriptionId],
          })
        ).body,
      ),
    ).toEqual([owner]);
  });

  test('subscriptions and management groups at once are refused', async () => {
    const s = await estate();
    expect((await s.query('resources', { subscriptions: [subscriptionId], managementGroups: ['corp'] })).status).toBe(400);
  });

  test('only a query none of whose subscriptions can be read is refused; otherwise the unreadable is left out without a word', async () => {
    await using s = await serve({ settings: { denied: [`arm:${otherSub}`] }, files: everywhere });
    expect((await s.query('resources | project name', { subscriptions: [otherSubscriptionId] })).status).toBe(403);
    expect((await s.query('resources | project name', { subscriptions: [guid(1)] })).status).toBe(403);
    expect(names((await s.query('resources | project name', { subscriptions: [otherSubscriptionId, subscriptionId] })).body)).toEqual([
      'site-0001',
    ]);
  });

  test('a denied area is absent, the container itself too', async () => {
    await using s = await serve({ settings: { denied: [`arm:${mg}/corp`] }, files: everywhere });
    expect(new Set(names((await s.query('resourcecontainers | project name')).body))).toEqual(new Set([tenantId, 'Test']));
    expect(numbers((await s.query(assignments)).body)).toEqual([1, 2, 6]);
  });

  test('a denied resource group hides what is in it, and nothing beside it', async () => {
    const near = resource(3, sub, { id: `${sub}/resourceGroups/application/providers/Microsoft.Web/sites/near`, name: 'near' });
    await using s = await serve({
      settings: { denied: [`arm:${sub}/resourceGroups/APP`] },
      files: { ...everywhere, 'arg/resources': [resource(1), near] },
    });
    expect(names((await s.query('resources | project name')).body)).toEqual(['near']);
    expect(numbers((await s.query(assignments)).body)).toEqual([1, 2, 3, 4, 6]);
  });
});

describe('what Resource Graph does not take', () => {
  test.each([
    ['let x = 1; resources | where 1 == x', 'UnsupportedStatement'],
    ['resources | project-rename a = name', 'UnsupportedOperator'],
    [
      'resources | join (resources) on id | join (resources) on id | join (resources) on id | join (resources) on id',
      'DisallowedMaxNumberOfJoins',
    ],
    ['resources | mv-expand properties limit 2000', 'DisallowedMvExpandLimit'],
    ['resources | where', 'ParserFailure'],
    ['resources | where nosuchcolumn == 1', 'SemanticFailure'],
    ['nosuchtable | project id', 'SemanticFailure'],
  ])('%s', async (query, code) => {
    const s = await empty();
    const { status, body } = await s.query(query);
    expect(status).toBe(400);
    expect(at(body, 'error', 'message')).toContain('Please provide below info when asking for support');
    expect(each(at(body, 'error'), 'details', 'code')).toEqual(['InvalidQuery', code]);
  });

  test('words inside strings and comments are no operators', async () => {
    const s = await estate();
    const { status, body } = await s.query("resources | where name != 'x | let y | take 5' // | render\n| project name");
    expect([status, at(body, 'count')]).toEqual([200, 2]);
  });

  test.each(['{"query":', '[]', '{}', '{"query":"  "}'])('the body %s is a 400', async (text) => {
    const s = await empty();
    expect((await s.arm('POST', '/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01', text)).status).toBe(400);
  });

  test('an unknown construct is named, not guessed', async () => {
    const s = await estate();
    const { status, body } = await s.query('resources | extend x = geo_point_to_h3cell(1.0, 2.0) | project x');
    expect([status, at(body, 'error', 'code')]).toEqual([501, 'NotInSandbox']);
    expect(at(body, 'error', 'message')).toContain('geo_point_to_h3cell');
  });
});

test('the quota of the world is enforced, with the headers to wait by', async () => {
  await using s = await serve({ settings: { quota: { resourceGraph: { queries: 3, windowSeconds: 60 } } }, files: everywhere });
  const answers = [];
  for (let n = 0; n < 4; n += 1) answers.push(await s.query('resources | project id'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers.map(({ headers }) => headers['x-ms-user-quota-remaining'])).toEqual(['2', '1', '0', '0']);
  expect(answers[3]?.headers['x-ms-user-quota-resets-after']).toMatch(/^00:0[01]:\d\d$/);
  expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0);
  expect(at(answers[3]?.body, 'error', 'code')).toBe('RateLimiting');
});

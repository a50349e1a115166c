import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { assert, oneof, property, string, stringMatching } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NotAWorld, startSandbox } from '../../src/sandbox/index.ts';
import { parseFilter } from '../../src/sandbox/filter.ts';
import { Failure } from '../../src/sandbox/failure.ts';
import { assignment, at, each, guid, now, serve, sub, tenantId, writeWorld } from './small-world.ts';

const refusal = async (dir: string): Promise<string> => {
  const error: unknown = await startSandbox({ worldDir: dir, storage: false }).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(NotAWorld);
  return error instanceof Error ? error.message : '';
};

describe('a folder that is no world', () => {
  test('is refused with everything that is wrong with it', async () => {
    const dir = writeWorld({
      settings: {
        format: 2,
        now: 'soon',
        tenantId: 'contoso',
        denied: ['blob:x', 'arm:sub'],
        faults: [
          { match: 'get /x', status: 9 },
          { match: 'GET [', times: -1 },
        ],
        quota: { resourceGraph: { queries: 0, windowSeconds: 5 } },
      },
    });
    const message = await refusal(dir);
    for (const place of [
      'format',
      'now',
      'tenantId',
      'denied.0',
      'denied.1',
      'faults.0.match',
      'faults.0.status',
      'faults.1.match',
      'faults.1.times',
      'quota.resourceGraph.queries',
    ])
      expect(message).toContain(`world.json, ${place}:`);
  });

  test('without world.json, or with one that is no JSON', async () => {
    const dir = writeWorld({});
    expect(await refusal(join(dir, 'nowhere'))).toContain('world.json is missing');
    writeFileSync(join(dir, 'world.json'), '{"format":1,');
    expect(await refusal(dir)).toContain('world.json: not valid JSON');
  });

  test('with lines that nobody can read: each is named by file and line', async () => {
    const dir = writeWorld({ files: { 'arg/resources': [{ id: 'x' }], arm: [] } });
    mkdirSync(join(dir, 'graph'));
    writeFileSync(join(dir, 'arg/resources.jsonl'), '{"id":"a"}\r\n\n{"id":\n{"id":"b"}\n');
    writeFileSync(join(dir, 'graph/users.jsonl'), '[1]\n');
    mkdirSync(join(dir, 'graph/groups.jsonl'));
    const message = await refusal(dir);
    expect(message).toContain('graph/groups.jsonl: must be a file');
    expect(message).toContain('arg/resources.jsonl, line 3: not valid JSON');
    expect(message).toContain('graph/users.jsonl, line 1: a line must be one JSON object');
  });
});

test('the smallest world is an empty Azure', async () => {
  const dir = writeWorld({});
  writeFileSync(join(dir, 'world.json'), JSON.stringify({ format: 1, now: '2026-11-20T08:00:00Z' }));
  await using s = await serve(dir);
  expect(s.sandbox.environment['AZURE_CLIENT_ID']).toBeUndefined();
  expect((await s.query('resources | project id')).body).toMatchObject({ totalRecords: 0, data: [] });
  expect(each((await s.arm('GET', '/subscriptions?api-version=2022-12-01')).body, 'value')).toEqual([]);
  expect((await s.graph('POST', '/directoryObjects/getByIds', { ids: [guid(1)] })).body).toMatchObject({ value: [] });
  expect((await s.arm('GET', `${sub}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`)).body).toEqual({
    value: [],
  });
});

test('a world without a tenant id has that of its containers', async () => {
  const dir = writeWorld({ files: { 'arg/resourcecontainers': [{ id: sub, type: 'microsoft.resources/subscriptions', tenantId }] } });
  writeFileSync(join(dir, 'world.json'), JSON.stringify({ format: 1, now }));
  await using s = await serve(dir);
  expect(s.sandbox.tenantId).toBe(tenantId);
});

test('hostile names, odd types, doubled and missing ids go through as data', async () => {
  const name = '=cmd|\u202e"\'\\ 💥 <script> \u0000 é';
  const files = {
    'arg/resources': [
      {
        id: `${sub}/resourceGroups/app/providers/Microsoft.Web/sites/a`,
        name,
        type: 'microsoft.web/sites',
        tags: { __proto__x: 1, constructor: 'x' },
      },
      { name: 7, properties: 'text', id: null },
      {},
      { id: [], type: {} },
    ],
    'arg/authorizationresources': [
      assignment(1, sub, guid(1)),
      assignment(1, sub, guid(1)),
      { id: 'no slash', type: 'microsoft.authorization/roleassignments', properties: null },
    ],
    'graph/servicePrincipals': [{ id: guid(1), displayName: name }, { id: 5 }, {}],
    'graph/groupMembers': [{ groupId: 1 }, {}],
    arm: [{}, { id: 3 }, { id: `${sub}/resourceGroups/app/providers/Microsoft.Web/sites/a`, deleted: true }],
  };
  await using s = await serve({ files });
  expect(at((await s.query("resources | where name startswith '=cmd' | project name, tags")).body, 'data', 0)).toEqual({
    name,
    tags: { __proto__x: 1, constructor: 'x' },
  });
  expect(
    at(
      (
        await s.query('resources', {
          subscriptions: [sub.slice('/subscriptions/'.length)],
          options: { authorizationScopeFilter: 'AtScopeAboveAndBelow' },
        })
      ).body,
      'count',
    ),
  ).toBe(1);
  expect(
    at(
      (await s.query('authorizationresources | where type =~ "microsoft.authorization/roleassignments" | count')).body,
      'data',
      0,
      'Count',
    ),
  ).toBe(3);
  const listed = await s.arm('GET', `${sub}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01`);
  expect(each(listed.body, 'value', 'name')).toContain(guid(1));
  expect(at((await s.graph('POST', '/directoryObjects/getByIds', { ids: [guid(1)] })).body, 'value', 0, 'displayName')).toBe(name);
  expect((await s.arm('DELETE', `${sub}/providers/Microsoft.Authorization/roleAssignments/${guid(1)}?api-version=2022-04-01`)).status).toBe(
    200,
  );
  // Both of the doubled rows are gone.
  expect(at((await s.query(`authorizationresources | where name == '${guid(1)}' | count`)).body, 'data', 0, 'Count')).toBe(0);
});

describe('faults', () => {
  test('strike as often as asked, after as many calls as asked, and say when to come back', async () => {
    const faults = [{ match: 'POST /providers/Microsoft.ResourceGraph/resources', status: 503, retryAfterSeconds: 7, after: 1, times: 2 }];
    await using s = await serve({ settings: { faults } });
    const answers = [];
    for (let n = 0; n < 4; n += 1) answers.push(await s.query('resources | project id'));
    expect(answers.map(({ status }) => status)).toEqual([200, 503, 503, 200]);
    expect([answers[1]?.headers['retry-after'], at(answers[1]?.body, 'error', 'code')]).toEqual(['7', 'ServiceUnavailable']);
  });

  test('break connections, match by pattern over path and query, and reach each endpoint in its own error shape', async () => {
    const faults = [
      { match: 'GET ^/subscriptions\\?.*2020-01-01', dropConnection: true, times: 1 },
      { match: 'GET /v1.0/servicePrincipals', status: 429, retryAfterSeconds: 1, code: 'TooManyRequests', message: 'slow down' },
      { match: '* /v1/workspaces/', status: 500 },
    ];
    await using s = await serve({ settings: { faults } });
    expect((await s.arm('GET', '/subscriptions?api-version=2022-12-01')).status).toBe(200);
    expect((await s.arm('GET', '/subscriptions?api-version=2020-01-01')).status).toBe(0);
    expect((await s.arm('GET', '/subscriptions?api-version=2020-01-01')).status).toBe(200);
    expect((await s.graph('GET', '/servicePrincipals')).body).toMatchObject({
      error: { code: 'TooManyRequests', message: 'slow down', innerError: {} },
    });
    expect((await s.logs('/v1/workspaces/x/query', { query: 'AzureActivity' })).body).toMatchObject({
      error: { code: 'InternalServerError' },
    });
    expect(s.sandbox.requests().filter(({ status }) => status === 0)).toEqual([
      { service: 'arm', method: 'GET', path: '/subscriptions', status: 0 },
    ]);
  });
});

test('a filter is understood or refused, never a crash', () => {
  const outcome = (text: string): 'understood' | 'refused' | 'crashed' => {
    try {
      parseFilter(text);
      return 'understood';
    } catch (cause) {
      return cause instanceof Failure && cause.status === 400 ? 'refused' : 'crashed';
    }
  };
  expect([outcome("a eq 'b'"), outcome('a eq')]).toEqual(['understood', 'refused']);
  assert(
    property(oneof(string(), stringMatching(/^[a-z ()'/,:]{0,40}$/)), (text) => outcome(text) !== 'crashed'),
    { numRuns: 500 },
  );
});

import { describe, expect, test } from 'vitest';
import { at, each, now, serve, sharing, sub } from './small-world.ts';

const workspace = 'dddddddd-0000-4000-8000-000000000001';
const empty = 'dddddddd-0000-4000-8000-000000000002';
const vault = `${sub}/resourceGroups/app/providers/Microsoft.KeyVault/vaults/orders`;
const row = (minutesAgo: number, more: object = {}): object => ({
  TimeGenerated: new Date(Date.parse(now) - minutesAgo * 60_000).toISOString(),
  OperationName: 'SecretGet',
  HttpStatusCode: 403,
  Identity: { claim: { oid: 'a' } },
  _ResourceId: vault.toLowerCase(),
  ...more,
});
const files = {
  [`logs/${workspace}/AZKVAuditLogs`]: [row(5), row(70), row(2, { _ResourceId: `${vault}-2`.toLowerCase(), OperationName: 'KeyGet' })],
  [`logs/${workspace}/AzureDiagnostics`]: [
    { TimeGenerated: now, Resource: 'X', identity_claim_xms_mirid_s: '/subscriptions/x', httpStatusCode_d: 403 },
  ],
  [`logs/${workspace}/Orders_CL`]: [{ TimeGenerated: now, Count_d: 2, Note: 'x', Flag: true, Bag: { a: 1 } }],
  'arg/resources': [
    {
      id: `${sub}/resourceGroups/app/providers/Microsoft.OperationalInsights/workspaces/w`,
      type: 'microsoft.operationalinsights/workspaces',
      properties: { customerId: empty },
    },
  ],
};
const world = sharing({ files });
const path = `/v1/workspaces/${workspace}/query`;
const rows = (body: unknown): unknown => at(body, 'tables', 0, 'rows');

describe('a workspace query', () => {
  test('has the documented shape: named and typed columns, rows as arrays, dynamic as text', async () => {
    const s = await world();
    const { status, body } = await s.logs(path, {
      query: 'AZKVAuditLogs | project TimeGenerated, HttpStatusCode, Identity | order by TimeGenerated desc | take 1',
      timespan: 'PT1H',
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      tables: [
        {
          name: 'PrimaryResult',
          columns: [
            { name: 'TimeGenerated', type: 'datetime' },
            { name: 'HttpStatusCode', type: 'int' },
            { name: 'Identity', type: 'dynamic' },
          ],
          rows: [['2026-11-20T07:58:00Z', 403, '{"claim":{"oid":"a"}}']],
        },
      ],
    });
  });

  test.each([
    { timespan: undefined, count: 3 },
    { timespan: 'PT1H', count: 2 },
    { timespan: 'P1D', count: 3 },
    { timespan: '2026-11-20T06:00:00Z/2026-11-20T07:00:00Z', count: 1 },
    { timespan: '2026-11-20T07:57:00Z/PT30M', count: 1 },
    { timespan: 'PT30M/2026-11-20T07:56:00Z', count: 1 },
  ])('looks at timespan $timespan', async ({ timespan, count }) => {
    const s = await world();
    const { body } = await s.logs(path, { query: 'AZKVAuditLogs | count', ...(timespan === undefined ? {} : { timespan }) });
    expect(rows(body)).toEqual([[count]]);
  });

  test('does not see rows that are ingested after now', async () => {
    const late = { files: { [`logs/${workspace}/AZKVAuditLogs`]: [row(30, { _IngestionTime: '2026-11-20T07:45:00Z' }), row(30)] } };
    await using before = await serve(late, { now: '2026-11-20T07:40:00Z' });
    expect(rows((await before.logs(path, { query: 'AZKVAuditLogs | count' })).body)).toEqual([[1]]);
    await using after = await serve(late);
    expect(
      rows((await after.logs(path, { query: 'AZKVAuditLogs | where ingestion_time() > datetime(2026-11-20T07:40:00Z) | count' })).body),
    ).toEqual([[1]]);
  });

  test('a standard table that the world lacks is empty, with its columns', async () => {
    const s = await world();
    const { status, body } = await s.logs(path, { query: 'StorageBlobLogs | where StatusCode == "403" | project AccountName' });
    expect([status, rows(body)]).toEqual([200, []]);
  });

  test('a custom table that the world lacks, and a name nobody knows, are 400 in the real shape', async () => {
    const s = await world();
    for (const table of ['Missing_CL', 'NoSuchTable']) {
      const { status, body } = await s.logs(path, { query: `${table} | take 1` });
      expect([
        status,
        at(body, 'error', 'code'),
        at(body, 'error', 'innererror', 'code'),
        at(body, 'error', 'innererror', 'innererror', 'code'),
      ]).toEqual([400, 'BadArgumentError', 'SemanticError', 'SEM0100']);
      expect(at(body, 'error', 'innererror', 'innererror', 'message')).toContain(table);
    }
  });

  test('a fuzzy union does without them', async () => {
    const s = await world();
    expect(
      rows((await s.logs(path, { query: 'union isfuzzy=true Missing_CL, (AZKVAuditLogs | project OperationName) | count' })).body),
    ).toEqual([[3]]);
  });

  test('columns outside the reference come from the rows', async () => {
    const s = await world();
    expect(
      rows((await s.logs(path, { query: 'AzureDiagnostics | project identity_claim_xms_mirid_s, Resource, httpStatusCode_d, Type' })).body),
    ).toEqual([['/subscriptions/x', 'X', 403, 'AzureDiagnostics']]);
    const { body } = await s.logs(path, { query: 'Orders_CL | project Count_d, Note, Flag, Bag' });
    expect(each(at(body, 'tables', 0), 'columns', 'type')).toEqual(['real', 'string', 'bool', 'dynamic']);
  });

  test('a workspace of the estate without rows is empty; one that nobody knows is not found', async () => {
    const s = await world();
    expect(rows((await s.logs(`/v1/workspaces/${empty}/query`, { query: 'AzureActivity | take 5' })).body)).toEqual([]);
    const { status, body } = await s.logs('/v1/workspaces/dddddddd-0000-4000-8000-00000000000f/query', { query: 'AzureActivity' });
    expect([status, at(body, 'error', 'code')]).toEqual([404, 'WorkspaceNotFoundError']);
  });

  test('a denied workspace is refused, others are not', async () => {
    await using s = await serve({ settings: { denied: [`logs:${workspace}`] }, files });
    const { status, body } = await s.logs(path, { query: 'AzureActivity' });
    expect([status, at(body, 'error', 'code')]).toEqual([403, 'InsufficientAccessError']);
    expect((await s.logs(`/v1/workspaces/${empty}/query`, { query: 'AzureActivity' })).status).toBe(200);
  });
});

test('a query over a resource sees the rows of that resource alone', async () => {
  const s = await world();
  expect(
    rows((await s.logs(`/v1${vault}/query`, { query: 'AZKVAuditLogs | summarize n = count() by OperationName', timespan: 'P1D' })).body),
  ).toEqual([['SecretGet', 2]]);
});

describe('what the service refuses', () => {
  test.each([
    { body: { query: 'AzureActivity | where' }, inner: 'SyntaxError' },
    { body: { query: 'AzureActivity | where NoColumn == 1' }, inner: 'SemanticError' },
    { body: { query: '' }, inner: 'QueryValidationError' },
    { body: '{"query":', inner: 'InvalidJsonBody' },
  ])('$body', async ({ body, inner }) => {
    const s = await world();
    const answer = await s.logs(path, body);
    expect([answer.status, at(answer.body, 'error', 'code'), at(answer.body, 'error', 'innererror', 'code')]).toEqual([
      400,
      'BadArgumentError',
      inner,
    ]);
  });

  test('a timespan that is none, and a path that is none', async () => {
    const s = await world();
    for (const timespan of ['yesterday', 'P', 'PT', 'P1Y', '2026-11-20/next week'])
      expect((await s.logs(path, { query: 'AzureActivity', timespan })).status).toBe(400);
    expect((await s.logs('/v1/workspaces', { query: 'AzureActivity' })).body).toMatchObject({ error: { code: 'PathNotFoundError' } });
  });

  test('without a JSON content type the answer is 200 and empty, as documented', async () => {
    const s = await world();
    const url = s.sandbox.environment['CLOUD_LOGS_URL'] ?? '';
    const answer = await s.send(
      'POST',
      `${url}${path}`,
      { authorization: `Bearer ${await s.token(url)}`, 'content-type': 'text/plain' },
      '{"query":"AzureActivity"}',
    );
    expect([answer.status, answer.body]).toEqual([200, undefined]);
  });

  test('a token for another service is 403, none at all 401', async () => {
    const s = await world();
    const url = s.sandbox.environment['CLOUD_LOGS_URL'] ?? '';
    const wrong = await s.send('POST', `${url}${path}`, { authorization: `Bearer ${await s.token('https://vault.azure.net')}` }, '{}');
    expect([wrong.status, at(wrong.body, 'error', 'code')]).toEqual([403, 'InvalidAuthenticationToken']);
    expect((await s.send('POST', `${url}${path}`, {}, '{}')).body).toMatchObject({ error: { code: 'AuthenticationFailed' } });
  });
});

test('a partial answer is a 200 with rows and an error', async () => {
  await using s = await serve({
    settings: { faults: [{ match: 'POST /v1/workspaces/', status: 200, code: 'PartialError', times: 1 }] },
    files,
  });
  const first = await s.logs(path, { query: 'AZKVAuditLogs | count' });
  expect([first.status, rows(first.body), at(first.body, 'error', 'code')]).toEqual([200, [[3]], 'PartialError']);
  expect(at((await s.logs(path, { query: 'AZKVAuditLogs | count' })).body, 'error')).toBeUndefined();
});

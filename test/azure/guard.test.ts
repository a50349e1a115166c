import { createHttpHeaders, createPipelineRequest, type HttpMethods, type PipelineResponse } from '@azure/core-rest-pipeline';
import { describe, expect, it } from 'vitest';
import { cloud } from '../../src/azure/cloud.ts';
import { guard, RefusedCall } from '../../src/azure/guard.ts';

const arm = 'https://management.azure.com';
const graph = 'https://graph.microsoft.com';
const logs = 'https://api.loganalytics.io';
const workspace = '11111111-2222-3333-4444-555555555555';
const query = `${arm}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`;
const batch = (...requests: readonly unknown[]) => JSON.stringify({ requests });
const get = { id: '0', method: 'GET', url: '/groups/1/transitiveMembers' };

interface Attempt {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function outcome({ method, url, body, headers }: Attempt): Promise<'sent' | 'refused'> {
  let sent = false;
  const request = createPipelineRequest({
    url,
    method: method as HttpMethods,
    headers: createHttpHeaders(headers),
    ...(body === undefined ? {} : { body }),
  });
  const next = async (): Promise<PipelineResponse> => {
    sent = true;
    return { status: 200, headers: createHttpHeaders(), request };
  };
  const error: unknown = await guard(cloud({ name: 'AzureCloud' }))
    .sendRequest(request, next)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (sent) return 'sent';
  if (error instanceof RefusedCall) return 'refused';
  throw new Error('neither sent nor refused', { cause: error });
}

describe('guard lets through', () => {
  const allowed: readonly Attempt[] = [
    { method: 'GET', url: `${arm}/subscriptions?api-version=2022-12-01` },
    { method: 'GET', url: `${graph}/v1.0/directory/deletedItems/microsoft.graph.user?$top=999` },
    { method: 'GET', url: `${graph}/v1.0/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')/appRoleAssignedTo` },
    { method: 'POST', url: query, body: '{}' },
    { method: 'POST', url: `${graph}/v1.0/directoryObjects/getByIds`, body: '{"ids":[]}' },
    { method: 'POST', url: `${graph}/v1.0/$batch`, body: batch(get, { ...get, headers: { ConsistencyLevel: 'eventual' } }) },
    { method: 'POST', url: `${logs}/v1/workspaces/${workspace}/query`, body: '{}' },
    {
      method: 'POST',
      url: `${logs}/v1/subscriptions/${workspace}/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv/query`,
      body: '{}',
    },
  ];
  for (const attempt of allowed) it(`${attempt.method} ${attempt.url}`, async () => expect(await outcome(attempt)).toBe('sent'));
});

describe('guard refuses', () => {
  const everywhere = [
    query,
    `${graph}/v1.0/directoryObjects/getByIds`,
    `${logs}/v1/workspaces/${workspace}/query`,
    `${arm}/subscriptions/${workspace}`,
  ];
  const methods: readonly Attempt[] = ['PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'TRACE', 'post', 'get', 'Delete'].flatMap((method) =>
    everywhere.map((url) => ({ method, url })),
  );
  const posts: readonly string[] = [
    // other operations
    `${arm}/subscriptions/${workspace}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/sa/listKeys?api-version=2023-01-01`,
    `${arm}/providers/Microsoft.ResourceGraph/resourcesHistory?api-version=2021-06-01-preview`,
    `${arm}/providers/Microsoft.Authorization/elevateAccess?api-version=2016-07-01`,
    `${arm}/batch?api-version=2020-06-01`,
    `${graph}/v1.0/users`,
    `${graph}/v1.0/directoryObjects/validateProperties`,
    `${graph}/beta/directoryObjects/getByIds`,
    `${graph}/beta/$batch`,
    `${logs}/v1/$batch`,
    `${logs}/v1/workspaces/${workspace}/purge`,
    // case, doubled and trailing slashes, dots
    `${arm}/providers/microsoft.resourcegraph/resources?api-version=2024-04-01`,
    `${arm}//providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
    `${arm}/providers/Microsoft.ResourceGraph//resources?api-version=2024-04-01`,
    `${arm}/providers/Microsoft.ResourceGraph/resources/?api-version=2024-04-01`,
    `${arm}/x/../providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
    `${logs}/v1/workspaces/${workspace}/../../x/query`,
    `${logs}/v1/subscriptions/${workspace}/../../../query`,
    `${logs}/v1//subscriptions/${workspace}/query`,
    // encoding
    `${arm}/providers/Microsoft.ResourceGraph/resource%73?api-version=2024-04-01`,
    `${arm}/providers/Microsoft.ResourceGraph/resources%2F..%2Fx?api-version=2024-04-01`,
    `${graph}/v1.0/%24batch`,
    // query strings and fragments
    `${arm}/providers/Microsoft.ResourceGraph/resources`,
    `${query}&x=1`,
    `${query}?x=1`,
    `${query}#x`,
    `${arm}/subscriptions/x?/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
    `${graph}/v1.0/directoryObjects/getByIds?x=1`,
    // other hosts that look alike
    'https://management.azure.com.example.org/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    'https://example.org/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    'https://management.azure.com@example.org/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    'https://management.azure.com:8443/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    'http://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01',
    `${graph}/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01`,
    `${arm}/v1.0/directoryObjects/getByIds`,
    `${arm}/v1.0/$batch`,
  ];
  const batches: readonly (string | undefined)[] = [
    undefined,
    'no JSON',
    '{}',
    '[]',
    'null',
    batch(),
    batch({ ...get, method: 'DELETE' }),
    batch({ ...get, method: 'get' }),
    batch(get, { ...get, method: 'POST' }),
    batch({ ...get, body: {} }),
    batch({ ...get, url: 'https://example.org/x' }),
    batch({ ...get, url: '//example.org/x' }),
    batch({ ...get, url: '/groups/../x' }),
    batch({ ...get, headers: { 'X-HTTP-Method-Override': 'DELETE' } }),
    batch({ ...get, headers: 'x' }),
    batch(null),
    batch('GET /groups'),
  ];
  const gets: readonly Attempt[] = [
    { method: 'GET', url: `${arm}/subscriptions`, body: '{}' },
    { method: 'GET', url: `${arm}/subscriptions`, headers: { 'X-HTTP-Method-Override': 'DELETE' } },
    { method: 'GET', url: `${arm}/subscriptions`, headers: { 'x-method-override': 'DELETE' } },
    { method: 'GET', url: 'https://example.org/subscriptions' },
    { method: 'GET', url: 'https://user:secret@management.azure.com/subscriptions' },
    { method: 'GET', url: '/subscriptions' },
  ];
  const refused: readonly Attempt[] = [
    ...methods,
    ...posts.map((url) => ({ method: 'POST', url, body: batch(get) })),
    ...batches.map((body) => ({ method: 'POST', url: `${graph}/v1.0/$batch`, ...(body === undefined ? {} : { body }) })),
    ...gets,
  ];
  for (const attempt of refused) {
    it(`${attempt.method} ${attempt.url} ${attempt.body ?? ''} ${JSON.stringify(attempt.headers ?? {})}`, async () =>
      expect(await outcome(attempt)).toBe('refused'));
  }

  it('what lies beside the path of a custom cloud', async () => {
    const custom = cloud({
      name: 'custom',
      resourceManagerUrl: 'https://localhost:4443',
      graphUrl: 'https://localhost:4443/graph',
      logsUrl: 'https://localhost:4444/logs',
    });
    const send = (url: string) =>
      guard(custom).sendRequest(createPipelineRequest({ url, method: 'POST', body: '{"ids":[]}' }), async (request) => ({
        status: 200,
        headers: createHttpHeaders(),
        request,
      }));
    await expect(send('https://localhost:4443/graph/v1.0/directoryObjects/getByIds')).resolves.toMatchObject({ status: 200 });
    await expect(send('https://localhost:4443/v1.0/directoryObjects/getByIds')).rejects.toThrow(RefusedCall);
    await expect(send(`https://localhost:4444/v1/workspaces/${workspace}/query`)).rejects.toThrow(RefusedCall);
  });

  it('without the query string in its words, since that may hold a secret', async () => {
    const send = guard(cloud({ name: 'AzureCloud' })).sendRequest(
      createPipelineRequest({ url: `${arm}/x?sig=secret`, method: 'PUT' }),
      async (request) => ({ status: 200, headers: createHttpHeaders(), request }),
    );
    await expect(send).rejects.toThrow(/^((?!secret).)*$/);
  });
});

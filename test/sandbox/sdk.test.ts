import { AuthorizationManagementClient } from '@azure/arm-authorization';
import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import { TableClient } from '@azure/data-tables';
import { CredentialUnavailableError, ManagedIdentityCredential } from '@azure/identity';
import { LogsQueryClient, LogsQueryResultStatus } from '@azure/monitor-query-logs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { assignment, containers, guid, now, serve, sub, subscriptionId, type Serving } from './small-world.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const workspace = 'dddddddd-0000-4000-8000-000000000001';
const world = {
  files: {
    'arg/resourcecontainers': containers,
    'arg/authorizationresources': Array.from({ length: 1500 }, (_, n) => assignment(n, sub, guid(n, '7777'))),
    [`logs/${workspace}/AzureActivity`]: [
      {
        TimeGenerated: now,
        OperationNameValue: 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE',
        Properties_d: { statusCode: 'Forbidden' },
      },
    ],
  },
};

/** The product's way in: nothing but the environment that the sandbox prints. */
function signIn(s: Serving): ManagedIdentityCredential {
  for (const [name, value] of Object.entries(s.sandbox.environment)) vi.stubEnv(name, value);
  return new ManagedIdentityCredential({ clientId: process.env['AZURE_CLIENT_ID'] ?? '' });
}

const url = (s: Serving, name: string): string => s.sandbox.environment[name] ?? '';
const scopes = (s: Serving, name: string): string[] => [`${url(s, name)}/.default`];

describe("Microsoft's own clients work against the sandbox", () => {
  test('ResourceGraphClient pages by skip token', async () => {
    await using s = await serve(world);
    const client = new ResourceGraphClient(signIn(s), {
      endpoint: url(s, 'CLOUD_RESOURCE_MANAGER_URL'),
      credentials: { scopes: scopes(s, 'CLOUD_RESOURCE_MANAGER_URL') },
      tlsOptions: { ca: s.ca },
    });
    const query = 'authorizationresources | project id, principalId = tostring(properties.principalId) | order by id asc';
    const first = await client.resources({ query, options: { top: 1000, authorizationScopeFilter: 'AtScopeAboveAndBelow' } });
    expect([first.totalRecords, first.count, first.resultTruncated]).toEqual([1500, 1000, 'false']);
    const second = await client.resources({ query, options: { top: 1000, skipToken: first.skipToken ?? '' } });
    expect([second.count, second.skipToken]).toEqual([500, undefined]);
  });

  test('ResourceGraphClient waits out a 429', async () => {
    await using s = await serve({ ...world, settings: { quota: { resourceGraph: { queries: 1, windowSeconds: 1 } } } });
    const client = new ResourceGraphClient(signIn(s), {
      endpoint: url(s, 'CLOUD_RESOURCE_MANAGER_URL'),
      credentials: { scopes: scopes(s, 'CLOUD_RESOURCE_MANAGER_URL') },
      tlsOptions: { ca: s.ca },
    });
    for (let n = 0; n < 2; n += 1) expect((await client.resources({ query: 'resources | project id' })).count).toBe(0);
    expect(
      s.sandbox
        .requests()
        .filter(({ service }) => service === 'arm')
        .map(({ status }) => status),
    ).toEqual([200, 429, 200]);
  });

  test('AuthorizationManagementClient lists, reads and deletes', async () => {
    await using s = await serve(world);
    const client = new AuthorizationManagementClient(signIn(s), subscriptionId, {
      endpoint: url(s, 'CLOUD_RESOURCE_MANAGER_URL'),
      credentialScopes: scopes(s, 'CLOUD_RESOURCE_MANAGER_URL'),
      tlsOptions: { ca: s.ca },
    });
    const seen: (string | undefined)[] = [];
    // With its leading slash this client sends a doubled one.
    for await (const one of client.roleAssignments.listForScope(sub, { filter: 'atScope()' })) seen.push(one.name);
    expect(seen.length).toBe(1500);
    const id = `${sub}/providers/Microsoft.Authorization/roleAssignments/${guid(3)}`;
    expect((await client.roleAssignments.getById(id)).principalId).toBe(guid(3, '7777'));
    await client.roleAssignments.deleteById(id);
    await expect(client.roleAssignments.getById(id)).rejects.toMatchObject({ statusCode: 404, code: 'RoleAssignmentNotFound' });
  });

  test('LogsQueryClient gets typed rows, partial answers and errors', async () => {
    await using s = await serve({
      ...world,
      settings: { faults: [{ match: 'POST /v1/workspaces/', status: 200, code: 'PartialError', after: 1, times: 1 }] },
    });
    const endpoint = `${url(s, 'CLOUD_LOGS_URL')}/v1`;
    const client = new LogsQueryClient(signIn(s), {
      endpoint,
      credentials: { scopes: scopes(s, 'CLOUD_LOGS_URL') },
      tlsOptions: { ca: s.ca },
    });
    const query = 'AzureActivity | project TimeGenerated, OperationNameValue, Properties_d';
    const span = { startTime: new Date('2026-11-20T07:00:00Z'), endTime: new Date(now) };
    const whole = await client.queryWorkspace(workspace, query, span);
    expect(whole.status).toBe(LogsQueryResultStatus.Success);
    expect(whole.status === LogsQueryResultStatus.Success ? whole.tables[0]?.rows : []).toEqual([
      [new Date(now), 'MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE', { statusCode: 'Forbidden' }],
    ]);
    expect((await client.queryWorkspace(workspace, query, span)).status).toBe('PartialFailure');
    await expect(client.queryWorkspace(workspace, 'Missing_CL', span)).rejects.toMatchObject({ statusCode: 400, code: 'BadArgumentError' });
  });

  test('TableClient signs in to the storage account with the managed identity', async () => {
    await using s = await serve(world, { storage: true });
    const table = new TableClient(url(s, 'STORE'), 'findings', signIn(s), { tlsOptions: { ca: s.ca } });
    await table.createTable();
    await table.createEntity({ partitionKey: 'p', rowKey: 'r', title: 'Größe' });
    expect((await table.getEntity('p', 'r'))['title']).toBe('Größe');
    // Without a token there is no way in.
    const bare = await s.send('GET', `${url(s, 'STORE')}/findings()`, {
      accept: 'application/json;odata=nometadata',
      'x-ms-version': '2019-02-02',
    });
    expect(bare.status).toBe(403);
  });

  test('ManagedIdentityCredential says which identity is not there', async () => {
    await using s = await serve(world);
    signIn(s);
    const stranger = new ManagedIdentityCredential({ clientId: guid(1) });
    const error: unknown = await stranger.getToken(scopes(s, 'CLOUD_RESOURCE_MANAGER_URL')).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(CredentialUnavailableError);
  });
});

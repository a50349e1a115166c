import { describe, expect, it } from 'vitest';
import { azureActivityLog } from '../../../src/azure/index.ts';
import type { ActivityLog } from '../../../src/ports/index.ts';
import { guid, inSandbox } from '../sandboxed.ts';
import { clientsOver, wire } from '../wire.ts';
import { at, client, principal, readChanges, sub, vault } from './log-world.ts';

type Reading = Awaited<ReturnType<ActivityLog['read']>>;
const scopeId = `/subscriptions/${sub}/resourceGroups/rg/providers`;
const assignmentId = `${vault}/providers/Microsoft.Authorization/roleAssignments/${guid(31)}`;
const role = '/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6';
const claims = { 'http://schemas.microsoft.com/identity/claims/objectidentifier': guid(41), appid: client };

const event = (number: number, operation: string, status: string, resourceId: string, more: object = {}) => ({
  eventDataId: guid(1000 + number),
  correlationId: `c-${number}`,
  eventTimestamp: at('07:31:00'),
  submissionTimestamp: at('07:33:00'),
  operationName: { value: operation, localizedValue: operation },
  status: { value: status, localizedValue: status },
  resourceId,
  caller: 'ops@contoso.example',
  claims,
  httpRequest: { clientIpAddress: '20.50.2.14' },
  properties: {},
  ...more,
});
const grant = (casing: 'Pascal' | 'camel') =>
  casing === 'Pascal'
    ? {
        Id: guid(31),
        Properties: { PrincipalId: principal, PrincipalType: 'ServicePrincipal', RoleDefinitionId: role, Scope: vault, Condition: 'c' },
      }
    : { properties: { principalId: principal, principalType: 'ServicePrincipal', roleDefinitionId: role, scope: vault, condition: 'c' } };
const pair = (number: number, operation: string, resourceId: string, body: unknown, result = 'Succeeded', answer?: unknown) => [
  event(number, operation, 'Started', resourceId, { properties: { requestbody: JSON.stringify(body) } }),
  event(number, operation, result, resourceId, {
    eventDataId: guid(2000 + number),
    eventTimestamp: at('07:31:05'),
    ...(answer === undefined ? {} : { properties: { responseBody: JSON.stringify(answer) } }),
  }),
];

const read = (
  events: readonly object[],
  window = { from: at('07:00:00'), until: at('08:00:00') },
  settings: object = {},
): Promise<Reading> =>
  inSandbox({ settings: { ...settings }, files: { [`activity/${sub}`]: events } }, (azure) =>
    azureActivityLog(azure).read({ scopes: [sub], ...window }),
  );

describe('changes', () => {
  const write = 'Microsoft.Authorization/roleAssignments/write';

  it.each(['Pascal', 'camel'] as const)('join the start, which holds the body (%s case), with the result', async (casing) => {
    const { changes } = await read(pair(1, write, assignmentId, grant(casing)));
    expect(changes).toEqual([
      {
        kind: 'assignment-made',
        at: '2026-11-20T07:31:05.000Z',
        eventId: guid(2001),
        correlationId: 'c-1',
        resourceId: assignmentId,
        caller: 'ops@contoso.example',
        callerObjectId: guid(41),
        callerAppId: client,
        callerAddress: '20.50.2.14',
        succeeded: true,
        details: { principalId: principal, principalType: 'ServicePrincipal', roleDefinitionId: role, scope: vault, condition: 'c' },
      },
    ]);
  });

  it('are told once, also when a record comes twice or a long operation reports twice', async () => {
    const [started, done] = pair(1, write, assignmentId, grant('camel'));
    const { changes } = await read([started!, done!, done!, { ...done!, eventDataId: guid(5), eventTimestamp: at('07:40:00') }]);
    expect(changes.map((change) => change.at)).toEqual(['2026-11-20T07:31:05.000Z']);
  });

  it('are none while only begun, say when they failed, and keep those of one deployment apart', async () => {
    const [begun] = pair(1, write, assignmentId, grant('camel'));
    expect((await read([begun!])).changes).toEqual([]);
    const failed = pair(2, write, assignmentId, grant('camel'), 'Failed');
    const second = pair(2, write, `${assignmentId}b`, grant('camel'));
    const { changes } = await read([...failed, ...second]);
    expect(changes.map((change) => [change.resourceId, change.succeeded]).sort()).toEqual([
      [assignmentId, false],
      [`${assignmentId}b`, true],
    ]);
  });

  it('that delete take what they deleted from the answer, where it is there', async () => {
    const remove = 'Microsoft.Authorization/roleAssignments/delete';
    const { changes } = await read([
      ...pair(1, remove, assignmentId, {}, 'Succeeded', grant('camel')),
      ...pair(2, remove, `${assignmentId}b`, {}),
    ]);
    expect(changes.map((change) => [change.kind, change.details['principalId']])).toEqual([
      ['assignment-removed', principal],
      ['assignment-removed', undefined],
    ]);
  });

  it.each([
    [
      'Microsoft.KeyVault/vaults/write',
      vault,
      { properties: { enableRbacAuthorization: false } },
      ['vault-written'],
      { enableRbacAuthorization: 'false' },
    ],
    [
      'Microsoft.KeyVault/vaults/write',
      vault,
      { properties: { networkAcls: { defaultAction: 'Deny' } } },
      ['network-changed', 'vault-written'],
      { network: 'true' },
    ],
    ['Microsoft.Storage/storageAccounts/write', `${scopeId}/Microsoft.Storage/storageAccounts/st`, { tags: {} }, [], {}],
    [
      'Microsoft.Storage/storageAccounts/write',
      `${scopeId}/Microsoft.Storage/storageAccounts/st`,
      { properties: { publicNetworkAccess: 'Disabled' } },
      ['network-changed'],
      { publicNetworkAccess: 'Disabled', network: 'true' },
    ],
    [
      'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
      `${scopeId}/Microsoft.ManagedIdentity/userAssignedIdentities/id/federatedIdentityCredentials/f`,
      { properties: { issuer: 'https://i', subject: 's', audiences: ['a', 'b'] } },
      ['federated-credential-written'],
      { issuer: 'https://i', subject: 's', audiences: 'a b' },
    ],
    ['Microsoft.Authorization/elevateAccess/action', '/', {}, ['access-elevated'], {}],
    [
      'Microsoft.Authorization/locks/write',
      `${vault}/providers/Microsoft.Authorization/locks/l`,
      { properties: { level: 'ReadOnly' } },
      ['lock-written'],
      { level: 'ReadOnly' },
    ],
    ['Microsoft.App/containerApps/write', `${scopeId}/Microsoft.App/containerApps/ca`, {}, ['host-written'], {}],
    ['Microsoft.Network/dnsZones/write', `${scopeId}/Microsoft.Network/dnsZones/z`, {}, [], {}],
  ])('%s of %s', async (operation, resourceId, body, kinds, details) => {
    const { changes } = await read(pair(1, operation, resourceId, body));
    expect(changes.map((change) => change.kind).sort()).toEqual(kinds);
    for (const change of changes) expect(change.details).toEqual(details);
  });

  it('read the same in a workspace, where everything is text and shouts', async () => {
    const row = (status: string, properties: object, ingested: string) => ({
      TimeGenerated: at('06:50:00'),
      EventDataId: `e-${status}`,
      CorrelationId: 'c-1',
      OperationNameValue: write.toUpperCase(),
      ActivityStatusValue: status,
      SubscriptionId: sub,
      ResourceId: assignmentId.toUpperCase(),
      Caller: 'ops@contoso.example',
      Claims: JSON.stringify(claims),
      Properties: JSON.stringify(properties),
      _IngestionTime: ingested,
    });
    // The start came in an earlier window.
    const rows = [row('Start', { requestbody: JSON.stringify(grant('Pascal')) }, at('06:52:00')), row('Success', {}, at('07:05:00'))];
    const { changes, subscriptions, calls } = await readChanges({ tables: { AzureActivity: rows } });
    expect([subscriptions, calls]).toEqual([[sub], 1]);
    expect(changes).toEqual([
      expect.objectContaining({
        kind: 'assignment-made',
        succeeded: true,
        callerObjectId: guid(41),
        details: expect.objectContaining({ principalId: principal, roleDefinitionId: role }) as unknown,
      }),
    ]);
    expect(
      (await readChanges({ tables: { AzureActivity: rows }, window: { from: at('07:10:00'), until: at('08:00:00') } })).changes,
    ).toEqual([]);
  });
});

describe('refused calls of subscriptions without a workspace', () => {
  const message = `The client '${principal}' with object id '${principal}' does not have authorization to perform action 'Microsoft.KeyVault/vaults/delete' over scope '${vault}' or the scope is invalid.`;
  const refusal = (number: number, code: string, more: object = {}) =>
    event(number, 'Microsoft.KeyVault/vaults/delete', 'Failed', vault, {
      caller: principal,
      claims: { ...claims, idtyp: 'app' },
      properties: { statusCode: 'Forbidden', statusMessage: JSON.stringify({ error: { code, message } }) },
      ...more,
    });

  it('have the shape of those in one, each once', async () => {
    const twice = refusal(1, 'AuthorizationFailed');
    const { denials, touched, rows } = await read([
      twice,
      twice,
      refusal(2, 'AuthorizationFailed', { eventTimestamp: at('07:32:00') }),
      refusal(3, 'QuotaExceeded'),
      ...pair(4, 'Microsoft.KeyVault/vaults/delete', vault, {}),
    ]);
    expect(denials).toEqual([
      expect.objectContaining({
        service: 'arm',
        table: 'ActivityLog',
        workspace: `activity:${sub}`,
        target: vault,
        operation: 'Microsoft.KeyVault/vaults/delete',
        statusCode: 403,
        reason: 'AuthorizationFailed',
        bins: [{ start: Date.parse(at('07:30:00')), count: 2 }],
      }),
    ]);
    expect(denials[0]?.caller).toMatchObject({ objectId: guid(41), kind: 'workload' });
    expect(touched[0]?.bins).toContain(Date.parse(at('07:30:00')));
    expect(rows).toBe(6);
  });

  it('come with the hour before, since the API lists them late', async () => {
    const late = refusal(1, 'AuthorizationFailed', { eventTimestamp: at('06:40:00'), submissionTimestamp: at('07:10:00') });
    expect((await read([late])).denials).toHaveLength(1);
    expect((await read([late], { from: at('06:30:00'), until: at('07:00:00') })).denials).toEqual([]);
  });
});

describe('silence', () => {
  it('is proven by any record of ninety days', async () => {
    const { coverage } = await read([
      event(1, 'Microsoft.Network/dnsZones/write', 'Succeeded', vault, {
        eventTimestamp: '2026-10-01T00:00:00Z',
        submissionTimestamp: '2026-10-01T00:00:00Z',
      }),
    ]);
    expect(coverage).toEqual([]);
  });

  it('of somebody without the right looks the same, so it is a gap', async () => {
    const closed = await read(pair(1, 'Microsoft.KeyVault/vaults/write', vault, {}), undefined, { denied: [`activity:${sub}`] });
    expect(closed.changes).toEqual([]);
    expect(closed.coverage).toEqual([
      expect.objectContaining({
        failed: true,
        permission: 'Microsoft.Insights/eventtypes/values/read',
        scope: `/subscriptions/${sub}`,
        why: expect.stringContaining('visibility unproven') as unknown,
      }),
    ]);
  });

  it('is asked about once in the life of a reader', async () => {
    const { httpClient, sent } = wire(({ url }) => ({
      body: { value: decodeURIComponent(url).includes("ge '2026-11-20T06") ? [] : [{}] },
    }));
    const log = azureActivityLog(clientsOver(httpClient));
    for (let pass = 0; pass < 3; pass += 1)
      expect((await log.read({ scopes: [sub], from: at('07:00:00'), until: at('08:00:00') })).coverage).toEqual([]);
    expect(sent).toHaveLength(4);
  });
});

describe('trouble', () => {
  it.each([
    [
      'a refusal',
      { status: 403, body: { error: { code: 'AuthorizationFailed', message: 'no' } } },
      'missing',
      'Microsoft.Insights/eventtypes/values/read',
    ],
    ['no list', { body: { value: 7 } }, 'missing', ''],
    ['odd records', { body: { value: [7, { eventTimestamp: 'never' }] } }, 'partial', ''],
  ])('%s is a gap', async (_, reply, state, permission) => {
    const { httpClient } = wire(() => reply);
    const reading = await azureActivityLog(clientsOver(httpClient)).read({ scopes: [sub], from: at('07:00:00'), until: at('08:00:00') });
    expect(reading.coverage).toEqual([expect.objectContaining({ state, permission, failed: true })]);
  });

  it('on a later page keeps what came before, and takes no bin for read', async () => {
    const first = { value: pair(1, 'Microsoft.KeyVault/vaults/write', vault, {}), nextLink: 'https://management.azure.com/next?page=2' };
    const { httpClient } = wire(({ path }) => (path === '/next' ? { status: 400, body: {} } : { body: first }));
    const reading = await azureActivityLog(clientsOver(httpClient)).read({ scopes: [sub], from: at('07:00:00'), until: at('08:00:00') });
    expect(reading.changes).toHaveLength(1);
    expect(reading.touched).toEqual([]);
    expect(reading.coverage).toEqual([expect.objectContaining({ state: 'partial' })]);
  });

  it('of paging without end stops, and says so', async () => {
    const { httpClient, sent } = wire(() => ({
      body: { value: [event(1, 'X/y/write', 'Succeeded', vault)], nextLink: 'https://management.azure.com/next' },
    }));
    const reading = await azureActivityLog(clientsOver(httpClient)).read({ scopes: [sub], from: at('07:00:00'), until: at('08:00:00') });
    expect(sent).toHaveLength(50);
    expect(reading.coverage).toEqual([expect.objectContaining({ state: 'partial', failed: true })]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import type { Denial } from '../../../src/denials/index.ts';
import type { LogReading } from '../../../src/ports/index.ts';
import { guid, tenantId } from '../sandboxed.ts';
import { account, app, at, client, countOf, namespace, principal, readLogs, sub, vault } from './log-world.ts';

/** One world with a refusal of each source, and beside each the rows that look like one and are none. */
const group = `/subscriptions/${sub}/resourceGroups/rg/providers`;
const time = at('07:31:00');
const rbacText = (more = '') =>
  `Caller is not authorized to perform action on resource.\r\nCaller: appid=${client};oid=${principal};iss=https://sts.windows.net/${tenantId}/\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '${vault}/secrets/db'\r\nAssignment: (not found)\r\nDenyAssignmentId: null${more}`;
const vaultRow = (more: object) => ({
  TimeGenerated: time,
  ResourceProvider: 'MICROSOFT.KEYVAULT',
  Category: 'AuditEvent',
  OperationName: 'SecretGet',
  ResultType: 'Success',
  ResultSignature: 'Forbidden',
  httpStatusCode_d: 403,
  CallerIPAddress: '10.0.0.4',
  id_s: 'https://kv-pay.vault.azure.net/secrets/db/1f',
  ResourceId: vault.toUpperCase(),
  CorrelationId: 'c1',
  ...more,
});
const blobRow = (more: object) => ({
  TimeGenerated: time,
  AccountName: 'stpay',
  OperationName: 'GetBlob',
  AuthenticationType: 'OAuth',
  StatusCode: '403',
  StatusText: 'AuthorizationPermissionMismatch',
  Uri: 'https://stpay.blob.core.windows.net:443/receipts/a.pdf?sig=SECRET',
  CallerIpAddress: '10.0.0.5:41022',
  CorrelationId: 's1',
  RequesterObjectId: principal,
  RequesterAppId: client,
  RequesterTenantId: tenantId,
  _ResourceId: `${account}/blobServices/default`,
  ...more,
});
const armRow = (code: string, more: object = {}) => ({
  TimeGenerated: time,
  OperationNameValue: 'MICROSOFT.COMPUTE/VIRTUALMACHINES/RESTART/ACTION',
  ActivityStatusValue: 'Failure',
  ActivitySubstatusValue: 'Forbidden',
  EventDataId: `e-${code}`,
  CorrelationId: 'a1',
  Caller: principal,
  SubscriptionId: sub,
  ResourceId: `${group}/Microsoft.Compute/virtualMachines/vm1`,
  Claims: JSON.stringify({
    appid: client,
    idtyp: 'app',
    xms_mirid: `${group}/Microsoft.ManagedIdentity/userAssignedIdentities/id-pay`,
    'http://schemas.microsoft.com/identity/claims/objectidentifier': principal,
    uti: 'uti-1',
  }),
  Properties: JSON.stringify({
    statusCode: 'Forbidden',
    statusMessage: JSON.stringify({
      error: {
        code,
        message: `The client '${principal}' with object id '${principal}' does not have authorization to perform action 'Microsoft.Compute/virtualMachines/restart/action' over scope '${group}/Microsoft.Compute/virtualMachines/vm1' or the scope is invalid.`,
      },
    }),
  }),
  ...more,
});
const line = (text: string) => ({
  TimeGenerated: time,
  ContainerAppName: 'ca-pay',
  RevisionName: 'ca-pay--7',
  ContainerGroupName: 'ca-pay--7-a',
  Log: text,
  _ResourceId: `${group}/Microsoft.App/managedEnvironments/env`,
});
const sqlRow = (more: object) => ({
  TimeGenerated: time,
  LogicalServerName: 'sql-pay',
  ActionId: 'DBAF',
  ActionName: 'DATABASE AUTHENTICATION FAILED',
  Succeeded: false,
  ClientIp: '10.0.0.9',
  DatabaseName: 'orders',
  EventId: 'q1',
  AdditionalInformation: '<error_code>18456</error_code><error_state>5</error_state>',
  _ResourceId: `${group}/Microsoft.Sql/servers/sql-pay/databases/orders`,
  ...more,
});

const tables = {
  AzureDiagnostics: [
    vaultRow({ identity_claim_oid_g: principal, identity_claim_appid_g: client, ResultDescription: rbacText() }),
    vaultRow({ CorrelationId: 'ok', ResultSignature: 'OK', httpStatusCode_d: 200, identity_claim_oid_g: principal }),
    vaultRow({ CorrelationId: 'gone', ResultSignature: 'Not Found', httpStatusCode_d: 404, identity_claim_oid_g: principal }),
    vaultRow({ CorrelationId: 'words', ResultSignature: 'OK', httpStatusCode_d: 200, ResultDescription: 'ForbiddenByRbac' }),
    vaultRow({
      CorrelationId: 'c2',
      httpStatusCode_d: 401,
      ResultSignature: 'Unauthorized',
      ResultDescription: 'AKV10022: Invalid audience. Expected https://vault.azure.net',
    }),
    {
      TimeGenerated: time,
      ResourceProvider: 'MICROSOFT.SERVICEBUS',
      Category: 'OperationalLogs',
      OperationName: 'Create Queue',
      Status_s: 'Failed',
      ResourceId: namespace,
    },
  ],
  AZKVAuditLogs: [
    {
      TimeGenerated: time,
      OperationName: 'KeySign',
      HttpStatusCode: 403,
      ResultSignature: 'Forbidden',
      ResultDescription:
        "The user, group or application 'appid=x' does not have keys sign permission on key vault 'kv-pay;location=westeurope'.",
      Identity: { claim: { oid: principal, appid: client } },
      CallerIpAddress: '10.0.0.4',
      Id: 'https://kv-pay.vault.azure.net/keys/root',
      CorrelationId: 'k1',
      _ResourceId: vault,
    },
    {
      TimeGenerated: time,
      OperationName: 'KeyGet',
      HttpStatusCode: 200,
      ResultSignature: 'OK',
      Identity: { claim: { oid: principal } },
      CorrelationId: 'k2',
      _ResourceId: vault,
    },
  ],
  StorageBlobLogs: [
    blobRow({
      AuthorizationDetails: [
        { action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read', denyAssignmentId: 'd-1', result: 'Denied' },
      ],
    }),
    blobRow({ CorrelationId: 's2', StatusCode: '200', StatusText: 'Success' }),
    blobRow({ CorrelationId: 's3', StatusCode: '404', StatusText: 'BlobNotFound' }),
    blobRow({
      CorrelationId: 's4',
      AuthenticationType: 'SAS',
      StatusText: 'AuthenticationFailed',
      RequesterObjectId: '',
      RequesterAppId: '',
    }),
    blobRow({ CorrelationId: 's5', AuthenticationType: 'AccountKey', RequesterObjectId: '', RequesterAppId: '' }),
    blobRow({
      CorrelationId: 's6',
      AuthenticationType: 'Anonymous',
      StatusText: 'PublicAccessNotPermitted',
      RequesterObjectId: '',
      RequesterAppId: '',
    }),
  ],
  StorageTableLogs: [
    blobRow({
      CorrelationId: 't1',
      OperationName: 'QueryEntities',
      Uri: "https://stpay.table.core.windows.net/orders(PartitionKey='a')",
      CallerIpAddress: '[2001:db8::1]:443',
      _ResourceId: `${account}/tableServices/default`,
      RequesterUpn: 'ops@contoso.example',
    }),
  ],
  AZMSRunTimeAuditLogs: [
    {
      TimeGenerated: time,
      ActivityId: 'm1',
      ActivityName: 'SendMessage',
      Status: 'Failure',
      AuthType: 'AAD',
      AuthKey: client,
      ClientIp: '10.0.0.6',
      Count: 7,
      Provider: 'SERVICEBUS',
      _ResourceId: namespace,
    },
    {
      TimeGenerated: time,
      ActivityId: 'm2',
      ActivityName: 'SendMessage',
      Status: 'Failure',
      AuthType: 'SAS',
      AuthKey: 'RootManageSharedAccessKey',
      Count: 9,
      Provider: 'SERVICEBUS',
      _ResourceId: namespace,
    },
    {
      TimeGenerated: time,
      ActivityId: 'm3',
      ActivityName: 'SendMessage',
      Status: 'Success',
      AuthType: 'AAD',
      AuthKey: client,
      Count: 900,
      Provider: 'SERVICEBUS',
      _ResourceId: namespace,
    },
  ],
  AZMSDiagnosticErrorLogs: [
    {
      TimeGenerated: time,
      ActivityId: 'n1',
      ActivityName: 'ReceiveMessage',
      EntityName: 'orders',
      OperationResult: 'ClientError',
      ErrorCount: 3,
      ErrorMessage: "Unauthorized access. 'Listen' claim(s) are required to perform this operation.",
      Provider: 'SERVICEBUS',
      _ResourceId: namespace,
    },
    {
      TimeGenerated: time,
      ActivityId: 'n2',
      ActivityName: 'ReceiveMessage',
      EntityName: 'orders',
      OperationResult: 'ClientError',
      ErrorCount: 3,
      ErrorMessage: 'MessageLockLost: the lock supplied is invalid.',
      Provider: 'SERVICEBUS',
      _ResourceId: namespace,
    },
  ],
  CDBDataPlaneRequests: [
    {
      TimeGenerated: time,
      OperationName: 'Create',
      ActivityId: 'd1',
      RequestResourceType: 'Document',
      StatusCode: 403,
      AadPrincipalId: principal,
      DatabaseName: 'orders',
      CollectionName: 'items',
      ClientIpAddress: '10.0.0.7',
      SubStatusCode: '5301',
      _ResourceId: `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos-pay`,
    },
    {
      TimeGenerated: time,
      OperationName: 'Create',
      ActivityId: 'd2',
      StatusCode: 403,
      KeyType: 'PrimaryReadOnlyMasterKey',
      DatabaseName: 'orders',
      CollectionName: 'items',
      _ResourceId: `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos-pay`,
    },
    {
      TimeGenerated: time,
      OperationName: 'Create',
      ActivityId: 'd3',
      StatusCode: 429,
      AadPrincipalId: principal,
      _ResourceId: `${group}/Microsoft.DocumentDB/databaseAccounts/cosmos-pay`,
    },
  ],
  ContainerRegistryLoginEvents: [
    {
      TimeGenerated: time,
      OperationName: 'Login',
      LoginServer: 'crpay.azurecr.io',
      Identity: client,
      ResultType: 'HttpStatusCode',
      ResultDescription: '401',
      CorrelationId: 'r1',
      _ResourceId: `${group}/Microsoft.ContainerRegistry/registries/crpay`,
    },
    {
      TimeGenerated: time,
      OperationName: 'Login',
      LoginServer: 'crpay.azurecr.io',
      Identity: client,
      ResultType: 'HttpStatusCode',
      ResultDescription: '200',
      CorrelationId: 'r2',
      _ResourceId: `${group}/Microsoft.ContainerRegistry/registries/crpay`,
    },
  ],
  ContainerRegistryRepositoryEvents: [
    {
      TimeGenerated: time,
      OperationName: 'Pull',
      Identity: guid(0).replace(/[1-9a-f]/g, '0'),
      Repository: 'pay/api',
      ResultType: '403',
      CorrelationId: 'r3',
      _ResourceId: `${group}/Microsoft.ContainerRegistry/registries/crpay`,
    },
  ],
  SQLSecurityAuditEvents: [
    sqlRow({ ServerPrincipalName: `${client}@${tenantId}` }),
    sqlRow({ EventId: 'q2', ServerPrincipalName: 'sa' }),
    sqlRow({
      EventId: 'q3',
      ServerPrincipalName: `${client}@${tenantId}`,
      ActionId: 'DBAS',
      ActionName: 'DATABASE AUTHENTICATION SUCCEEDED',
      Succeeded: true,
    }),
  ],
  AzureActivity: [
    armRow('AuthorizationFailed'),
    armRow('RequestDisallowedByPolicy'),
    armRow('SkuNotAvailable', {
      Properties: JSON.stringify({ statusMessage: JSON.stringify({ error: { code: 'SkuNotAvailable', message: 'not here' } }) }),
    }),
    armRow('Started', { ActivityStatusValue: 'Start' }),
    armRow('LinkedAuthorizationFailed', {
      Properties: JSON.stringify({
        statusMessage: JSON.stringify({
          error: {
            code: 'LinkedAuthorizationFailed',
            message: `The client has permission to perform action 'Microsoft.Compute/virtualMachines/write' on scope '${group}/Microsoft.Compute/virtualMachines/vm1'; however, it does not have permission to perform action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked scope(s) '${group}/Microsoft.Network/virtualNetworks/net' (respectively).`,
          },
        }),
      }),
    }),
  ],
  AADManagedIdentitySignInLogs: [
    {
      TimeGenerated: time,
      Id: 'i1',
      OperationName: 'Sign-in activity',
      ResultType: '700016',
      ResultDescription: 'Application not found.',
      ServicePrincipalId: principal,
      AppId: client,
      ResourceDisplayName: 'Azure Key Vault',
      ResourceIdentity: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
      UniqueTokenIdentifier: 'uti-9',
    },
    {
      TimeGenerated: time,
      Id: 'i2',
      OperationName: 'Sign-in activity',
      ResultType: '0',
      ServicePrincipalId: principal,
      AppId: client,
      ResourceDisplayName: 'Azure Key Vault',
      UniqueTokenIdentifier: 'uti-10',
    },
  ],
  MicrosoftGraphActivityLogs: [
    {
      TimeGenerated: time,
      RequestId: 'g1',
      RequestMethod: 'GET',
      ResponseStatusCode: 403,
      RequestUri: `https://graph.microsoft.com/v1.0/users/${principal}/messages?$top=1`,
      ServicePrincipalId: principal,
      AppId: client,
      SignInActivityId: 'uti-3',
    },
    {
      TimeGenerated: time,
      RequestId: 'g2',
      RequestMethod: 'GET',
      ResponseStatusCode: 403,
      RequestUri: "https://graph.microsoft.com/v1.0/users('ann@contoso.example')/messages",
      UserId: guid(77),
      AppId: client,
    },
    {
      TimeGenerated: time,
      RequestId: 'g3',
      RequestMethod: 'GET',
      ResponseStatusCode: 404,
      RequestUri: 'https://graph.microsoft.com/v1.0/me',
      ServicePrincipalId: principal,
    },
  ],
  ContainerAppConsoleLogs: [
    line(
      `AuthorizationFailed: The client 'x' with object id '${guid(666)}' does not have authorization to perform action 'Microsoft.Web/sites/write' over scope '${group}/Microsoft.Web/sites/w'`,
    ),
    line('DefaultAzureCredential acquired a token for https://vault.azure.net'),
    line('AADSTS50126: Invalid username or password'),
    line(
      'Bearer was not authenticated. Failure message: SecurityTokenExpiredException: IDX10223: Lifetime validation failed. The token is expired.',
    ),
    line('GET http://169.254.169.254/metadata/identity 200 OK'),
  ],
  ContainerAppConsoleLogs_CL: [
    {
      TimeGenerated: time,
      ContainerAppName_s: 'ca-pay',
      RevisionName_s: 'ca-pay--7',
      ContainerGroupName_s: 'ca-pay--7-b',
      Log_s: 'connect ETIMEDOUT 169.254.169.254:80',
      _ResourceId: app,
    },
  ],
  FunctionAppLogs: [
    {
      TimeGenerated: time,
      Message: 'Executed (Failed)',
      ExceptionMessage: "Login failed for user '<token-identified principal>'.",
      AppName: 'func-pay',
      RoleInstance: 'ri-1',
      _ResourceId: `${group}/Microsoft.Web/sites/func-pay`,
    },
  ],
  AppServiceConsoleLogs: [
    {
      TimeGenerated: time,
      ResultDescription: 'ManagedIdentityCredential authentication unavailable, no managed identity endpoint found.',
      Host: 'lw0',
      _ResourceId: `${group}/Microsoft.Web/sites/app-pay`,
    },
  ],
  AppExceptions: [
    {
      TimeGenerated: time,
      OuterMessage: 'Service request failed. Status: 403. ErrorCode: AuthorizationPermissionMismatch',
      AppRoleName: 'pay-api',
      AppRoleInstance: 'inst-1',
      ItemCount: 4,
      OperationId: 'o1',
      _ResourceId: `${group}/Microsoft.Insights/components/ai`,
    },
  ],
};

let reading: LogReading & { readonly calls: number };
beforeAll(async () => {
  reading = await readLogs({ tables });
}, 60_000);

const of = (table: string): readonly Denial[] => reading.denials.filter((denial) => denial.table === table);
const only = (table: string): Denial => {
  expect(of(table)).toHaveLength(1);
  return of(table)[0]!;
};

describe('refused calls in the logs', () => {
  it('come in two calls, without a gap', () => {
    expect(reading.calls).toBe(2);
    expect(reading.coverage.filter((gap) => gap.failed)).toEqual([]);
  });

  it('Key Vault by roles: who, what, and that no assignment was found', () => {
    const [denial, challenge, ...more] = [...of('AzureDiagnostics')].sort((a, b) => (a.statusCode > b.statusCode ? -1 : 1));
    expect(more).toEqual([]);
    expect(denial).toMatchObject({
      service: 'key-vault',
      caller: { objectId: principal, clientId: client, kind: 'workload', tenantId },
      object: 'db',
      operation: 'SecretGet',
      statusCode: 403,
      reason: 'ForbiddenByRbac',
      action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action',
      callerAddresses: ['10.0.0.4'],
    });
    expect(denial?.assignmentId).toBeUndefined();
    expect(denial?.denyAssignmentId).toBeUndefined();
    expect(denial?.sample).not.toMatch(/[\r\n]/);
    expect(challenge).toMatchObject({ statusCode: 401, reason: 'AKV10022', caller: { kind: 'unknown', objectId: undefined } });
  });

  it('Key Vault by access policies, in the new table', () =>
    expect(only('AZKVAuditLogs')).toMatchObject({
      target: vault,
      object: 'root',
      reason: 'ForbiddenByPolicy',
      caller: { objectId: principal, clientId: client },
    }));

  it('storage: the account, the container, the address without its port, and no signature', () => {
    const denial = only('StorageBlobLogs');
    expect(denial).toMatchObject({
      service: 'storage',
      target: account,
      object: 'receipts',
      operation: 'GetBlob',
      statusCode: 403,
      reason: 'AuthorizationPermissionMismatch',
      callerAddresses: ['10.0.0.5'],
      denyAssignmentId: 'd-1',
      action: 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
    });
    expect(JSON.stringify(reading)).not.toContain('SECRET');
    expect(only('StorageTableLogs')).toMatchObject({
      object: 'orders',
      callerAddresses: ['2001:db8::1'],
      caller: { kind: 'user', name: 'ops@contoso.example' },
    });
  });

  it('messaging: as many as the row stands for, and nobody named where the log names nobody', () => {
    expect(only('AZMSRunTimeAuditLogs')).toMatchObject({
      service: 'service-bus',
      caller: { clientId: client, objectId: undefined },
      target: namespace,
    });
    expect(countOf(only('AZMSRunTimeAuditLogs'))).toBe(7);
    expect(only('AZMSDiagnosticErrorLogs')).toMatchObject({ caller: { kind: 'unknown' }, object: 'orders', reason: 'UnauthorizedAccess' });
    expect(countOf(only('AZMSDiagnosticErrorLogs'))).toBe(3);
  });

  it('Cosmos DB with its substatus, and not with a key', () =>
    expect(only('CDBDataPlaneRequests')).toMatchObject({
      service: 'cosmos-db',
      caller: { objectId: principal },
      object: 'orders/items',
      reason: '403/5301',
    }));

  it('registries, whichever column holds the status; the GUID of zeros is nobody', () => {
    expect(only('ContainerRegistryLoginEvents')).toMatchObject({ caller: { clientId: client }, statusCode: 401 });
    expect(only('ContainerRegistryRepositoryEvents')).toMatchObject({
      caller: { kind: 'unknown', objectId: undefined },
      object: 'pay/api',
      statusCode: 403,
    });
  });

  it('SQL: token log-ins, and no password', () =>
    expect(only('SQLSecurityAuditEvents')).toMatchObject({
      caller: { clientId: client, tenantId },
      target: `${group}/Microsoft.Sql/servers/sql-pay`,
      object: 'orders',
      reason: '18456',
    }));

  it('ARM: refusals, with policies under their own name, and the linked scope where that is what refused', () => {
    expect(
      of('AzureActivity')
        .map((denial) => denial.reason)
        .sort(),
    ).toEqual(['AuthorizationFailed', 'LinkedAuthorizationFailed', 'RequestDisallowedByPolicy']);
    expect(of('AzureActivity').find((denial) => denial.reason === 'AuthorizationFailed')).toMatchObject({
      caller: { objectId: principal, clientId: client, kind: 'workload', tokenId: 'uti-1' },
      operation: 'Microsoft.Compute/virtualMachines/restart/action',
      target: `${group}/Microsoft.Compute/virtualMachines/vm1`,
    });
    expect(of('AzureActivity').find((denial) => denial.reason === 'LinkedAuthorizationFailed')).toMatchObject({
      operation: 'Microsoft.Network/virtualNetworks/subnets/join/action',
      target: `${group}/Microsoft.Network/virtualNetworks/net`,
    });
  });

  it('Entra: sign-ins that got no token; those that did are series', () => {
    expect(only('AADManagedIdentitySignInLogs')).toMatchObject({
      service: 'entra',
      reason: 'AADSTS700016',
      target: 'Azure Key Vault',
      caller: { objectId: principal, tokenId: 'uti-9' },
    });
    expect(reading.signIns).toEqual([
      { principalId: principal, clientId: client, audience: 'Azure Key Vault', hours: [{ start: Date.parse(at('07:00:00')), count: 1 }] },
    ]);
  });

  it('Graph: one operation for all users of a path; people are people', () => {
    expect(
      of('MicrosoftGraphActivityLogs')
        .map((denial) => [denial.operation, denial.caller.kind])
        .sort(),
    ).toEqual([
      ['GET /v1.0/users({key})/messages', 'user'],
      ['GET /v1.0/users/{id}/messages', 'workload'],
    ]);
  });

  it('applications, by what they print: host and replica, never the principal that a text names', () => {
    const printed = only('ContainerAppConsoleLogs');
    expect(printed).toMatchObject({
      service: 'app',
      reason: 'AuthorizationFailed',
      statusCode: 403,
      target: `${group}/Microsoft.Web/sites/w`,
      caller: { kind: 'unknown', objectId: undefined },
    });
    expect(printed.hosts).toEqual([{ name: 'ca-pay', id: undefined, revision: 'ca-pay--7', replica: 'ca-pay--7-a' }]);
    expect(only('ContainerAppConsoleLogs_CL')).toMatchObject({
      reason: 'IdentityEndpointUnreachable',
      statusCode: 0,
      hosts: [{ id: app, replica: 'ca-pay--7-b' }],
    });
    expect(only('FunctionAppLogs')).toMatchObject({ reason: '18456', hosts: [{ name: 'func-pay', replica: 'ri-1' }] });
    expect(only('AppServiceConsoleLogs')).toMatchObject({ reason: 'CredentialUnavailable', hosts: [{ name: 'app-pay', replica: 'lw0' }] });
    expect(only('AppExceptions')).toMatchObject({
      reason: 'AuthorizationPermissionMismatch',
      hosts: [{ name: 'pay-api', id: undefined, replica: 'inst-1' }],
    });
    expect(countOf(only('AppExceptions'))).toBe(4);
  });

  it('name the bins that they were counted in', () => {
    const start = Date.parse(at('07:30:00'));
    for (const denial of reading.denials) expect(denial.bins.map((bin) => bin.start)).toEqual([start]);
    expect(new Set(reading.touched.map((one) => one.table))).toEqual(new Set(reading.denials.map((denial) => denial.table)));
  });
});

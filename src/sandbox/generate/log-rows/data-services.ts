import type { Row } from '../world-folder.ts';
import { arrived, nameIn, resourceColumn, type Caller } from './log-row.ts';

/** Cosmos DB: the object id of the caller, the status, and no sub-status (that one stands only in the client's exception). */
export const cosmosRow = (call: {
  readonly account: { readonly id: string };
  readonly at: string;
  readonly caller: Caller;
  readonly operation: string;
  readonly status: number;
}): Row =>
  arrived(call.at, {
    Type: 'CDBDataPlaneRequests',
    AccountName: nameIn(call.account.id).toUpperCase(),
    OperationName: call.operation,
    ConnectionMode: 'Gateway',
    ActivityId: `${nameIn(call.account.id)}-${call.at}`,
    UserAgent: 'cosmos-netstandard-sdk/3.43.0',
    RequestResourceType: call.operation === 'Read' ? 'DatabaseAccount' : 'Document',
    RequestResourceId: '/dbs/orders/colls/items',
    StatusCode: call.status,
    ClientIpAddress: '20.50.2.14',
    RequestCharge: 0,
    DurationMs: 3,
    RegionName: 'West Europe',
    AadAppliedRoleAssignmentId: '',
    AadPrincipalId: call.caller.principalId,
    DatabaseName: 'orders',
    CollectionName: 'items',
    AuthTokenType: 'AadToken',
    KeyType: '',
    ...resourceColumn(call.account.id),
  });

/** SQL's audit names a token principal `<client id>@<tenant id>` and has no HTTP status. */
export const sqlLoginRow = (call: {
  readonly server: { readonly id: string };
  readonly database: string;
  readonly tenantId: string;
  readonly at: string;
  readonly caller: Caller;
  /** 18456: login failed; 40615: the firewall refused the address. */
  readonly error: { readonly code: number; readonly state: number; readonly text: string };
}): Row =>
  arrived(call.at, {
    Type: 'SQLSecurityAuditEvents',
    LogicalServerName: nameIn(call.server.id),
    Category: 'SQLSecurityAuditEvents',
    EventTime: call.at,
    ActionId: 'DBAF',
    ActionName: 'DATABASE AUTHENTICATION FAILED',
    Succeeded: false,
    ClassType: 'DB',
    ClassTypeDescription: 'DATABASE',
    ClientIp: '20.50.2.14',
    SessionServerPrincipalName: '',
    ServerPrincipalName: `${call.caller.clientId}@${call.tenantId}`,
    DatabasePrincipalName: '',
    DatabaseName: call.database,
    ObjectName: call.database,
    Statement: '',
    AdditionalInformation: `<login_information><error_code>${call.error.code}</error_code><error_state>${call.error.state}</error_state><error_message>${call.error.text}</error_message></login_information>`,
    ApplicationName: 'Core Microsoft SqlClient Data Provider',
    IsServerLevelAudit: true,
    ...resourceColumn(`${call.server.id}/databases/${call.database}`),
  });

/** A registry's login log: `ResultType` says what kind of result it is, `ResultDescription` is the HTTP status (Microsoft's own sample query filters on it). */
export const registryLoginRow = (call: {
  readonly registry: { readonly id: string };
  readonly at: string;
  readonly caller: Caller;
  readonly status: string;
}): Row =>
  arrived(call.at, {
    Type: 'ContainerRegistryLoginEvents',
    OperationName: 'Login',
    LoginServer: `${nameIn(call.registry.id)}.azurecr.io`,
    Identity: call.caller.clientId,
    Region: 'West Europe',
    ResultType: 'HttpStatusCode',
    ResultDescription: call.status,
    CallerIpAddress: '20.50.2.14',
    UserAgent: 'containerd/1.7.22',
    Category: 'ContainerRegistryLoginEvents',
    ...resourceColumn(call.registry.id),
  });

export const registryPullRow = (call: {
  readonly registry: { readonly id: string };
  readonly at: string;
  readonly caller: Caller;
  readonly operation: 'Pull' | 'Push';
  readonly status: string;
}): Row =>
  arrived(call.at, {
    Type: 'ContainerRegistryRepositoryEvents',
    OperationName: call.operation,
    LoginServer: `${nameIn(call.registry.id)}.azurecr.io`,
    Identity: call.caller.principalId,
    Repository: 'orders/api',
    Tag: '2026.11.3',
    Digest: '',
    ResultType: call.status,
    ResultDescription: call.status,
    CallerIpAddress: '20.50.2.14',
    UserAgent: 'docker/27.1',
    Category: 'ContainerRegistryRepositoryEvents',
    ...resourceColumn(call.registry.id),
  });

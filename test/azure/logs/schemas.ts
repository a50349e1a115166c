import type { KqlTable, KqlType } from '../../../src/sandbox/kql/index.ts';

/**
 * The columns of Log Analytics that the product's queries name, from the Azure Monitor table reference
 * (https://learn.microsoft.com/azure/azure-monitor/reference/tables-index), written down apart from the sandbox's list. Of AzureDiagnostics only those
 * that every workspace has: the ones with a suffix come and go, and a query that names one outright would fail where it is not.
 */
const shape = (text: string): KqlTable['columns'] =>
  text
    .split(/\s+/)
    .filter(Boolean)
    .map((column) => {
      const [name = '', type = 'string'] = column.split(':');
      return { name, type: type as KqlType };
    });
const every = 'TenantId TimeGenerated:datetime SourceSystem Type _ResourceId';
const storage =
  'AccountName OperationName AuthenticationType StatusCode StatusText Uri CallerIpAddress CorrelationId ClientRequestId RequesterObjectId RequesterTenantId RequesterAppId RequesterAudience RequesterUpn AuthorizationDetails:dynamic';
const signIn =
  'OperationName ResultType ResultDescription CorrelationId Id AppId ServicePrincipalId ServicePrincipalName ResourceIdentity ResourceDisplayName UniqueTokenIdentifier IPAddress FederatedCredentialId';
const insights = 'Message OperationId AppRoleName AppRoleInstance ItemCount:int SeverityLevel:int';

const schemas: Readonly<Record<string, string>> = {
  AzureDiagnostics:
    'ResourceId Category ResourceGroup SubscriptionId ResourceProvider Resource ResourceType OperationName ResultType CorrelationId ResultDescription CallerIPAddress',
  AZKVAuditLogs:
    'ResultType OperationName ResultDescription CorrelationId CallerIpAddress Identity:dynamic Id HttpStatusCode:int RequestUri IsAddressAuthorized:bool AppliedAssignmentId ResultSignature',
  StorageBlobLogs: storage,
  StorageQueueLogs: storage,
  StorageTableLogs: storage,
  StorageFileLogs: storage,
  AZMSRunTimeAuditLogs: 'ActivityId ActivityName Status AuthType AuthKey ClientIp Count:int Properties:dynamic Provider',
  AZMSDiagnosticErrorLogs:
    'ActivityId ActivityName NamespaceName EntityType EntityName OperationResult ErrorCount:int ErrorMessage Provider',
  CDBDataPlaneRequests:
    'AccountName OperationName ActivityId RequestResourceType StatusCode:int ClientIpAddress AadAppliedRoleAssignmentId AadPrincipalId DatabaseName CollectionName KeyType AuthTokenType',
  ContainerRegistryLoginEvents: 'OperationName LoginServer Identity JwtId CorrelationId ResultType ResultDescription CallerIpAddress',
  ContainerRegistryRepositoryEvents:
    'OperationName LoginServer Identity Repository Tag CorrelationId ResultType ResultDescription CallerIpAddress UserTenantId',
  SQLSecurityAuditEvents:
    'LogicalServerName EventTime:datetime SequenceNumber:int ActionId ActionName Succeeded:bool ClientIp SessionServerPrincipalName ServerPrincipalName DatabaseName Statement AdditionalInformation ConnectionId EventId',
  AzureActivity:
    'OperationNameValue ActivityStatusValue ActivitySubstatusValue SubscriptionId CorrelationId Caller CallerIpAddress CategoryValue Properties Authorization ResourceId OperationId EventDataId Authorization_d:dynamic Claims Claims_d:dynamic Properties_d:dynamic',
  AADManagedIdentitySignInLogs: signIn,
  AADServicePrincipalSignInLogs: signIn,
  MicrosoftGraphActivityLogs:
    'RequestId OperationId RequestMethod ResponseStatusCode:int IPAddress RequestUri SignInActivityId AppId UserId ServicePrincipalId',
  ContainerAppConsoleLogs: 'ContainerName ContainerGroupName ContainerId EnvironmentName Log ContainerAppName RevisionName JobName',
  ContainerAppConsoleLogs_CL: 'ContainerAppName_s ContainerGroupName_s Log_s RevisionName_s',
  AppServiceConsoleLogs: 'Level ResultDescription ContainerId Host OperationName',
  FunctionAppLogs: 'Category Message ExceptionMessage HostInstanceId AppName RoleInstance Level',
  AppTraces: insights,
  AppExceptions: `${insights} ProblemId OuterMessage InnermostMessage ExceptionType`,
};

export const logTables: readonly KqlTable[] = Object.entries(schemas).map(([name, columns]) => ({
  name,
  columns: shape(`${every} ${columns}`),
  rows: () => [],
}));

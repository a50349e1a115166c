import type { Row } from '../world-folder.ts';
import { arrived, groupIn, resourceColumn, subscriptionIn, type Caller } from './log-row.ts';

/** One write over ARM, which the Activity Log keeps as a record of its start and one of its end. */
export interface Write {
  /** In the provider's own casing, such as `Microsoft.Authorization/roleAssignments/write`. */
  readonly operation: string;
  readonly resourceId: string;
  readonly at: string;
  readonly tenantId: string;
  readonly by: Person | Workload;
  readonly correlationId: string;
  /** Stands on the record of the start. */
  readonly requestBody?: object;
  /** Stands on the record of the end, where the provider answers with the object. */
  readonly responseBody?: object;
  /** Absent: it succeeded. */
  readonly failure?: { readonly statusCode: string; readonly code: string; readonly message: string };
}

export interface Person {
  readonly upn: string;
  readonly principalId: string;
}

type Workload = Caller;

/** As the REST API lists them (MicrosoftDocs azure-docs, activity-log-schema; FACTS 5). */
export function activityEvents(write: Write): readonly Row[] {
  const end = write.failure ? failed(write) : succeeded(write);
  // A refusal by ARM itself comes before anything starts: one record.
  return write.failure
    ? [event(write, 'EndRequest', end)]
    : [event(write, 'BeginRequest', started(write)), event(write, 'EndRequest', end)];
}

/** As the same records arrive in a workspace: operation in upper case, everything nested as text. */
export function azureActivityRows(write: Write): readonly Row[] {
  const end = write.failure ? failed(write) : succeeded(write);
  const rows = write.failure ? [end] : [started(write), end];
  return rows.map((record) => workspaceRow(write, record));
}

interface Ending {
  readonly status: string;
  readonly workspaceStatus: string;
  readonly subStatus: string;
  readonly properties: Row;
}

const started = (write: Write): Ending => ({
  status: 'Started',
  workspaceStatus: 'Start',
  subStatus: '',
  properties: { ...(write.requestBody && { requestbody: JSON.stringify(write.requestBody) }), ...aboutEntity(write) },
});

const succeeded = (write: Write): Ending => ({
  status: 'Succeeded',
  workspaceStatus: 'Success',
  subStatus: write.operation.endsWith('/write') ? 'Created' : 'OK',
  properties: {
    statusCode: write.operation.endsWith('/write') ? 'Created' : 'OK',
    serviceRequestId: write.correlationId,
    ...(write.responseBody && { responseBody: JSON.stringify(write.responseBody) }),
    ...aboutEntity(write),
  },
});

const failed = (write: Write): Ending => ({
  status: 'Failed',
  workspaceStatus: 'Failure',
  subStatus: write.failure!.statusCode,
  properties: {
    statusCode: write.failure!.statusCode,
    serviceRequestId: null,
    statusMessage: JSON.stringify({ error: { code: write.failure!.code, message: write.failure!.message } }),
    ...aboutEntity(write),
  },
});

const aboutEntity = (write: Write): Row => ({
  eventCategory: 'Administrative',
  entity: write.resourceId,
  message: write.operation,
  hierarchy: `${write.tenantId}/${subscriptionIn(write.resourceId)}`,
});

function event(write: Write, name: string, ending: Ending): Row {
  const afterMs = name === 'BeginRequest' ? 0 : 1_400;
  const at = new Date(Date.parse(write.at) + afterMs).toISOString();
  const id = `${write.correlationId.slice(0, 24)}${name === 'BeginRequest' ? '00' : '01'}${write.correlationId.slice(26)}`;
  const provider = write.operation.split('/')[0]!;
  return {
    authorization: { action: write.operation, scope: write.resourceId },
    caller: callerOf(write),
    channels: 'Operation',
    claims: claimsOf(write),
    correlationId: write.correlationId,
    description: '',
    eventDataId: id,
    eventName: { value: name, localizedValue: name === 'BeginRequest' ? 'Begin request' : 'End request' },
    category: { value: 'Administrative', localizedValue: 'Administrative' },
    httpRequest: {
      clientRequestId: write.correlationId,
      clientIpAddress: '20.50.2.14',
      method: write.operation.endsWith('/delete') ? 'DELETE' : 'PUT',
    },
    id: `${write.resourceId}/events/${id}/ticks/638993376000000000`,
    level: write.failure ? 'Error' : 'Informational',
    resourceGroupName: groupIn(write.resourceId),
    resourceProviderName: { value: provider, localizedValue: provider },
    resourceType: { value: write.operation.slice(0, write.operation.lastIndexOf('/')), localizedValue: '' },
    resourceId: write.resourceId,
    operationId: write.correlationId,
    operationName: { value: write.operation, localizedValue: write.operation },
    properties: ending.properties,
    status: { value: ending.status, localizedValue: ending.status },
    subStatus: { value: ending.subStatus, localizedValue: ending.subStatus },
    eventTimestamp: at,
    submissionTimestamp: new Date(Date.parse(at) + 90_000).toISOString(),
    subscriptionId: subscriptionIn(write.resourceId),
    tenantId: write.tenantId,
  };
}

function workspaceRow(write: Write, ending: Ending): Row {
  const at = new Date(Date.parse(write.at) + (ending.status === 'Started' ? 0 : 1_400)).toISOString();
  return arrived(
    at,
    {
      Type: 'AzureActivity',
      OperationNameValue: write.operation.toUpperCase(),
      Level: write.failure ? 'Error' : 'Information',
      ActivityStatusValue: ending.workspaceStatus,
      ActivitySubstatusValue: ending.subStatus,
      ResourceGroup: groupIn(write.resourceId).toUpperCase(),
      SubscriptionId: subscriptionIn(write.resourceId),
      CorrelationId: write.correlationId,
      Caller: callerOf(write),
      CallerIpAddress: '20.50.2.14',
      CategoryValue: 'Administrative',
      HTTPRequest: JSON.stringify({ clientRequestId: write.correlationId, clientIpAddress: '20.50.2.14', method: 'PUT' }),
      Properties: JSON.stringify({
        ...ending.properties,
        activityStatusValue: ending.workspaceStatus,
        activitySubstatusValue: ending.subStatus,
      }),
      EventSubmissionTimestamp: new Date(Date.parse(at) + 90_000).toISOString(),
      Authorization: JSON.stringify({ action: write.operation, scope: write.resourceId }),
      OperationId: write.correlationId,
      ResourceProviderValue: write.operation.split('/')[0]!.toUpperCase(),
      EventDataId: `${write.correlationId.slice(0, 24)}${ending.status === 'Started' ? '00' : '01'}${write.correlationId.slice(26)}`,
      Claims: JSON.stringify(claimsOf(write)),
      Hierarchy: `${write.tenantId}/${subscriptionIn(write.resourceId)}`,
      ...resourceColumn(write.resourceId),
    },
    4,
  );
}

/** People by their sign-in name, workloads by their object id. */
const callerOf = ({ by }: Write): string => ('upn' in by ? by.upn : by.principalId);

function claimsOf({ by, tenantId }: Write): Row {
  const common = {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${tenantId}/`,
    'http://schemas.microsoft.com/identity/claims/objectidentifier': by.principalId,
    'http://schemas.microsoft.com/identity/claims/tenantid': tenantId,
    ver: '1.0',
  };
  return 'upn' in by
    ? {
        ...common,
        appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        appidacr: '0',
        idtyp: 'user',
        name: by.upn.split('@')[0],
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': by.upn,
      }
    : { ...common, appid: by.clientId, appidacr: '2', idtyp: 'app', xms_mirid: by.id, uti: `uti-${by.clientId.slice(0, 8)}` };
}

/** ARM's own words. */
export const authorizationFailed = (
  caller: { readonly principalId: string },
  action: string,
  scope: string,
): NonNullable<Write['failure']> => ({
  statusCode: 'Forbidden',
  code: 'AuthorizationFailed',
  message: `The client '${caller.principalId}' with object id '${caller.principalId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
});

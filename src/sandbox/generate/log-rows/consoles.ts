import type { Row } from '../world-folder.ts';
import { arrived, nameIn, resourceColumn } from './log-row.ts';

/** What an application printed: free text, and the host that printed it. */
export interface Line {
  readonly host: { readonly id: string };
  readonly at: string;
  readonly text: string;
  /** Container Apps: the revision's last part and the replica's. */
  readonly revision?: string;
  readonly replica?: string;
}

const revisionOf = (line: Line): string => `${nameIn(line.host.id)}--${line.revision ?? 'rev7'}`;
const replicaOf = (line: Line): string => `${revisionOf(line)}-${line.replica ?? '6d5f8c9b7-x2x4k'}`;

/** A container app environment with a diagnostic setting; the resource is the environment, the app is a column. */
export const containerAppRow = (line: Line & { readonly environment: { readonly id: string } }): Row =>
  arrived(line.at, {
    Type: 'ContainerAppConsoleLogs',
    ContainerAppName: nameIn(line.host.id),
    RevisionName: revisionOf(line),
    ContainerGroupName: replicaOf(line),
    ContainerName: 'api',
    ContainerImage: 'crorders.azurecr.io/orders/api:2026.11.3',
    EnvironmentName: nameIn(line.environment.id),
    Stream: 'stderr',
    Log: line.text,
    ...resourceColumn(line.environment.id),
  });

/** An environment that writes straight to a workspace: the custom table of old, without resource ids. */
export const containerAppCustomRow = (line: Line & { readonly environment: { readonly id: string } }): Row =>
  arrived(line.at, {
    Type: 'ContainerAppConsoleLogs_CL',
    time_t: line.at,
    ContainerAppName_s: nameIn(line.host.id),
    RevisionName_s: revisionOf(line),
    ContainerGroupName_s: replicaOf(line),
    ContainerName_s: 'api',
    ContainerImage_s: 'crorders.azurecr.io/orders/api:2026.11.3',
    EnvironmentName_s: nameIn(line.environment.id),
    Stream_s: 'stderr',
    Log_s: line.text,
    _ResourceId: '',
  });

export const appServiceRow = (line: Line): Row =>
  arrived(line.at, {
    Type: 'AppServiceConsoleLogs',
    Level: 'Error',
    ResultDescription: line.text,
    ContainerId: '7c1f0b5d2a90',
    Host: 'lw1sdlwk0001AB',
    OperationName: 'Microsoft.Web/sites/log',
    Category: 'AppServiceConsoleLogs',
    ...resourceColumn(line.host.id),
  });

export const functionAppRow = (line: Line & { readonly exception?: string }): Row =>
  arrived(line.at, {
    Type: 'FunctionAppLogs',
    Category: 'Function.PullOrders',
    Message: "Executed 'Functions.PullOrders' (Failed)",
    ExceptionType: line.exception ?? 'Azure.Identity.AuthenticationFailedException',
    ExceptionMessage: line.text,
    ExceptionDetails: `${line.exception ?? 'Azure.Identity.AuthenticationFailedException'} : ${line.text}`,
    HostInstanceId: 'b1d0a7a4-3c52-4a53-8f2f-6b8f0d9c7e11',
    HostVersion: '4.1036.2',
    FunctionName: 'PullOrders',
    Level: 'Error',
    LevelId: 4,
    AppName: nameIn(line.host.id),
    RoleInstance: 'PD0SDWK00001',
    Location: 'West Europe',
    ...resourceColumn(line.host.id),
  });

/** Application Insights knows the component and the role name that the code gives itself. */
export const exceptionRow = (
  line: Omit<Line, 'host'> & { readonly component: { readonly id: string }; readonly role: string; readonly type: string },
): Row =>
  arrived(line.at, {
    Type: 'AppExceptions',
    ProblemId: `${line.type} at Orders.Startup`,
    ExceptionType: line.type,
    OuterType: line.type,
    OuterMessage: line.text,
    InnermostType: line.type,
    InnermostMessage: line.text,
    SeverityLevel: 3,
    Details: [{ message: line.text, type: line.type }],
    Properties: {},
    OperationName: 'GET /orders',
    AppRoleName: line.role,
    AppRoleInstance: line.replica ?? `${line.role}-6d5f8c9b7-x2x4k`,
    SDKVersion: 'dotnetc:2.22.0',
    ItemCount: 1,
    ...resourceColumn(line.component.id),
  });

export const traceRow = (line: Omit<Line, 'host'> & { readonly component: { readonly id: string }; readonly role: string }): Row =>
  arrived(line.at, {
    Type: 'AppTraces',
    Message: line.text,
    SeverityLevel: 3,
    Properties: { CategoryName: 'Azure.Identity' },
    AppRoleName: line.role,
    AppRoleInstance: line.replica ?? `${line.role}-6d5f8c9b7-x2x4k`,
    SDKVersion: 'dotnetc:2.22.0',
    ItemCount: 1,
    ...resourceColumn(line.component.id),
  });

import type { Row } from '../world-folder.ts';
import { arrived, nameIn, resourceColumn, type Caller } from './log-row.ts';

/** A call to a storage account. StatusCode is a string; the caller's address carries its port; the id is that of the service below the account. */
export interface StorageCall {
  readonly account: { readonly id: string };
  readonly tenantId: string;
  readonly at: string;
  readonly caller: Caller | undefined;
  readonly service: 'blob' | 'queue' | 'table' | 'file';
  readonly operation: string;
  readonly path: string;
  readonly status: string;
  /** The error code, `Success` otherwise. */
  readonly text: string;
  /** The action that the service evaluated and what came of it; OAuth calls have it. */
  readonly decision?: {
    readonly action: string;
    readonly denyAssignmentId?: string;
    readonly reason?: string;
    readonly assignmentId?: string;
  };
  readonly address?: string;
  readonly audience?: string;
  readonly issuer?: string;
}

export const storageTable = (service: StorageCall['service']): string => `Storage${service[0]!.toUpperCase()}${service.slice(1)}Logs`;

export function storageRow(call: StorageCall): Row {
  const { caller, service } = call;
  const name = nameIn(call.account.id);
  const granted = call.status === '200';
  return arrived(call.at, {
    Type: storageTable(service),
    AccountName: name,
    Location: 'westeurope',
    Protocol: 'HTTPS',
    OperationName: call.operation,
    OperationVersion: '2024-08-04',
    AuthenticationType: 'OAuth',
    StatusCode: call.status,
    StatusText: call.text,
    DurationMs: 4,
    ServerLatencyMs: 4,
    Uri: `https://${name}.${service}.core.windows.net:443/${call.path}`,
    CallerIpAddress: `${call.address ?? '10.20.1.7'}:41234`,
    CorrelationId: `${name}-${call.at}`,
    SchemaVersion: '1.0',
    RequesterObjectId: caller?.principalId ?? '',
    RequesterTenantId: caller ? call.tenantId : '',
    RequesterAppId: caller?.clientId ?? '',
    RequesterAudience: caller ? (call.audience ?? 'https://storage.azure.com') : '',
    RequesterTokenIssuer: caller ? (call.issuer ?? `https://sts.windows.net/${call.tenantId}/`) : '',
    AuthorizationDetails: call.decision
      ? [
          {
            action: call.decision.action,
            roleAssignmentId: call.decision.assignmentId ?? '',
            roleDefinitionId: '',
            principals: caller ? [{ id: caller.principalId, type: 'ServicePrincipal' }] : [],
            denyAssignmentId: call.decision.denyAssignmentId ?? '',
            type: 'RBAC',
            result: granted ? 'Granted' : 'Denied',
            reason: granted ? 'Policy' : (call.decision.reason ?? 'NoApplicablePolicy'),
          },
        ]
      : null,
    UserAgentHeader: 'azsdk-net-Storage.Blobs/12.21.2 (.NET 8.0.8; Linux)',
    ServiceType: service,
    OperationCount: 0,
    ObjectKey: `/${name}/${call.path}`,
    Category: /^(?:Put|Create|Set|Append|Update|Insert)/.test(call.operation)
      ? 'StorageWrite'
      : call.operation.startsWith('Delete')
        ? 'StorageDelete'
        : 'StorageRead',
    TlsVersion: 'TLS 1.3',
    ...resourceColumn(`${call.account.id}/${service}Services/default`),
  });
}

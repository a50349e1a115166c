import type { Workspace } from '../../estate/index.ts';
import type { LogGap, LogTarget } from '../../ports/index.ts';
import * as az from '../../remedy/az.ts';

/** A service, the signs in a workspace that its refusals are logged, and how to switch logging on. */
interface Watched {
  readonly slice: string;
  readonly label: string;
  /** Undefined: every tenant has it. */
  readonly type?: string;
  /** Entries of presence.kql; any one will do. */
  readonly signs: readonly string[];
  readonly command: (exampleId: string, workspaceId: string) => string | undefined;
}

/** Categories: https://learn.microsoft.com/azure/azure-monitor/reference/logs-index */
const watched: readonly Watched[] = [
  {
    slice: 'logs:key-vault',
    label: 'key vaults',
    type: 'microsoft.keyvault/vaults',
    signs: ['AZKVAuditLogs', 'AzureDiagnostics MICROSOFT.KEYVAULT'],
    command: (id, workspace) => setting(id, workspace, [{ category: 'AuditEvent' }]),
  },
  {
    slice: 'logs:storage',
    label: 'storage accounts',
    type: 'microsoft.storage/storageaccounts',
    signs: ['StorageBlobLogs', 'StorageQueueLogs', 'StorageTableLogs', 'StorageFileLogs'],
    // Each service of an account has settings of its own; the account itself logs no request.
    command: (id, workspace) =>
      setting(`${id}/blobServices/default`, workspace, [
        { category: 'StorageRead' },
        { category: 'StorageWrite' },
        { category: 'StorageDelete' },
      ]),
  },
  {
    slice: 'logs:service-bus',
    label: 'Service Bus namespaces',
    type: 'microsoft.servicebus/namespaces',
    signs: [
      'AZMSRunTimeAuditLogs MICROSOFT.SERVICEBUS',
      'AZMSDiagnosticErrorLogs MICROSOFT.SERVICEBUS',
      'AzureDiagnostics MICROSOFT.SERVICEBUS',
    ],
    // Which categories there are depends on the tier; the group holds those of each.
    command: (id, workspace) => setting(id, workspace, [{ categoryGroup: 'allLogs' }]),
  },
  {
    slice: 'logs:event-hubs',
    label: 'Event Hubs namespaces',
    type: 'microsoft.eventhub/namespaces',
    signs: ['AZMSRunTimeAuditLogs MICROSOFT.EVENTHUB', 'AZMSDiagnosticErrorLogs MICROSOFT.EVENTHUB', 'AzureDiagnostics MICROSOFT.EVENTHUB'],
    command: (id, workspace) => setting(id, workspace, [{ categoryGroup: 'allLogs' }]),
  },
  {
    slice: 'logs:cosmos-db',
    label: 'Cosmos DB accounts',
    type: 'microsoft.documentdb/databaseaccounts',
    signs: ['CDBDataPlaneRequests', 'AzureDiagnostics MICROSOFT.DOCUMENTDB'],
    command: (id, workspace) => setting(id, workspace, [{ category: 'DataPlaneRequests' }]),
  },
  {
    slice: 'logs:container-registry',
    label: 'container registries',
    type: 'microsoft.containerregistry/registries',
    signs: ['ContainerRegistryLoginEvents', 'ContainerRegistryRepositoryEvents'],
    command: (id, workspace) =>
      setting(id, workspace, [{ category: 'ContainerRegistryLoginEvents' }, { category: 'ContainerRegistryRepositoryEvents' }]),
  },
  {
    slice: 'logs:sql',
    label: 'SQL servers',
    type: 'microsoft.sql/servers',
    signs: ['SQLSecurityAuditEvents', 'AzureDiagnostics MICROSOFT.SQL'],
    command: (id, workspace) =>
      az.command('sql server audit-policy update', {
        ids: id,
        state: 'Enabled',
        'log-analytics-target-state': 'Enabled',
        'log-analytics-workspace-resource-id': workspace,
      }),
  },
  {
    slice: 'logs:container-apps',
    label: 'Container Apps environments',
    type: 'microsoft.app/managedenvironments',
    signs: ['ContainerAppConsoleLogs', 'ContainerAppConsoleLogs_CL'],
    command: (id, workspace) => setting(id, workspace, [{ category: 'ContainerAppConsoleLogs' }]),
  },
  {
    slice: 'logs:app-service',
    label: 'web and function apps',
    type: 'microsoft.web/sites',
    signs: ['AppServiceConsoleLogs', 'FunctionAppLogs', 'AppTraces', 'AppExceptions'],
    // Web apps and function apps have different categories.
    command: (id, workspace) => setting(id, workspace, [{ categoryGroup: 'allLogs' }]),
  },
  {
    slice: 'logs:entra',
    label: 'sign-ins of managed identities and service principals (Microsoft Entra ID P1)',
    signs: ['AADManagedIdentitySignInLogs', 'AADServicePrincipalSignInLogs'],
    command: (_, workspace) => entraSetting('mi-audit-sign-ins', workspace, ['ManagedIdentitySignInLogs', 'ServicePrincipalSignInLogs']),
  },
  {
    slice: 'logs:graph',
    label: 'calls to Microsoft Graph (Microsoft Entra ID P1)',
    signs: ['MicrosoftGraphActivityLogs'],
    command: (_, workspace) => entraSetting('mi-audit-graph', workspace, ['MicrosoftGraphActivityLogs']),
  },
];

/**
 * Services that are there and log nothing. Judged by service: one vault that logs makes Key Vault watched. Without `targets` only what every tenant has is
 * judged, since nobody said what there is.
 */
export function unwatched(
  presence: ReadonlySet<string>,
  targets: readonly LogTarget[] | undefined,
  workspace: Workspace,
): readonly LogGap[] {
  return watched.flatMap((service): readonly LogGap[] => {
    if (service.signs.some((sign) => presence.has(sign))) return [];
    const target = targets?.find((one) => one.type.toLowerCase() === service.type);
    if (service.type !== undefined && target === undefined) return [];
    const many = target === undefined || target.count <= 1 ? '' : ` The command is for one of ${target.count}: repeat it for each.`;
    return [
      {
        slice: service.slice,
        scope: target?.example ?? '/',
        state: 'missing',
        why: `Refused calls are not being watched for ${service.label}: in seven days nothing of them arrived in a workspace that can be read.${many}`,
        permission: '',
        command: service.command(target?.example ?? '', workspace.id) ?? '',
        failed: false,
      },
    ];
  });
}

function setting(
  resource: string,
  workspace: string,
  logs: readonly ({ readonly category: string } | { readonly categoryGroup: string })[],
): string | undefined {
  return az.command('monitor diagnostic-settings create', {
    name: 'mi-audit',
    resource,
    workspace,
    'export-to-resource-specific': 'true',
    logs: JSON.stringify(logs.map((log) => ({ ...log, enabled: true }))),
  });
}

/** The directory's settings have no command of their own. https://learn.microsoft.com/entra/identity/monitoring-health/howto-configure-diagnostic-settings */
function entraSetting(name: string, workspace: string, categories: readonly string[]): string | undefined {
  return az.command('rest', {
    method: 'put',
    url: `/providers/microsoft.aadiam/diagnosticSettings/${name}?api-version=2017-04-01`,
    body: JSON.stringify({ properties: { workspaceId: workspace, logs: categories.map((category) => ({ category, enabled: true })) } }),
  });
}

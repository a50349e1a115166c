import { functionAppRow, appServiceRow, containerAppCustomRow, containerAppRow } from './consoles.ts';
import { runtimeAuditRow } from './messaging.ts';
import { storageRow, type StorageCall } from './storage.ts';
import { vaultAuditRow, vaultDiagnosticsRow, type VaultAnswer } from './key-vault.ts';
import type { Caller } from './log-row.ts';
import type { Placed } from '../tenant-options.ts';
import { usual, type Recorder, type Span } from './recorder.ts';

/** Runs of refused calls, one service each, in the words of that service. */
export interface Run {
  readonly caller: Caller | undefined;
  readonly from?: number;
  readonly until?: number;
  readonly every?: number;
  readonly address?: string;
}

const spanOf = (run: Omit<Run, 'caller'>): Span => ({
  from: run.from ?? usual.from,
  until: run.until ?? usual.until,
  every: run.every ?? usual.every,
});

export function vaultCalls(
  here: Recorder,
  run: Run & {
    readonly vault: Placed;
    readonly answer: VaultAnswer;
    readonly operation?: string;
    readonly object?: string;
    readonly table?: 'AzureDiagnostics' | 'AZKVAuditLogs';
  },
): void {
  const row = run.table === 'AZKVAuditLogs' ? vaultAuditRow : vaultDiagnosticsRow;
  for (const at of here.instants(spanOf(run)))
    here.log(
      row({
        vault: run.vault,
        tenantId: here.t.tenantId,
        at,
        caller: run.caller,
        operation: run.operation ?? 'SecretGet',
        object: run.object ?? 'orders-connection',
        answer: run.answer,
        ...(run.address !== undefined && { address: run.address }),
      }),
    );
}

export const noRole = (action = 'Microsoft.KeyVault/vaults/secrets/getSecret/action'): VaultAnswer => ({ kind: 'rbac', action });

export const blobRead = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read';

export function storageCalls(
  here: Recorder,
  run: Run & { readonly account: Placed } & Partial<
      Pick<StorageCall, 'service' | 'operation' | 'path' | 'status' | 'text' | 'decision' | 'audience' | 'issuer'>
    >,
): void {
  const { account, caller, from: _from, until: _until, every: _every, ...rest } = run;
  for (const at of here.instants(spanOf(run)))
    here.log(
      storageRow({
        account,
        caller,
        tenantId: here.t.tenantId,
        at,
        service: 'blob',
        operation: 'GetBlob',
        path: 'invoices/2026/11/0001.pdf',
        status: '403',
        text: 'AuthorizationPermissionMismatch',
        ...(rest.decision === undefined && rest.text === undefined && { decision: { action: blobRead } }),
        ...rest,
      }),
    );
}

export function messagingCalls(
  here: Recorder,
  run: Run & {
    readonly caller: Caller;
    readonly namespace: Placed;
    readonly activity: string;
    readonly count?: number;
    readonly authType?: string;
    readonly entity?: string;
  },
): void {
  for (const at of here.instants(spanOf(run)))
    here.log(
      runtimeAuditRow({
        namespace: run.namespace,
        at,
        caller: run.caller,
        activity: run.activity,
        status: 'Failure',
        count: run.count ?? 4,
        ...(run.authType !== undefined && { authType: run.authType }),
        ...(run.entity !== undefined && { entity: run.entity }),
      }),
    );
}

interface Printed extends Omit<Run, 'caller' | 'address'> {
  readonly host: { readonly id: string };
  readonly text: string;
  readonly replica?: string;
  readonly revision?: string;
}

export function printsInAppService(here: Recorder, run: Printed): void {
  for (const at of here.instants(spanOf(run))) here.log(appServiceRow({ host: run.host, at, text: run.text }));
}

export function throwsInFunctions(here: Recorder, run: Printed & { readonly exception?: string }): void {
  for (const at of here.instants(spanOf(run)))
    here.log(functionAppRow({ host: run.host, at, text: run.text, ...(run.exception !== undefined && { exception: run.exception }) }));
}

export function printsInContainerApp(here: Recorder, run: Printed & { readonly custom?: boolean }): void {
  const group = run.host.id.slice(0, run.host.id.indexOf('/providers/'));
  const environment = { id: `${group}/providers/Microsoft.App/managedEnvironments/cae-prod` };
  const row = run.custom ? containerAppCustomRow : containerAppRow;
  for (const at of here.instants(spanOf(run)))
    here.log(
      row({
        host: run.host,
        environment,
        at,
        text: run.text,
        ...(run.replica !== undefined && { replica: run.replica }),
        ...(run.revision !== undefined && { revision: run.revision }),
      }),
    );
}

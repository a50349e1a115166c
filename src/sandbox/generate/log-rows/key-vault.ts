import type { Row } from '../world-folder.ts';
import { arrived, groupIn, nameIn, resourceColumn, subscriptionIn, type Caller } from './log-row.ts';

/**
 * Key Vault's audit log. The refusals' texts are those that vaults send (FACTS 4: terraform-provider-azurerm and azure-docs issues quote them); a 403 has ResultType
 * `Success`, and a call whose token was not accepted has no identity columns.
 */
export interface VaultCall {
  readonly vault: { readonly id: string; readonly name: string };
  readonly tenantId: string;
  readonly at: string;
  /** Undefined: the vault did not accept the token, or there was none. */
  readonly caller: Caller | undefined;
  readonly operation: string;
  readonly object: string;
  readonly answer: VaultAnswer;
  readonly address?: string;
  readonly client?: string;
}

export type VaultAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'rbac'; readonly action: string; readonly assignment?: string; readonly denyAssignmentId?: string }
  | { readonly kind: 'policy'; readonly permission: string }
  | { readonly kind: 'firewall'; readonly privateOnly?: boolean }
  | { readonly kind: 'unauthorized'; readonly text: string };

/** The row of a vault whose diagnostic setting writes to AzureDiagnostics, where ids are in upper case. */
export function vaultDiagnosticsRow(call: VaultCall): Row {
  const { vault, caller } = call;
  return arrived(
    call.at,
    {
      Type: 'AzureDiagnostics',
      ResourceId: vault.id.toUpperCase(),
      Category: 'AuditEvent',
      ResourceGroup: groupIn(vault.id).toUpperCase(),
      SubscriptionId: subscriptionIn(vault.id),
      ResourceProvider: 'MICROSOFT.KEYVAULT',
      Resource: vault.name.toUpperCase(),
      ResourceType: 'VAULTS',
      OperationName: call.operation,
      OperationVersion: '7.4',
      ResultType: 'Success',
      ResultSignature: signatureOf(call.answer),
      ResultDescription: textOf(call),
      CorrelationId: correlation(call),
      CallerIPAddress: call.address ?? '20.50.2.14',
      DurationMs: 21,
      httpStatusCode_d: statusOf(call.answer),
      id_s: objectUri(call),
      requestUri_s: `${objectUri(call)}?api-version=7.4`,
      clientInfo_s: call.client ?? 'azsdk-net-Security.KeyVault.Secrets/4.6.0 (.NET 8.0.10; Debian GNU/Linux 12)',
      isAccessPolicyMatch_b: call.answer.kind === 'ok',
      ...(caller && {
        identity_claim_oid_g: caller.principalId,
        identity_claim_appid_g: caller.clientId,
        identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier_g: '',
      }),
      ...resourceColumn(vault.id),
    },
    4,
  );
}

/** The row of a vault whose diagnostic setting writes to its own table. */
export function vaultAuditRow(call: VaultCall): Row {
  const { caller } = call;
  return arrived(
    call.at,
    {
      Type: 'AZKVAuditLogs',
      OperationName: call.operation,
      OperationVersion: '7.4',
      ResultType: 'Success',
      ResultSignature: signatureOf(call.answer),
      ResultDescription: textOf(call),
      CorrelationId: correlation(call),
      CallerIpAddress: call.address ?? '20.50.2.14',
      Identity: caller ? { claim: { oid: caller.principalId, appid: caller.clientId, xms_az_nwperimid: [], xms_mirid: caller.id } } : {},
      Id: objectUri(call),
      RequestUri: `${objectUri(call)}?api-version=7.4`,
      ClientInfo: call.client ?? 'azsdk-python-keyvault-keys/4.9.0 Python/3.12.4 (Linux-6.1)',
      HttpStatusCode: statusOf(call.answer),
      IsAddressAuthorized: call.answer.kind !== 'firewall',
      IsRbacAuthorized: call.answer.kind === 'ok',
      IsAccessPolicyMatch: false,
      AppliedAssignmentId: '',
      Tlsversion: 'TLS1_3',
      DurationMs: 17,
      ...resourceColumn(call.vault.id),
    },
    4,
  );
}

/** What every SDK's first request looks like: no token yet, and a 401 that says where to get one. */
export const vaultChallenge = (call: Omit<VaultCall, 'answer' | 'caller' | 'operation'>, operation = 'SecretGet'): VaultCall => ({
  ...call,
  operation,
  caller: undefined,
  answer: { kind: 'unauthorized', text: 'AKV10000: Request is missing a Bearer or PoP token.' },
});

function textOf(call: VaultCall): string {
  const { answer, caller, vault } = call;
  const place = `${vault.name};location=westeurope`;
  const who = caller ? `appid=${caller.clientId};oid=${caller.principalId};iss=https://sts.windows.net/${call.tenantId}/` : '';
  switch (answer.kind) {
    case 'ok':
      return '';
    case 'rbac':
      return [
        'Caller is not authorized to perform action on resource.',
        'If role assignments, deny assignments or role definitions were changed recently, please observe propagation time.',
        `Caller: ${who}`,
        `Action: '${answer.action}'`,
        `Resource: '${vault.id.toLowerCase()}/${pathOf(call)}'`,
        `Assignment: ${answer.assignment ?? '(not found)'}`,
        `DenyAssignmentId: ${answer.denyAssignmentId ?? 'null'}`,
        `DecisionReason: ${answer.denyAssignmentId ? "'DeniedWithDenyAssignment'" : 'null'} `,
        `Vault: ${place}`,
        '',
      ].join('\r\n');
    case 'policy':
      return `The user, group or application '${who}' does not have ${answer.permission} permission on key vault '${place}'. For help resolving this issue, please see https://go.microsoft.com/fwlink/?linkid=2125287`;
    case 'firewall':
      return answer.privateOnly
        ? `Public network access is disabled and request is not from a trusted service nor via an approved private link.\r\nCaller: ${who}\r\nVault: ${place}\r\n`
        : `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${call.address ?? '20.50.2.14'}\r\nCaller: ${who}\r\nVault: ${place}\r\n`;
    case 'unauthorized':
      return answer.text;
  }
}

function signatureOf(answer: VaultAnswer): string {
  if (answer.kind === 'ok') return 'OK';
  return answer.kind === 'unauthorized' ? 'Unauthorized' : 'Forbidden';
}

function statusOf(answer: VaultAnswer): number {
  if (answer.kind === 'ok') return 200;
  return answer.kind === 'unauthorized' ? 401 : 403;
}

function pathOf({ operation, object }: VaultCall): string {
  const collection = operation.startsWith('Key') ? 'keys' : operation.startsWith('Certificate') ? 'certificates' : 'secrets';
  return object === '' ? collection : `${collection}/${object}`;
}

const objectUri = (call: VaultCall): string => `https://${nameIn(call.vault.id)}.vault.azure.net/${pathOf(call)}`;
const correlation = ({ vault, at, object }: VaultCall): string =>
  Buffer.from(`${vault.name}${object}${at}`).toString('hex').padEnd(32, '0').slice(-32);

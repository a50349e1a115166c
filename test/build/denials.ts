import type { Burst, Denial } from '../../src/denials/index.ts';
import { attributionIn } from '../../src/denials/index.ts';
import { openAccess } from '../../src/access/index.ts';
import { clientId, type Estate, type Identity } from '../../src/estate/index.ts';
import { diagnose, type Change, type Diagnosis, type SceneInput } from '../../src/incidents/index.ts';
import { guid, sub } from './estate.ts';

/** Builders of refused calls: the shapes of the logs, one function a service. */

export const onset = '2026-11-20T07:30:00Z';
export const lastly = '2026-11-20T07:55:00Z';
export const now = '2026-11-20T08:00:00Z';
/** Minutes from the first refusal; negative: before it. */
export const minutes = (count: number): string => new Date(Date.parse(onset) + count * 60_000).toISOString();

const group = `${sub('prod')}/resourceGroups/rg-app/providers`;
export const storageId = (name: string): string => `${group}/Microsoft.Storage/storageAccounts/${name}`;
export const vaultId = (name: string): string => `${group}/Microsoft.KeyVault/vaults/${name}`;
export const namespaceId = (name: string): string => `${group}/Microsoft.ServiceBus/namespaces/${name}`;
export const accountId = (name: string): string => `${group}/Microsoft.DocumentDB/databaseAccounts/${name}`;
export const serverId = (name: string): string => `${group}/Microsoft.Sql/servers/${name}`;
export const registryId = (name: string): string => `${group}/Microsoft.ContainerRegistry/registries/${name}`;

export function denial(part: Partial<Denial> = {}): Denial {
  return {
    service: 'storage',
    table: 'StorageBlobLogs',
    workspace: 'w',
    caller: { kind: 'workload' },
    target: storageId('stpay'),
    object: '',
    operation: 'GetBlob',
    statusCode: 403,
    reason: 'AuthorizationPermissionMismatch',
    sample: '',
    callerAddresses: [],
    hosts: [],
    bins: [{ start: Date.parse(onset), count: 20 }],
    firstAt: onset,
    lastAt: lastly,
    ...part,
  };
}

export const by = (identity: Identity): Denial['caller'] => ({ kind: 'workload', objectId: identity.principalId });

export const blobRefused = (identity: Identity, part: Partial<Denial> = {}): Denial => denial({ caller: by(identity), ...part });

export const secretRefused = (identity: Identity, part: Partial<Denial> = {}): Denial =>
  denial({
    service: 'key-vault',
    table: 'AZKVAuditLogs',
    caller: by(identity),
    target: vaultId('kv-pay'),
    operation: 'SecretGet',
    reason: 'ForbiddenByRbac',
    sample: `Caller is not authorized to perform action on resource. Caller: appid=${guid('a')};oid=${identity.principalId} Action: 'Microsoft.KeyVault/vaults/secrets/getSecret/action' Assignment: (not found) DenyAssignmentId: null DecisionReason: null`,
    ...part,
  });

export const secretRefusedByPolicy = (identity: Identity, part: Partial<Denial> = {}): Denial =>
  secretRefused(identity, {
    reason: 'Forbidden',
    sample: `The user, group or application 'appid=${guid('a')};oid=${identity.principalId}' does not have secrets get permission on key vault 'kv-pay;location=westeurope'.`,
    ...part,
  });

export const armRefused = (identity: Identity, action: string, scope: string, part: Partial<Denial> = {}): Denial =>
  denial({
    service: 'arm',
    table: 'AzureActivity',
    caller: by(identity),
    target: scope,
    operation: action.toUpperCase(),
    reason: 'AuthorizationFailed',
    sample: `The client '${identity.principalId}' with object id '${identity.principalId}' does not have authorization to perform action '${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ...part,
  });

/** A line of an application's own log: it names its host and nobody else. */
export const appSaid = (hostId: string, sample: string, part: Partial<Denial> = {}): Denial =>
  denial({
    service: 'app',
    table: 'AppServiceConsoleLogs',
    target: hostId,
    operation: '',
    statusCode: 0,
    reason: sample.split(/[.:]/)[0] ?? '',
    sample,
    hosts: [{ id: hostId, name: hostId.slice(hostId.lastIndexOf('/') + 1) }],
    ...part,
  });

export const signInRefused = (identity: Identity | undefined, code: string, sample: string, part: Partial<Denial> = {}): Denial =>
  denial({
    service: 'entra',
    table: 'AADServicePrincipalSignInLogs',
    caller: { kind: 'workload', clientId: identity?.clientId ?? clientId(guid('nobody')) },
    target: 'https://vault.azure.net',
    operation: 'sign-in',
    statusCode: 401,
    reason: code,
    sample: `${code}: ${sample}`,
    ...part,
  });

export function burst(denials: readonly Denial[], part: Partial<Burst> = {}): Burst {
  const [first] = denials;
  const start = Date.parse(onset);
  const count = denials.reduce((sum, one) => sum + one.bins.reduce((all, bin) => all + bin.count, 0), 0);
  return {
    id: 'burst',
    kind: 'outage',
    who: 'who',
    service: first?.service ?? 'storage',
    reason: first?.reason ?? '',
    denials,
    count,
    firstAt: denials.map((one) => one.firstAt).toSorted()[0] ?? onset,
    lastAt:
      denials
        .map((one) => one.lastAt)
        .toSorted()
        .at(-1) ?? lastly,
    episode: { ordinal: 1, start, onset: start, lastBin: start, count, openedWith: count, expected: 0, probability: 0 },
    silence: 'none',
    ...part,
  };
}

export function change(kind: Change['kind'], resourceId: string, part: Partial<Change> = {}): Change {
  return {
    kind,
    at: minutes(-20),
    eventId: guid(`event ${kind} ${resourceId}`),
    correlationId: guid(`correlation ${resourceId}`),
    resourceId,
    caller: 'pipeline@contoso.example',
    callerObjectId: guid('pipeline'),
    succeeded: true,
    details: {},
    ...part,
  };
}

/** An assignment's deletion as the Activity Log tells it; what it was is in `details` where the log knows. */
export const removal = (scopeId: string, details: Change['details'] = {}, part: Partial<Change> = {}): Change =>
  change('assignment-removed', `${scopeId}/providers/Microsoft.Authorization/roleAssignments/${guid('removed')}`, { details, ...part });

/** Through the product's own door: attribution, evaluator and every cause. The Activity Log was readable and quiet unless the test says otherwise. */
export function diagnosed(estate: Estate, denials: readonly Denial[], part: Partial<SceneInput> = {}): Diagnosis {
  return diagnose({
    burst: burst(denials),
    attribution: attributionIn(estate)(denials),
    now,
    estate: { denyAssignments: [], ...estate },
    access: openAccess(estate),
    changes: [],
    unseen: [],
    ...part,
  });
}

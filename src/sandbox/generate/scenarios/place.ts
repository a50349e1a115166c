import { vaultChallenge, vaultDiagnosticsRow } from '../log-rows/key-vault.ts';
import { recorder, type Recorder } from '../log-rows/recorder.ts';
import type { ManagementGroup, ResourceGroup, Subscription } from '../rows/container.ts';
import type { ManagedIdentity } from '../rows/identity.ts';
import { Tenant } from '../tenant.ts';
import type { TenantHost } from '../tenant-options.ts';

/** The ground of every scenario: two subscriptions, a workspace, the auditor with its documented rights, and a healthy neighbour whose calls succeed. */
export interface Place extends Recorder {
  readonly corp: ManagementGroup;
  readonly prod: Subscription;
  readonly other: Subscription;
  /** Where the failing workload lives. */
  readonly home: ResourceGroup;
  /** Another group of the same subscription, and one of the other subscription. */
  readonly nextDoor: ResourceGroup;
  readonly faraway: ResourceGroup;
  readonly healthy: ManagedIdentity;
}

/** The clock of all scenarios. */
export const scenarioNow = '2026-11-20T08:00:00.000Z';

export function place(name: string, given: { readonly workspace: boolean }): Place {
  const t = new Tenant({ name: 'fabrikam', now: scenarioNow, seed: seedOf(name) });
  const corp = t.managementGroup('corp', { displayName: 'Corp' });
  const prod = t.subscription('fabrikam-prod', corp);
  const other = t.subscription('fabrikam-data', corp);
  const home = t.resourceGroup(prod, 'rg-orders-prod');
  const platform = t.resourceGroup(prod, 'rg-platform-prod');
  const workspace = given.workspace ? t.workspace(platform, 'log-fabrikam') : undefined;
  const operator = t.directory.user('Operator 01');
  auditorOf(t, platform);
  const made: Place = {
    ...recorder(t, {
      name,
      workspace,
      subscriptions: [prod, other],
      operator: { upn: 'operator01@fabrikam.example', principalId: operator.principalId },
    }),
    corp,
    prod,
    other,
    home,
    nextDoor: t.resourceGroup(prod, 'rg-billing-prod'),
    faraway: t.resourceGroup(other, 'rg-data-prod'),
    healthy: t.userAssignedIdentity(platform, 'id-catalog-prod'),
  };
  healthyNeighbour(made, platform);
  everydayWrites(made);
  return made;
}

function auditorOf(t: Tenant, group: ResourceGroup): void {
  const identity = t.userAssignedIdentity(group, 'id-mi-audit');
  t.host('functionApp', group, 'func-mi-audit', { userAssigned: [identity] });
  t.assign(identity, 'Reader', t.root);
  t.assign(identity, 'Log Analytics Data Reader', t.root);
  const graph = t.directory.microsoftGraph();
  // Application.Read.All, User.ReadBasic.All, GroupMember.Read.All, RoleManagement.Read.Directory.
  for (const id of [
    '9a5d68dd-52b0-4cc2-bd40-abcf44ac3a30',
    '97235f07-e226-4f63-ace3-39588e11d3a1',
    '98830695-27a2-44f7-8c18-0c3ebc9698f6',
    '483bed4a-2ad3-4361-a73b-c83ccdbdc53c',
  ])
    t.directory.appRole(identity, id, graph);
  t.configure({ auditor: { principalId: identity.principalId, clientId: identity.clientId, resourceId: identity.id } });
}

/** Somebody deploys something every few hours: no subscription's Activity Log is ever empty. */
function everydayWrites({ did, prod, other, t }: Place): void {
  for (const subscription of [prod, other])
    for (const hours of [3, 9, 27, 51])
      did({
        operation: 'Microsoft.Resources/tags/write',
        resourceId: `${subscription.id}/providers/Microsoft.Resources/tags/default`,
        at: t.ago({ hours }),
      });
}

/** A workload that works, with the 401 of each fresh client before its first token. */
function healthyNeighbour({ t, healthy, log, instants }: Place, group: ResourceGroup): void {
  t.host('webApp', group, 'app-catalog-prod', { userAssigned: [healthy] });
  const vault = t.vault(group, 'kv-catalog-prod', { rbac: true });
  t.assign(healthy, 'Key Vault Secrets User', vault);
  for (const at of instants({ from: 1_440, until: 5, every: 15 })) {
    const call = { vault, tenantId: t.tenantId, at, object: 'catalog-connection' };
    log(vaultDiagnosticsRow(vaultChallenge(call)));
    log(vaultDiagnosticsRow({ ...call, operation: 'SecretGet', caller: healthy, answer: { kind: 'ok' } }));
  }
}

/** A web app with one user-assigned identity, the commonest workload there is. */
export function workload(
  { t, home }: Place,
  given: { readonly name?: string; readonly group?: ResourceGroup; readonly host?: 'webApp' | 'containerApp' | 'functionApp' } = {},
): { readonly identity: ManagedIdentity; readonly host: TenantHost } {
  const name = given.name ?? 'orders';
  const group = given.group ?? home;
  const identity = t.userAssignedIdentity(group, `id-${name}-prod`);
  const kind = given.host ?? 'webApp';
  const prefix = { webApp: 'app', containerApp: 'ca', functionApp: 'func' }[kind];
  return { identity, host: t.host(kind, group, `${prefix}-${name}-prod`, { userAssigned: [identity] }) };
}

const seedOf = (name: string): number => Array.from(name).reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7);

import { hostKinds, type HostKind } from '../host-kinds.ts';
import { argRow, type ArgRow } from '../rows/arg-row.ts';
import { managementGroupRow, resourceGroupRow, subscriptionRow } from '../rows/container.ts';
import { identityColumn, userAssignedIdentityRow, type ManagedIdentity } from '../rows/identity.ts';
import type { PlannedHost, TenantPlan } from './tenant-plan.ts';

/** Containers and resources of a sized tenant, one at a time. */
export function* containerRows(plan: TenantPlan): Iterable<ArgRow> {
  for (const group of plan.managementGroups) yield managementGroupRow(plan.tenantId, group);
  for (const subscription of plan.subscriptions) yield subscriptionRow(plan.tenantId, subscription, null);
  for (let number = 0; number < plan.groupCount; number++) {
    yield resourceGroupRow(plan.tenantId, plan.group(number), {
      location,
      managedBy: '',
      tags: { environment: number % 3 === 0 ? 'dev' : 'prod' },
    });
  }
}

export function* resourceRows(plan: TenantPlan): Iterable<ArgRow> {
  for (let number = 0; number < plan.size.identities; number++)
    yield userAssignedIdentityRow(plan.tenantId, plan.identity(number), location, { owner: 'platform-team' });
  for (let number = 0; number < plan.systemAssignedHosts; number++)
    yield hostRow(plan, plan.host(number), { system: plan.systemIdentity(number) });
  for (let number = 0; number < plan.userAssignedHosts; number++) {
    yield hostRow(plan, plan.host(plan.systemAssignedHosts + number), { user: [plan.identity(plan.attachedIdentity(number))] });
  }
  for (let number = 0; number < plan.targets; number++) yield targetRow(plan, number);
  if (plan.size.days) yield workspaceRow(plan);
}

function workspaceRow(plan: TenantPlan): ArgRow {
  const type = 'Microsoft.OperationalInsights/workspaces';
  return argRow({
    id: `${plan.group(0).id}/providers/${type}/log-sized`,
    name: 'log-sized',
    type,
    tenantId: plan.tenantId,
    location,
    properties: { customerId: plan.workspaceId },
  });
}

function hostRow(
  plan: TenantPlan,
  host: PlannedHost,
  attached: { readonly system?: ManagedIdentity; readonly user?: readonly ManagedIdentity[] },
): ArgRow {
  const about: HostKind = hostKinds[host.kind];
  const cluster =
    host.kind === 'cluster'
      ? {
          nodeResourceGroup: `MC_${host.name}`,
          oidcIssuerProfile: {
            enabled: true,
            issuerURL: `https://${location}.oic.prod-aks.azure.com/${plan.tenantId}/${plan.seeded.guid('issuer', host.name)}/`,
          },
        }
      : {};
  return argRow({
    id: host.id,
    name: host.name,
    type: about.type,
    tenantId: plan.tenantId,
    kind: about.kind ?? '',
    location,
    tags: { environment: 'prod' },
    properties: { provisioningState: 'Succeeded', ...about.properties, ...cluster },
    identity: identityColumn(plan.tenantId, { ...attached, spelling: about.spelling }),
  });
}

function targetRow(plan: TenantPlan, number: number): ArgRow {
  const target = plan.target(number);
  const vault =
    target.type === 'Microsoft.KeyVault/vaults'
      ? { tenantId: plan.tenantId, enableRbacAuthorization: true, accessPolicies: [], vaultUri: `https://${target.name}.vault.azure.net/` }
      : {};
  return argRow({
    id: target.id,
    name: target.name,
    type: target.type,
    tenantId: plan.tenantId,
    location,
    tags: { environment: 'prod' },
    properties: { provisioningState: 'Succeeded', ...vault },
  });
}

const location = 'westeurope';

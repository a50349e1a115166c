import { hostKinds, type HostKind } from '../host-kinds.ts';
import { builtInRole, builtInRoles } from '../role-definitions.ts';
import { argRow, type ArgRow } from '../rows/arg-row.ts';
import { assignmentRow, roleDefinitionRow } from '../rows/authorization.ts';
import { managementGroupRow, resourceGroupRow, subscriptionRow } from '../rows/container.ts';
import { identityColumn, managedIdentityPrincipal, userAssignedIdentityRow, type ManagedIdentity } from '../rows/identity.ts';
import type { Row } from '../world-folder.ts';
import type { PlannedHost, TenantPlan } from './tenant-plan.ts';

/** The rows of a sized tenant, one at a time. */
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
    yield hostRow(plan, plan.host(number), { system: systemIdentity(plan, number) });
  for (let number = 0; number < plan.userAssignedHosts; number++) {
    yield hostRow(plan, plan.host(plan.systemAssignedHosts + number), { user: [plan.identity(number % plan.size.identities)] });
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

function systemIdentity(plan: TenantPlan, number: number): ManagedIdentity {
  const host = plan.host(number);
  return {
    kind: 'system-assigned',
    id: host.id,
    name: host.name,
    principalId: plan.seeded.guid('system', number),
    clientId: plan.seeded.guid('system client', number),
  };
}

export function* authorizationRows(plan: TenantPlan, now: string): Iterable<ArgRow> {
  for (const role of builtInRoles) yield roleDefinitionRow(plan.tenantId, role);
  const instant = Date.parse(now);
  for (let number = 0; number < plan.size.assignments; number++) {
    const { scope, role } = placeOf(plan, number);
    // One in a thousand belongs to nobody any more.
    const gone = number % 1000 === 777;
    const principal = plan.principal(number % plan.size.principals);
    yield assignmentRow(plan.tenantId, {
      name: plan.seeded.guid('assignment', number),
      principalId: gone ? plan.seeded.guid('gone', number) : principal.id,
      principalType: gone ? 'ServicePrincipal' : principalTypes[principal.kind],
      roleGuid: builtInRole(role).guid,
      scope,
      createdOn: new Date(instant - (number % 900) * 86_400_000 - 3_600_000 * 3).toISOString(),
      createdBy: plan.seeded.guid('user', number % 40),
      rolePrefix: number % 5 === 0 && scope.startsWith('/subscriptions/') ? scope.split('/').slice(0, 3).join('/') : undefined,
    });
  }
}

/** Two in three at a resource, a quarter at a resource group, few at a subscription, hardly any at a management group: as tenants look. */
function placeOf(plan: TenantPlan, number: number): { readonly scope: string; readonly role: string } {
  const spread = number % 200;
  const role = containerRoles[plan.seeded.below(containerRoles.length, 'role', number)]!;
  if (spread === 3) return { role, scope: plan.managementGroups[plan.seeded.below(plan.managementGroups.length, 'scope', number)]!.id };
  if (spread < 10) return { role, scope: plan.subscriptions[plan.seeded.below(plan.subscriptions.length, 'scope', number)]!.id };
  if (spread < 60 || plan.targets === 0) return { role, scope: plan.group(plan.seeded.below(plan.groupCount, 'scope', number)).id };
  const target = plan.target(plan.seeded.below(plan.targets, 'scope', number));
  return { role: target.roles[number % target.roles.length]!, scope: target.id };
}

export function* principalRows(plan: TenantPlan, now: string): Iterable<Row> {
  const createdAt = new Date(Date.parse(now) - 400 * 86_400_000).toISOString();
  for (let number = 0; number < plan.size.identities; number++) yield managedIdentityPrincipal(plan.identity(number), createdAt);
  for (let number = 0; number < plan.systemAssignedHosts; number++) yield managedIdentityPrincipal(systemIdentity(plan, number), createdAt);
  for (const { id, number } of principalsOf(plan, 'application')) {
    yield {
      id,
      appId: plan.seeded.guid('application client', number),
      displayName: `app-${number}`,
      servicePrincipalType: 'Application',
      alternativeNames: [],
      accountEnabled: true,
      appOwnerOrganizationId: plan.tenantId,
    };
  }
}

export function* userRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'user'))
    yield { id, displayName: `User ${number}`, userPrincipalName: `user${number}@sized.example`, accountEnabled: true };
}

export function* groupRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'group'))
    yield { id, displayName: `grp-${number}`, securityEnabled: true, mailEnabled: false };
}

export function* groupMemberRows(plan: TenantPlan): Iterable<Row> {
  for (const { id, number } of principalsOf(plan, 'group')) {
    yield { groupId: id, memberId: plan.principal((number * 7) % plan.size.principals).id };
    yield { groupId: id, memberId: plan.seeded.guid('user', number) };
  }
}

function* principalsOf(
  plan: TenantPlan,
  kind: 'application' | 'user' | 'group',
): Iterable<{ readonly id: string; readonly number: number }> {
  const seen = new Set<string>();
  for (let number = plan.size.identities + plan.systemAssignedHosts; number < plan.size.principals; number++) {
    const principal = plan.principal(number);
    if (principal.kind !== kind || seen.has(principal.id)) continue;
    seen.add(principal.id);
    yield principal;
  }
}

/** Every tenth user-assigned identity lets a repository in. */
export function* credentialRows(plan: TenantPlan): Iterable<Row> {
  for (let number = 0; number < plan.size.identities; number += 10) {
    const identity = plan.identity(number);
    yield {
      id: `${identity.id}/federatedIdentityCredentials/github`,
      name: 'github',
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties: {
        issuer: 'https://token.actions.githubusercontent.com',
        subject: `repo:contoso/${identity.name}:environment:prod`,
        audiences: ['api://AzureADTokenExchange'],
      },
    };
  }
}

/** One successful sign-in an hour for each of a few hundred identities: the quiet ground that a baseline is learnt on. */
export function* signInRows(plan: TenantPlan, now: string): Iterable<Row> {
  const until = Date.parse(now);
  const identities = Math.min(plan.size.identities, 300);
  for (let hour = (plan.size.days ?? 0) * 24; hour > 0; hour--) {
    for (let number = 0; number < identities; number++) {
      const identity = plan.identity(number);
      const at = new Date(until - hour * 3_600_000 + plan.seeded.below(3_600_000, 'sign-in', number, hour)).toISOString();
      yield {
        TimeGenerated: at,
        OperationName: 'Sign-in activity',
        Category: 'ManagedIdentitySignInLogs',
        ResultType: '0',
        ServicePrincipalId: identity.principalId,
        ServicePrincipalName: identity.name,
        AppId: identity.clientId,
        ResourceDisplayName: 'Azure Storage',
        ResourceIdentity: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
        IPAddress: '',
        UniqueTokenIdentifier: plan.seeded.guid('token', number, hour),
      };
    }
  }
}

const location = 'westeurope';
const principalTypes = {
  'user-assigned': 'ServicePrincipal',
  'system-assigned': 'ServicePrincipal',
  application: 'ServicePrincipal',
  user: 'User',
  group: 'Group',
} as const;
const containerRoles = [
  'Reader',
  'Contributor',
  'Monitoring Reader',
  'Reader',
  'Log Analytics Reader',
  'Storage Blob Data Reader',
  'Reader',
  'Network Contributor',
  'Key Vault Secrets User',
  'User Access Administrator',
] as const;

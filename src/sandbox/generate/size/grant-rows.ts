import { builtInRole, builtInRoles } from '../role-definitions.ts';
import type { ArgRow } from '../rows/arg-row.ts';
import { assignmentRow, roleDefinitionRow } from '../rows/authorization.ts';
import type { TenantPlan } from './tenant-plan.ts';

/** Role definitions and assignments of a sized tenant, one at a time. */
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

const principalTypes = {
  'user-assigned': 'ServicePrincipal',
  'system-assigned': 'ServicePrincipal',
  application: 'ServicePrincipal',
  user: 'User',
  group: 'Group',
} as const;

/** Many read, some manage, few may grant: one in fifty is an administrator of access. */
const containerRoles = [
  ...Array<string>(16).fill('Reader'),
  ...Array<string>(6).fill('Monitoring Reader'),
  ...Array<string>(5).fill('Log Analytics Reader'),
  ...Array<string>(7).fill('Contributor'),
  ...Array<string>(4).fill('Network Contributor'),
  ...Array<string>(6).fill('Storage Blob Data Reader'),
  ...Array<string>(5).fill('Key Vault Secrets User'),
  'User Access Administrator',
];

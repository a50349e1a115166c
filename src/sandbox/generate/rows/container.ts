import { argRow, type ArgRow } from './arg-row.ts';

export interface ManagementGroup {
  readonly id: string;
  /** The id's last part, which is what chains and Resource Graph scopes name. */
  readonly name: string;
  readonly displayName: string;
  readonly parent?: ManagementGroup | undefined;
}

export interface Subscription {
  readonly id: string;
  readonly subscriptionId: string;
  readonly name: string;
  readonly managementGroup: ManagementGroup;
}

export interface ResourceGroup {
  readonly id: string;
  readonly name: string;
  readonly subscription: Subscription;
}

export type Tags = Readonly<Record<string, string>>;

export function managementGroupRow(tenantId: string, group: ManagementGroup): ArgRow {
  const parent = group.parent;
  return argRow({
    id: group.id,
    name: group.name,
    type: 'microsoft.management/managementgroups',
    tenantId,
    properties: {
      displayName: group.displayName,
      tenantId,
      details: {
        version: 1,
        parent: parent ? { id: parent.id, name: parent.name, displayName: parent.displayName } : null,
        managementGroupAncestorsChain: parent ? chain(parent) : [],
      },
    },
  });
}

export function subscriptionRow(tenantId: string, subscription: Subscription, tags: Tags | null): ArgRow {
  return argRow({
    id: subscription.id,
    name: subscription.name,
    type: 'microsoft.resources/subscriptions',
    tenantId,
    tags,
    properties: {
      state: 'Enabled',
      managedByTenants: [],
      managementGroupAncestorsChain: chain(subscription.managementGroup),
      subscriptionPolicies: { quotaId: 'EnterpriseAgreement_2014-09-01', spendingLimit: 'Off', locationPlacementId: 'Public_2014-09-01' },
    },
  });
}

export function resourceGroupRow(
  tenantId: string,
  group: ResourceGroup,
  given: { location: string; managedBy: string; tags: Tags | null },
): ArgRow {
  return argRow({
    id: group.id,
    name: group.name,
    type: 'microsoft.resources/subscriptions/resourcegroups',
    tenantId,
    ...given,
    properties: { provisioningState: 'Succeeded' },
  });
}

/** Nearest first, the tenant's root group last, as Azure has it. */
function chain(from: ManagementGroup): readonly { displayName: string; name: string }[] {
  const here = { displayName: from.displayName, name: from.name };
  return from.parent ? [here, ...chain(from.parent)] : [here];
}

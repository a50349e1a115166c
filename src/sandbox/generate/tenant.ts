import { hostKinds, type HostKind, type HostName } from './host-kinds.ts';
import { builtInRole, builtInRoles, type Permission, type SandboxRole } from './role-definitions.ts';
import { argRow, type ArgRow } from './rows/arg-row.ts';
import { assignmentId, assignmentRow, roleDefinitionRow } from './rows/authorization.ts';
import {
  managementGroupRow,
  resourceGroupRow,
  subscriptionRow,
  type ManagementGroup,
  type ResourceGroup,
  type Subscription,
  type Tags,
} from './rows/container.ts';
import { identityColumn, userAssignedIdentityRow, type ManagedIdentity } from './rows/identity.ts';
import { seeded, type Seeded } from './seeded.ts';
import { TenantDirectory, type Holder } from './tenant-directory.ts';
import type { AssignOptions, HostOptions, Placed, TenantHost, VaultPolicyOptions } from './tenant-options.ts';
import { writeWorldFolder, type Row, type WorldFile } from './world-folder.ts';

type ArgTable = 'resources' | 'resourcecontainers' | 'authorizationresources' | 'policyresources';

/**
 * A tenant under construction. Each method does one thing an administrator could do, and leaves the rows in Azure's own shapes
 * that this would leave: `write` puts them into a world folder.
 */
export class Tenant {
  readonly now: string;
  readonly tenantId: string;
  readonly seeded: Seeded;
  readonly directory: TenantDirectory;
  readonly root: ManagementGroup;
  /** Who makes things unless a story says otherwise. */
  readonly pipeline: Holder;
  readonly #name: string;
  readonly #files = new Map<string, object[]>();
  #settings: Partial<WorldFile> = {};

  constructor(given: { readonly name: string; readonly now: string; readonly seed: number }) {
    this.now = given.now;
    this.#name = given.name;
    this.seeded = seeded(given.seed);
    this.tenantId = this.seeded.guid('tenant', given.name);
    this.directory = new TenantDirectory(this.seeded, `${given.name}.example`);
    this.pipeline = this.directory.application('landing-zone-pipeline', { ownerTenantId: this.tenantId });
    this.root = { id: managementGroupId(this.tenantId), name: this.tenantId, displayName: 'Tenant Root Group' };
    this.#arg('resourcecontainers', managementGroupRow(this.tenantId, this.root));
    for (const role of builtInRoles) this.#arg('authorizationresources', roleDefinitionRow(this.tenantId, role));
  }

  /** An instant before the world's `now`. */
  ago(span: { readonly days?: number; readonly hours?: number; readonly minutes?: number }): string {
    const minutes = ((span.days ?? 0) * 24 + (span.hours ?? 0)) * 60 + (span.minutes ?? 0);
    return new Date(Date.parse(this.now) - minutes * 60_000).toISOString();
  }

  managementGroup(name: string, given: { readonly displayName?: string; readonly parent?: ManagementGroup } = {}): ManagementGroup {
    const group = { id: managementGroupId(name), name, displayName: given.displayName ?? name, parent: given.parent ?? this.root };
    this.#arg('resourcecontainers', managementGroupRow(this.tenantId, group));
    return group;
  }

  subscription(name: string, managementGroup: ManagementGroup = this.root, tags: Tags | null = null): Subscription {
    const subscriptionId = this.seeded.guid('subscription', name);
    const subscription = { id: `/subscriptions/${subscriptionId}`, subscriptionId, name, managementGroup };
    this.#arg('resourcecontainers', subscriptionRow(this.tenantId, subscription, tags));
    return subscription;
  }

  resourceGroup(
    subscription: Subscription,
    name: string,
    given: { readonly managedBy?: string; readonly tags?: Tags } = {},
  ): ResourceGroup {
    const group = { id: `${subscription.id}/resourceGroups/${name}`, name, subscription };
    this.#arg(
      'resourcecontainers',
      resourceGroupRow(this.tenantId, group, { location, managedBy: given.managedBy ?? '', tags: given.tags ?? null }),
    );
    return group;
  }

  userAssignedIdentity(
    group: ResourceGroup,
    name: string,
    given: { readonly tags?: Tags; readonly createdAt?: string; readonly generation?: number } = {},
  ): ManagedIdentity {
    // This provider spells the segment in lower case, unlike the rest of Azure.
    const id = `${group.subscription.id}/resourcegroups/${group.name}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const identity = this.#identity('user-assigned', id, name, given.generation ?? 1);
    this.#arg('resources', userAssignedIdentityRow(this.tenantId, identity, location, given.tags ?? null));
    this.directory.managedIdentity(identity, given.createdAt ?? this.ago({ days: 420 }));
    return identity;
  }

  /** A resource that identities are attached to. */
  host(
    kind: HostName,
    group: ResourceGroup,
    name: string,
    options: HostOptions = {},
    made: { readonly generation: number; readonly createdAt?: string } = { generation: 1 },
  ): TenantHost {
    const about: HostKind = hostKinds[kind];
    const id = `${group.id}/providers/${about.type}/${name}`;
    const system = options.systemAssigned ? this.#identity('system-assigned', id, name, made.generation) : undefined;
    if (system) this.directory.managedIdentity(system, made.createdAt ?? this.ago({ days: 420 }));
    const identity = identityColumn(this.tenantId, { system, user: options.userAssigned, spelling: options.spelling ?? about.spelling });
    this.resource(group, about.type, name, {
      kind: about.kind ?? '',
      identity,
      properties: { provisioningState: 'Succeeded', ...about.properties, ...options.properties },
      tags: options.tags ?? null,
      managedBy: options.managedBy ?? '',
    });
    return { id, name, identity: system, kind, group, options };
  }

  /** Any resource, identity or not; `type` as its provider spells it. */
  resource(group: ResourceGroup, type: string, name: string, given: Partial<ArgRow> = {}): Placed {
    const id = `${group.id}/providers/${type}/${name}`;
    this.#arg('resources', argRow({ id, name, type, tenantId: this.tenantId, location, ...given }));
    return { id, name };
  }

  storageAccount(group: ResourceGroup, name: string, given: { readonly allowSharedKeyAccess?: boolean } = {}): Placed {
    const properties = {
      provisioningState: 'Succeeded',
      allowSharedKeyAccess: given.allowSharedKeyAccess ?? false,
      supportsHttpsTrafficOnly: true,
    };
    return this.resource(group, 'Microsoft.Storage/storageAccounts', name, {
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS', tier: 'Standard' },
      properties,
    });
  }

  vault(group: ResourceGroup, name: string, given: { readonly rbac: boolean; readonly policies?: readonly VaultPolicyOptions[] }): Placed {
    const accessPolicies = (given.policies ?? []).map((policy) => ({
      tenantId: policy.tenantId ?? this.tenantId,
      objectId: policy.holder.principalId,
      ...(policy.applicationId ? { applicationId: policy.applicationId } : {}),
      permissions: { keys: policy.keys ?? [], secrets: policy.secrets ?? [], certificates: policy.certificates ?? [] },
    }));
    const properties = {
      tenantId: this.tenantId,
      vaultUri: `https://${name}.vault.azure.net/`,
      // az refuses to write a vault back that has none.
      sku: { family: 'A', name: 'standard' },
      enableRbacAuthorization: given.rbac,
      enableSoftDelete: true,
      accessPolicies,
    };
    return this.resource(group, 'Microsoft.KeyVault/vaults', name, { properties });
  }

  workspace(group: ResourceGroup, name: string): Placed & { readonly customerId: string } {
    const customerId = this.seeded.guid('workspace', group.id, name);
    const placed = this.resource(group, 'Microsoft.OperationalInsights/workspaces', name, {
      properties: { customerId, retentionInDays: 90, sku: { name: 'PerGB2018' } },
    });
    return { ...placed, customerId };
  }

  /** A policy assignment with its own system-assigned identity, as remediation needs one. */
  policyAssignment(
    scope: Placed,
    name: string,
    given: { readonly displayName: string; readonly userAssigned?: ManagedIdentity },
  ): Placed & { readonly identity: ManagedIdentity } {
    const id = `${scope.id}/providers/Microsoft.Authorization/policyAssignments/${name}`;
    const own = given.userAssigned ?? this.#identity('system-assigned', id, name, 1);
    if (!given.userAssigned) this.directory.managedIdentity(own, this.ago({ days: 420 }));
    const properties = {
      displayName: given.displayName,
      scope: scope.id,
      enforcementMode: 'Default',
      policyDefinitionId: `${this.root.id}/providers/Microsoft.Authorization/policyDefinitions/${name}`,
    };
    const attached = given.userAssigned ? { user: [own] } : { system: own };
    this.#arg(
      'policyresources',
      argRow({
        id,
        name,
        type: 'microsoft.authorization/policyassignments',
        tenantId: this.tenantId,
        location,
        properties,
        identity: identityColumn(this.tenantId, attached),
      }),
    );
    return { id, name, identity: own };
  }

  customRole(name: string, permission: Partial<Permission>, assignableScopes: readonly Placed[]): SandboxRole {
    const permissions = [{ actions: [], notActions: [], dataActions: [], notDataActions: [], ...permission }];
    const role = {
      guid: this.seeded.guid('role', name),
      name,
      custom: true,
      permissions,
      assignableScopes: assignableScopes.map((scope) => scope.id),
    };
    this.#arg('authorizationresources', roleDefinitionRow(this.tenantId, role));
    return role;
  }

  /** A role by name (built in) or definition (custom), at anything that has an ARM id; `{ id: '/' }` is the root. */
  assign(holder: Holder | ManagedIdentity, role: string | SandboxRole, scope: { readonly id: string }, given: AssignOptions = {}): Placed {
    const definition = typeof role === 'string' ? builtInRole(role) : role;
    const name = this.seeded.guid('assignment', scope.id, holder.principalId, definition.guid, given.condition ?? '');
    const row = assignmentRow(this.tenantId, {
      name,
      principalId: holder.principalId,
      principalType: given.principalType ?? ('principalType' in holder ? holder.principalType : undefined) ?? 'ServicePrincipal',
      roleGuid: definition.guid,
      scope: scope.id,
      createdOn: given.createdOn ?? this.ago({ days: 400 }),
      createdBy: given.createdBy ?? this.pipeline.principalId,
      condition: given.condition,
      description: given.description,
      delegatedManagedIdentityResourceId: given.delegatedManagedIdentityResourceId,
      rolePrefix: given.prefixedRole ? scope.id.split('/').slice(0, 3).join('/') : undefined,
    });
    this.#arg('authorizationresources', row);
    return { id: assignmentId(scope.id, name), name };
  }

  /** Federated credentials are not in Resource Graph: ARM only. */
  federatedCredential(
    identity: ManagedIdentity,
    name: string,
    given: { readonly issuer: string } & ({ readonly subject: string } | { readonly expression: string }),
  ): Placed {
    const id = `${identity.id}/federatedIdentityCredentials/${name}`;
    const match =
      'subject' in given ? { subject: given.subject } : { claimsMatchingExpression: { languageVersion: 1, value: given.expression } };
    this.arm({
      id,
      name,
      type: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials',
      properties: { issuer: given.issuer, audiences: ['api://AzureADTokenExchange'], ...match },
    });
    return { id, name };
  }

  /** An object as ARM serves it: what Resource Graph lacks, or holds differently (`deleted: true`: it still lists it, ARM answers 404). */
  arm(object: Row & { readonly id: string }): void {
    this.#add('arm.jsonl', object);
  }

  /** Takes a resource, container, assignment or policy assignment away; its identity stays in the directory until that is told too. */
  remove(id: string): void {
    for (const [file, rows] of this.#files) {
      if (file.startsWith('arg/'))
        this.#files.set(
          file,
          rows.filter((row) => !('id' in row) || row.id !== id),
        );
    }
  }

  /** Deletes an identity: its resource (if it is one) and its principal, for good or into the recycle bin. Its grants stay, as in Azure. */
  deleteIdentity(identity: ManagedIdentity, given: { readonly recycledAt?: string } = {}): void {
    if (identity.kind === 'user-assigned') this.remove(identity.id);
    this.directory.remove(identity.principalId, given.recycledAt);
  }

  /** The same user-assigned identity, deleted and made again: same ARM id, new principal. Hosts keep the old principal in their bag. */
  recreateIdentity(
    identity: ManagedIdentity,
    group: ResourceGroup,
    given: { readonly recycledAt?: string; readonly createdAt?: string } = {},
  ): ManagedIdentity {
    this.deleteIdentity(identity, given);
    return this.userAssignedIdentity(group, identity.name, { generation: 2, createdAt: given.createdAt ?? this.ago({ days: 3 }) });
  }

  /** The same host, deleted and deployed again: same ARM id, new system-assigned principal. */
  recreateHost(host: TenantHost, given: { readonly recycledAt?: string; readonly createdAt?: string } = {}): TenantHost {
    if (host.identity) this.deleteIdentity(host.identity, given);
    this.remove(host.id);
    return this.host(host.kind, host.group, host.name, host.options, {
      generation: 2,
      createdAt: given.createdAt ?? this.ago({ days: 3 }),
    });
  }

  /** A Log Analytics row with the columns of the Azure Monitor table reference, plus `_IngestionTime` where lateness matters. */
  log(workspace: { readonly customerId: string }, table: string, row: Row): void {
    this.#add(`logs/${workspace.customerId}/${table}.jsonl`, row);
  }

  /** An Activity Log event in the shape of the REST API; `subscriptionId` is a management group's name, or `tenant`, for the logs above subscriptions. */
  activity(subscription: Pick<Subscription, 'subscriptionId'>, event: Row): void {
    this.#add(`activity/${subscription.subscriptionId}.jsonl`, event);
  }

  /** What `world.json` says besides name and time: the auditor, denied areas, quota, faults. */
  configure(settings: Partial<Omit<WorldFile, 'format' | 'name' | 'now' | 'tenantId'>>): void {
    this.#settings = { ...this.#settings, ...settings };
  }

  async write(dir: string): Promise<void> {
    const world = { format: 1, name: this.#name, now: this.now, tenantId: this.tenantId, ...this.#settings } as const;
    await writeWorldFolder(dir, world, new Map<string, readonly object[]>([...this.#files, ...this.directory.files()]));
  }

  #identity(kind: ManagedIdentity['kind'], id: string, name: string, generation: number): ManagedIdentity {
    return {
      kind,
      id,
      name,
      principalId: this.seeded.guid('principal', id, generation),
      clientId: this.seeded.guid('client', id, generation),
    };
  }

  #arg(table: ArgTable, row: ArgRow): void {
    this.#add(`arg/${table}.jsonl`, row);
  }

  #add(file: string, row: object): void {
    const rows = this.#files.get(file);
    if (rows) rows.push(row);
    else this.#files.set(file, [row]);
  }
}

const location = 'westeurope';

const managementGroupId = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`;

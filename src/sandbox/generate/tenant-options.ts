import type { HostName } from './host-kinds.ts';
import type { ResourceGroup, Tags } from './rows/container.ts';
import type { ManagedIdentity, Spelling } from './rows/identity.ts';
import type { Row } from './world-folder.ts';

/** What a story may say about the things it makes. */
export interface Placed {
  /** ARM id as Azure spells it. */
  readonly id: string;
  readonly name: string;
}

export interface HostOptions {
  readonly systemAssigned?: boolean;
  readonly userAssigned?: readonly ManagedIdentity[];
  readonly properties?: Row;
  readonly tags?: Tags;
  readonly managedBy?: string;
  readonly spelling?: Spelling;
}

export interface TenantHost extends Placed {
  /** The system-assigned identity, if it was asked for. */
  readonly identity: ManagedIdentity | undefined;
  readonly kind: HostName;
  readonly group: ResourceGroup;
  readonly options: HostOptions;
}

export interface AssignOptions {
  /** ISO instant; a year and a bit ago unless told. */
  readonly createdOn?: string;
  readonly createdBy?: string;
  readonly condition?: string;
  readonly description?: string;
  readonly principalType?: string;
  readonly delegatedManagedIdentityResourceId?: string;
  /** Spell the role's id with the subscription in front, as old API versions did. */
  readonly prefixedRole?: boolean;
}

export interface VaultPolicyOptions {
  readonly holder: { readonly principalId: string };
  readonly tenantId?: string;
  readonly applicationId?: string;
  readonly keys?: readonly string[];
  readonly secrets?: readonly string[];
  readonly certificates?: readonly string[];
}

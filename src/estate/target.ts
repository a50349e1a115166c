import type { PrincipalId, ResourceKey } from './ids.ts';
import type { Tags } from './identity.ts';

export interface VaultPolicy {
  readonly tenantId: string;
  readonly objectId: PrincipalId;
  readonly applicationId?: string | undefined;
  readonly keys: readonly string[];
  readonly secrets: readonly string[];
  readonly certificates: readonly string[];
}

/** A key vault with its permission model: `rbac` false means that access policies decide and data roles do nothing. */
export interface Vault {
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  readonly rbac: boolean;
  readonly policies: readonly VaultPolicy[];
  readonly tags: Tags;
}

/** An AKS cluster; `issuer` is what federated credentials of its workloads must name. */
export interface Cluster {
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  readonly issuer?: string | undefined;
  readonly nodeResourceGroup?: string | undefined;
}

export interface PolicyAssignment {
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  readonly principalId?: PrincipalId | undefined;
}

/** A Log Analytics workspace; `customerId` is the id that queries name. */
export interface Workspace {
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  readonly customerId: string;
}

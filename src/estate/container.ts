import type { ResourceKey } from './ids.ts';
import type { Tags } from './identity.ts';

/** Management group, subscription or resource group. The tree over them is in `scope-tree.ts`. */
export interface Container {
  readonly kind: 'managementGroup' | 'subscription' | 'resourceGroup';
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  /** Key of the container above; absent at the tenant's root group and for a subscription whose chain could not be read. */
  readonly parent?: ResourceKey | undefined;
  readonly tags: Tags;
  /** Set on managed resource groups: the application or cluster that owns them. */
  readonly managedBy?: string | undefined;
}

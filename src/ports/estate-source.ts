import type { Estate, PrincipalId, ResourceKey } from '../estate/index.ts';
import type { Calls } from '../findings/index.ts';

/** Which part of the tenant to look at. Empty arrays: the whole tenant. */
export interface CollectScope {
  readonly managementGroups: readonly string[];
  readonly subscriptions: readonly string[];
}

/** What the store remembers that saves calls or closes blind spots. */
export interface CollectMemory {
  /** Federated credentials as last read, per identity: they are refreshed in slices. */
  readonly federatedCredentials: ReadonlyMap<ResourceKey, RememberedCredentials>;
  /** Subscriptions that earlier runs saw (lower-case GUID): one that is no longer readable is a gap, not an empty one. */
  readonly subscriptions: ReadonlySet<string>;
  /** Principals whose assignments earlier runs saw missing, so that confirmations start with them. */
  readonly missing: ReadonlySet<PrincipalId>;
}

export interface RememberedCredentials {
  readonly readAt: string;
  readonly credentials: Estate['federatedCredentials'];
}

export interface EstateSource {
  /** Never throws for what a tenant may answer: trouble is a gap. Throws when it cannot even sign in. */
  collect(request: {
    readonly now: string;
    readonly scope: CollectScope;
    readonly memory: CollectMemory;
    readonly progress: (line: string) => void;
  }): Promise<{ readonly estate: Estate; readonly calls: Calls }>;
}

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
  /** Identities whose credentials are to be read now whatever their age: a log showed a change, or a finding is open on them. */
  readonly changedIdentities?: ReadonlySet<ResourceKey>;
  /** Subscriptions that earlier runs saw (lower-case GUID): one that is no longer readable is a gap, not an empty one. */
  readonly subscriptions: ReadonlySet<string>;
  /** Principals whose assignments earlier runs saw missing, so that confirmations start with them. */
  readonly missing: ReadonlySet<PrincipalId>;
}

export interface RememberedCredentials {
  readonly readAt: string;
  readonly credentials: Estate['federatedCredentials'];
}

export interface CollectRequest {
  readonly now: string;
  readonly scope: CollectScope;
  readonly memory: CollectMemory;
  /** ARM ids for which deny assignments are read (at and above each). Absent in an audit, where they could only narrow. */
  readonly denyAssignmentsAt?: readonly string[];
  /** Looked up in the directory besides those that hold assignments: callers that logs name. */
  readonly principals?: readonly PrincipalId[];
  readonly progress: (line: string) => void;
}

export interface EstateSource {
  /** Never throws for what a tenant may answer: trouble is a gap. Throws when it cannot even sign in. */
  collect(request: CollectRequest): Promise<{ readonly estate: Estate; readonly calls: Calls }>;
}

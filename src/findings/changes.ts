import type { FederatedCredential, PrincipalId, ResourceKey } from '../estate/index.ts';
import type { Memory, RememberedIdentity } from '../rules/index.ts';
import type { Exception } from './exception.ts';
import type { HistoryEntry, StoredFinding } from './finding.ts';

/** The complete list of writes of one run, decided before the first of them. */
export interface Changes {
  /** Only those in which more than `lastSeenAt` changed: that one follows from `memory.checkedAt` (see `seenAt` there). */
  readonly findings: readonly StoredFinding[];
  readonly history: readonly HistoryEntry[];
  readonly exceptions: readonly Exception[];
  /** Absent: a pass of the watch, which judges one rule and leaves what audits remember alone. */
  readonly memory?: MemoryChanges;
}

/** What the store remembers between runs besides findings. */
export interface Remembered {
  readonly memory: Memory;
  /** Identities that the latest run saw alive; the others in `memory.lastSeen` are gone or were out of sight. */
  readonly present: ReadonlySet<PrincipalId>;
  /** Every principal ever noted missing, also by a run that did not finish. */
  readonly missing: ReadonlySet<PrincipalId>;
  readonly federatedCredentials: ReadonlyMap<ResourceKey, CredentialsRead>;
  /** Lower-case GUIDs. */
  readonly subscriptions: ReadonlySet<string>;
}

export interface CredentialsRead {
  readonly readAt: string;
  readonly credentials: readonly FederatedCredential[];
}

export interface MemoryChanges {
  /** A store belongs to one tenant: another one's absence of findings must not resolve them. */
  readonly tenantId: string;
  /** Principals missing for the first time. */
  readonly missing: readonly { readonly principalId: PrincipalId; readonly since: string; readonly runId: string }[];
  /** Principals that are no longer missing (restored, or their last assignment is gone). */
  readonly noLongerMissing: readonly PrincipalId[];
  /** Identities that came, changed, went or came back; the others keep their row, and their `lastSeenAt` follows from `identitiesSeenAt`. */
  readonly identities: readonly IdentityChange[];
  readonly forgottenIdentities: readonly PrincipalId[];
  /** Read in this run. */
  readonly federatedCredentials: ReadonlyMap<ResourceKey, CredentialsRead>;
  readonly forgottenCredentials: readonly ResourceKey[];
  /** All of them, sorted. */
  readonly subscriptions: readonly string[];
  /** Rules this run checked. Their findings that are open and not `unjudged` were seen at that instant. */
  readonly checkedAt: Readonly<Record<string, string>>;
  /** Identities that are `present` were seen at that instant. */
  readonly identitiesSeenAt: string;
}

export interface IdentityChange extends RememberedIdentity {
  readonly principalId: PrincipalId;
  readonly present: boolean;
}

export const noMemory: Remembered = {
  memory: { missingSince: new Map(), lastSeen: new Map() },
  present: new Set(),
  missing: new Set(),
  federatedCredentials: new Map(),
  subscriptions: new Set(),
};

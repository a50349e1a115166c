import type { ClientId, PrincipalId, ResourceKey } from './ids.ts';

export type Tags = Readonly<Record<string, string>>;

/** A managed identity. A system-assigned one lives and dies with the resource that `resourceId` names; a user-assigned one is that resource. */
export interface Identity {
  readonly kind: 'system-assigned' | 'user-assigned';
  readonly principalId: PrincipalId;
  readonly clientId?: ClientId | undefined;
  readonly resourceId: string;
  readonly key: ResourceKey;
  readonly name: string;
  readonly location?: string | undefined;
  readonly tags: Tags;
}

/** A user-assigned identity as a host's own identity bag lists it. The ids there can be older than the identity (it was re-created). */
export interface Attachment {
  readonly key: ResourceKey;
  readonly resourceId: string;
  readonly principalId?: PrincipalId | undefined;
  readonly clientId?: ClientId | undefined;
  /** Where on the host: `identity`, or the nested place such as `properties.identityProfile.kubeletidentity`. */
  readonly place: string;
}

/** A resource that identities are attached to (policy assignments included). */
export interface Host {
  readonly id: string;
  readonly key: ResourceKey;
  readonly name: string;
  /** Resource type, lower case. */
  readonly type: string;
  readonly location?: string | undefined;
  readonly tags: Tags;
  readonly managedBy?: string | undefined;
  readonly systemAssigned?: PrincipalId | undefined;
  readonly userAssigned: readonly Attachment[];
}

export interface FederatedCredential {
  readonly id: string;
  readonly name: string;
  /** The user-assigned identity it belongs to. */
  readonly identity: ResourceKey;
  readonly issuer: string;
  /** Absent on flexible credentials, which carry an expression. */
  readonly subject?: string | undefined;
  readonly expression?: string | undefined;
  readonly audiences: readonly string[];
  /** When this was read: credentials are refreshed in slices. */
  readonly readAt: string;
}

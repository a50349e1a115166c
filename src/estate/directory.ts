import type { ClientId, PrincipalId } from './ids.ts';

/** What Microsoft Graph says a principal is. `limited`: it exists, the auditor may not read its type (id and @odata.type only). */
export interface Principal {
  readonly id: PrincipalId;
  readonly kind: 'managed-identity' | 'application' | 'user' | 'group' | 'device' | 'partner' | 'other' | 'limited';
  readonly displayName?: string | undefined;
  readonly clientId?: ClientId | undefined;
  /** Tenant that owns the application behind a service principal; differs from ours for foreign applications. */
  readonly ownerTenantId?: string | undefined;
  /** Managed identities: `isExplicit=True` and the ARM id of the owning resource, as it was when the identity was made. */
  readonly isExplicit?: boolean | undefined;
  readonly resourceId?: string | undefined;
  readonly createdAt?: string | undefined;
}

/** A principal in the recycle bin: restorable for 30 days. */
export interface DeletedPrincipal {
  readonly id: PrincipalId;
  readonly displayName?: string | undefined;
  readonly clientId?: ClientId | undefined;
  readonly resourceId?: string | undefined;
  readonly deletedAt: string;
}

/**
 * The answer of one run's look-ups. A principal that was asked for and stands in none of the three maps is *absent*,
 * which proves a deletion only together with a visible canary (see rules/orphaned-assignment).
 */
export interface Directory {
  /** Every principal that was looked up in this run. */
  readonly asked: ReadonlySet<PrincipalId>;
  readonly found: ReadonlyMap<PrincipalId, Principal>;
  readonly deleted: ReadonlyMap<PrincipalId, DeletedPrincipal>;
  /** Look-ups that failed, with the reason. Never an orphan. */
  readonly unresolved: ReadonlyMap<PrincipalId, string>;
  /** A principal known to exist was asked for in the same run: was it there? */
  readonly canary: 'visible' | 'invisible' | 'not-asked';
}

/** Members of a group that holds assignments: principal → groups it is in (transitively). */
export type Memberships = ReadonlyMap<PrincipalId, readonly PrincipalId[]>;

/** An application permission (app role) granted to an identity, Microsoft Graph's mostly. */
export interface AppRoleGrant {
  readonly principalId: PrincipalId;
  readonly resourceId: string;
  readonly resourceName: string;
  readonly appRoleId: string;
}

export interface DirectoryRoleGrant {
  readonly principalId: PrincipalId;
  readonly roleTemplateId: string;
  readonly roleName: string;
  /** Where it holds, if not in the whole directory: `/administrativeUnits/<id>`, or `/<object id>` of one application. */
  readonly scope?: string | undefined;
}

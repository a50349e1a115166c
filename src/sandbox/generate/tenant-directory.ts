import { managedIdentityPrincipal, type ManagedIdentity } from './rows/identity.ts';
import type { Seeded } from './seeded.ts';
import type { Row } from './world-folder.ts';

/** Anything a role can be assigned to. `principalType` is what Azure stores on the assignment. */
export interface Holder {
  readonly principalId: string;
  readonly principalType?: 'User' | 'Group' | 'ServicePrincipal' | 'ForeignGroup' | undefined;
  readonly name: string;
}

/** The Microsoft Graph side of a tenant: sets of objects in Graph's own shapes. */
export class TenantDirectory {
  readonly #sets = new Map<string, Row[]>();
  readonly #seeded: Seeded;
  readonly #domain: string;

  constructor(seeded: Seeded, domain: string) {
    this.#seeded = seeded;
    this.#domain = domain;
  }

  user(name: string): Holder {
    const id = this.#seeded.guid('user', name);
    this.#add('users', {
      id,
      displayName: name,
      userPrincipalName: `${name.toLowerCase().replaceAll(/[^a-z]+/g, '.')}@${this.#domain}`,
      accountEnabled: true,
    });
    return { principalId: id, principalType: 'User', name };
  }

  /** A user whose type the auditor may not read: Graph answers with id and type, and nothing else. */
  limitedUser(name: string): Holder {
    const id = this.#seeded.guid('user', name);
    this.#add('users', { '@odata.type': '#microsoft.graph.user', id });
    return { principalId: id, principalType: 'User', name };
  }

  group(name: string, members: readonly Holder[]): Holder {
    const id = this.#seeded.guid('group', name);
    this.#add('groups', { id, displayName: name, securityEnabled: true, mailEnabled: false });
    for (const member of members) this.#add('groupMembers', { groupId: id, memberId: member.principalId });
    return { principalId: id, principalType: 'Group', name };
  }

  application(name: string, given: { readonly ownerTenantId: string }): Holder {
    const id = this.#seeded.guid('application', name);
    this.#add('servicePrincipals', {
      id,
      appId: this.#seeded.guid('application client', name),
      displayName: name,
      servicePrincipalType: 'Application',
      alternativeNames: [],
      accountEnabled: true,
      appOwnerOrganizationId: given.ownerTenantId,
      createdDateTime: '2023-02-14T09:12:44Z',
    });
    return { principalId: id, principalType: 'ServicePrincipal', name };
  }

  /** A principal of another tenant that reaches in through Azure Lighthouse or a partner relation. */
  partner(name: string, externalTenantId: string): Holder {
    const id = this.#seeded.guid('partner', name);
    this.#add('partnerReferences', {
      '@odata.type': '#microsoft.graph.directoryObjectPartnerReference',
      id,
      displayName: name,
      description: '',
      externalPartnerTenantId: externalTenantId,
      objectType: 'ServicePrincipal',
    });
    return { principalId: id, principalType: 'ServicePrincipal', name };
  }

  managedIdentity(identity: ManagedIdentity, createdAt: string): void {
    this.#add('servicePrincipals', managedIdentityPrincipal(identity, createdAt));
  }

  /** A principal id that the directory knows nothing about. */
  nobody(name: string, principalType: Holder['principalType'] = 'ServicePrincipal'): Holder {
    return { principalId: this.#seeded.guid('nobody', name), principalType, name };
  }

  /** Gone for good, or into the recycle bin from where it can be restored for 30 days. */
  remove(principalId: string, recycledAt?: string): void {
    const found = this.#set('servicePrincipals').find((row) => row['id'] === principalId);
    for (const set of ['servicePrincipals', 'appRoleAssignments', 'directoryRoleAssignments']) {
      this.#sets.set(
        set,
        this.#set(set).filter((row) => row['id'] !== principalId && row['principalId'] !== principalId),
      );
    }
    this.#sets.set(
      'groupMembers',
      this.#set('groupMembers').filter((row) => row['memberId'] !== principalId),
    );
    if (found && recycledAt)
      this.#add('deletedItems', { '@odata.type': '#microsoft.graph.servicePrincipal', ...found, deletedDateTime: recycledAt });
  }

  /** An application permission (app role), Microsoft Graph's unless said otherwise. */
  appRole(holder: Holder, appRoleId: string, resource: { readonly id: string; readonly name: string }): void {
    this.#add('appRoleAssignments', {
      id: this.#seeded.guid('app role', holder.principalId, appRoleId),
      principalId: holder.principalId,
      principalDisplayName: holder.name,
      principalType: 'ServicePrincipal',
      resourceId: resource.id,
      resourceDisplayName: resource.name,
      appRoleId,
      createdDateTime: '2025-09-01T10:00:00Z',
    });
  }

  /** The resource that Graph's own permissions belong to: the first-party application, the same appId in every tenant. */
  microsoftGraph(): { readonly id: string; readonly name: string } {
    const id = this.#seeded.guid('Microsoft Graph');
    if (!this.#set('servicePrincipals').some((row) => row['id'] === id)) {
      this.#add('servicePrincipals', {
        id,
        appId: '00000003-0000-0000-c000-000000000000',
        displayName: 'Microsoft Graph',
        servicePrincipalType: 'Application',
        alternativeNames: [],
        accountEnabled: true,
        appOwnerOrganizationId: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
      });
    }
    return { id, name: 'Microsoft Graph' };
  }

  directoryRole(holder: Holder, role: { readonly templateId: string; readonly name: string }): void {
    this.#add('directoryRoleAssignments', {
      id: this.#seeded.guid('directory role', holder.principalId, role.templateId),
      principalId: holder.principalId,
      roleDefinitionId: role.templateId,
      directoryScopeId: '/',
      roleDefinition: { id: role.templateId, templateId: role.templateId, displayName: role.name },
    });
  }

  files(): readonly (readonly [string, readonly Row[]])[] {
    return [...this.#sets].map(([set, rows]) => [`graph/${set}.jsonl`, rows]);
  }

  #set(set: string): readonly Row[] {
    return this.#sets.get(set) ?? [];
  }

  #add(set: string, row: Row): void {
    const rows = this.#sets.get(set);
    if (rows) rows.push(row);
    else this.#sets.set(set, [row]);
  }
}

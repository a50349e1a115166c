import { argRow, type ArgRow } from './arg-row.ts';
import type { Tags } from './container.ts';

export interface ManagedIdentity {
  readonly kind: 'system-assigned' | 'user-assigned';
  /** ARM id of the identity, or of the resource that a system-assigned one belongs to. */
  readonly id: string;
  readonly name: string;
  readonly principalId: string;
  readonly clientId: string;
}

/** What a resource says about identities attached to it, in whatever spelling its provider uses. */
export interface Attached {
  readonly system?: ManagedIdentity | undefined;
  readonly user?: readonly ManagedIdentity[] | undefined;
  /** How this provider spells the ids in its bag. */
  readonly spelling?: Spelling | undefined;
}

export type Spelling = 'as-given' | 'lower' | 'upper-group' | 'spaced';

export function userAssignedIdentityRow(tenantId: string, identity: ManagedIdentity, location: string, tags: Tags | null): ArgRow {
  return argRow({
    id: identity.id,
    name: identity.name,
    type: 'microsoft.managedidentity/userassignedidentities',
    tenantId,
    location,
    tags,
    properties: { tenantId, principalId: identity.principalId, clientId: identity.clientId, isolationScope: 'None' },
  });
}

/** The `identity` column. Type text and id casing differ by provider: that is what the collector has to live with. */
export function identityColumn(tenantId: string, attached: Attached): unknown {
  const user = attached.user ?? [];
  if (!attached.system && user.length === 0) return null;
  const separator = attached.spelling === 'spaced' || attached.spelling === undefined ? ', ' : ',';
  return {
    type: [attached.system ? 'SystemAssigned' : '', user.length > 0 ? 'UserAssigned' : ''].filter(Boolean).join(separator),
    ...(attached.system ? { principalId: attached.system.principalId, tenantId } : {}),
    ...(user.length > 0
      ? {
          userAssignedIdentities: Object.fromEntries(
            user.map((one) => [spell(one.id, attached.spelling), { principalId: one.principalId, clientId: one.clientId }]),
          ),
        }
      : {}),
  };
}

const spell = (id: string, spelling: Spelling = 'as-given'): string => spellings[spelling](id);

const spellings: Readonly<Record<Spelling, (id: string) => string>> = {
  'as-given': (id) => id,
  spaced: (id) => id,
  lower: (id) => id.toLowerCase(),
  'upper-group': (id) => id.replace(/\/resourcegroups\/([^/]+)/i, (_, name: string) => `/resourceGroups/${name.toUpperCase()}`),
};

/** The service principal that Microsoft Graph shows for a managed identity; `alternativeNames` is where its ARM id hides. */
export function managedIdentityPrincipal(identity: ManagedIdentity, createdDateTime: string): Readonly<Record<string, unknown>> {
  return {
    id: identity.principalId,
    appId: identity.clientId,
    displayName: identity.name,
    servicePrincipalType: 'ManagedIdentity',
    alternativeNames: [`isExplicit=${identity.kind === 'user-assigned' ? 'True' : 'False'}`, identity.id],
    accountEnabled: true,
    appOwnerOrganizationId: null,
    createdDateTime,
  };
}

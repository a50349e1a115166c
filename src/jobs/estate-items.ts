import { z } from 'zod';
import { clientId, principalId, resourceKey, roleId, slices } from '../estate/index.ts';

/** What each line of an estate file may hold. An estate file comes from somebody else's machine: nothing in it is taken on trust. */
const text = z.string();
const texts = z.array(text);
const maybe = text.optional();
const instant = text.refine((given) => !Number.isNaN(Date.parse(given)), { error: 'must be an instant' });
const principal = text.transform(principalId);
const client = text.transform(clientId);
const key = text.transform(resourceKey);
const role = text.transform(roleId);
const tags = z.record(text, text);

const block = z.object({ actions: texts, notActions: texts, dataActions: texts, notDataActions: texts, condition: maybe });
const credential = z.object({
  id: text,
  name: text,
  identity: key,
  issuer: text,
  subject: maybe,
  expression: maybe,
  audiences: texts,
  readAt: instant,
});

export const itemKinds = {
  containers: z.object({
    kind: z.enum(['managementGroup', 'subscription', 'resourceGroup']),
    id: text,
    key,
    name: text,
    parent: key.optional(),
    tags,
    managedBy: maybe,
  }),
  identities: z.object({
    kind: z.enum(['system-assigned', 'user-assigned']),
    principalId: principal,
    clientId: client.optional(),
    resourceId: text,
    key,
    name: text,
    location: maybe,
    tags,
  }),
  hosts: z.object({
    id: text,
    key,
    name: text,
    type: text,
    location: maybe,
    tags,
    managedBy: maybe,
    systemAssigned: principal.optional(),
    userAssigned: z.array(z.object({ key, resourceId: text, principalId: principal.optional(), clientId: client.optional(), place: text })),
  }),
  assignments: z.object({
    id: text,
    key,
    principalId: principal,
    principalType: text,
    roleId: role,
    scope: key,
    scopeId: text,
    condition: maybe,
    createdAt: maybe,
    updatedAt: maybe,
    createdBy: maybe,
    delegatedManagedIdentityResourceId: maybe,
  }),
  roles: z.object({
    id: role,
    name: text,
    custom: z.boolean(),
    blocks: z.array(block),
    assignableScopes: texts,
    source: z.enum(['azure', 'built-in-list']),
  }),
  confirmations: z.object({ key, state: z.enum(['stands', 'gone', 'unresolved']) }),
  denyAssignments: z.object({
    id: text,
    name: text,
    scope: key,
    scopeId: text,
    blocks: z.array(block),
    principals: z.array(principal),
    excludePrincipals: z.array(principal),
    doNotApplyToChildScopes: z.boolean(),
  }),
  nativeRoleAssignments: z.object({ id: text, account: key, principalId: principal, roleName: text, dataActions: texts, scope: key }),
  federatedCredentials: credential,
  policyAssignments: z.object({ id: text, key, name: text, principalId: principal.optional() }),
  vaults: z.object({
    id: text,
    key,
    name: text,
    rbac: z.boolean(),
    policies: z.array(
      z.object({ tenantId: text, objectId: principal, applicationId: maybe, keys: texts, secrets: texts, certificates: texts }),
    ),
    tags,
  }),
  clusters: z.object({ id: text, key, name: text, issuer: maybe, nodeResourceGroup: maybe }),
  workspaces: z.object({ id: text, key, name: text, customerId: text }),
  asked: principal,
  found: z.object({
    id: principal,
    kind: z.enum(['managed-identity', 'application', 'user', 'group', 'device', 'partner', 'other', 'limited']),
    displayName: maybe,
    clientId: client.optional(),
    ownerTenantId: maybe,
    isExplicit: z.boolean().optional(),
    resourceId: maybe,
    createdAt: maybe,
  }),
  deleted: z.object({ id: principal, displayName: maybe, clientId: client.optional(), resourceId: maybe, deletedAt: text }),
  unresolved: z.object({ id: principal, why: text }),
  memberships: z.object({ id: principal, groups: z.array(principal) }),
  appRoleGrants: z.object({ principalId: principal, resourceId: text, resourceName: text, appRoleId: text }),
  directoryRoles: z.object({ principalId: principal, roleTemplateId: text, roleName: text, scope: maybe }),
  gaps: z.object({
    slice: z.enum(slices),
    scope: text,
    state: z.enum(['partial', 'missing']),
    why: text,
    permission: text.exactOptional(),
    harmless: z.boolean().exactOptional(),
  }),
} as const;

export type ItemKind = keyof typeof itemKinds;
export type Item<Kind extends ItemKind> = z.output<(typeof itemKinds)[Kind]>;

export const formatName = 'mi-audit/estate/v1';

export const heading = z.object({
  format: z.literal(formatName, { error: `the first line must name the format ${formatName}` }),
  tenantId: text,
  collectedAt: instant,
  auditorPrincipalId: maybe,
  canary: z.enum(['visible', 'invisible', 'not-asked']),
  /** Slices that were read at all, where "none" and "not asked" differ. */
  denyAssignments: z.boolean(),
  nativeRoleAssignments: z.boolean(),
});
export type Heading = z.output<typeof heading>;

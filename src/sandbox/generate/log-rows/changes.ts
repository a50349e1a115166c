import { builtInRole } from '../role-definitions.ts';
import type { Placed } from '../tenant-options.ts';
import type { Person, Write } from './activity.ts';
import type { Recorder } from './recorder.ts';

/** Changes as the Activity Log tells them. The objects themselves are the scenario's own business. */
export function grantMade(
  here: Recorder,
  given: {
    readonly assignment: Placed;
    readonly principalId: string;
    readonly role: string;
    readonly scope: Placed | { readonly id: string };
    readonly at: string;
    readonly by?: Write['by'];
  },
): void {
  here.did({
    operation: 'Microsoft.Authorization/roleAssignments/write',
    resourceId: given.assignment.id,
    at: given.at,
    ...(given.by && { by: given.by }),
    requestBody: {
      Id: given.assignment.name,
      Properties: {
        PrincipalId: given.principalId,
        PrincipalType: 'ServicePrincipal',
        RoleDefinitionId: roleId(given.role),
        Scope: given.scope.id,
      },
    },
  });
}

/** A deletion has no body; ARM answers with the object, which the end of the event may keep (`answer`). */
export function grantRemoved(
  here: Recorder,
  given: {
    readonly assignment: Placed;
    readonly principalId: string;
    readonly role: string;
    readonly scope: { readonly id: string };
    readonly at: string;
    readonly answer?: boolean;
  },
): void {
  here.did({
    operation: 'Microsoft.Authorization/roleAssignments/delete',
    resourceId: given.assignment.id,
    at: given.at,
    ...((given.answer ?? true) && {
      responseBody: {
        id: given.assignment.id,
        type: 'Microsoft.Authorization/roleAssignments',
        name: given.assignment.name,
        properties: {
          roleDefinitionId: roleId(given.role),
          principalId: given.principalId,
          principalType: 'ServicePrincipal',
          scope: given.scope.id,
        },
      },
    }),
  });
}

/** A Global Administrator took User Access Administrator at the root: the tenant's own log tells, and the assignment is not named there. */
export function elevated(here: Recorder, given: { readonly by: Person; readonly at: string }): void {
  here.did({ operation: 'Microsoft.Authorization/elevateAccess/action', resourceId: '/providers/Microsoft.Authorization', ...given });
}

export function credentialWritten(here: Recorder, given: { readonly credential: Placed; readonly at: string }): void {
  here.did({
    operation: 'Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write',
    resourceId: given.credential.id,
    at: given.at,
  });
}

export function vaultWritten(
  here: Recorder,
  given: { readonly vault: Placed; readonly rbac: boolean; readonly at: string; readonly policies?: readonly object[] },
): void {
  const properties = {
    tenantId: here.t.tenantId,
    enableRbacAuthorization: given.rbac,
    sku: { family: 'A', name: 'standard' },
    ...(given.policies && { accessPolicies: given.policies }),
  };
  here.did({
    operation: 'Microsoft.KeyVault/vaults/write',
    resourceId: given.vault.id,
    at: given.at,
    requestBody: { location: 'westeurope', properties },
    responseBody: { id: given.vault.id, name: given.vault.name, type: 'Microsoft.KeyVault/vaults', properties },
  });
}

const roleId = (role: string): string => `/providers/Microsoft.Authorization/roleDefinitions/${builtInRole(role).guid}`;

import { builtInRole } from '../role-definitions.ts';
import type { Placed } from '../tenant-options.ts';
import type { Person } from './activity.ts';
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
    readonly by?: Person;
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

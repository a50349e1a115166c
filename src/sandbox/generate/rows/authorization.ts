import type { SandboxRole } from '../role-definitions.ts';
import { argRow, type ArgRow } from './arg-row.ts';

export interface AssignmentFacts {
  readonly name: string;
  readonly principalId: string;
  readonly principalType: string;
  readonly roleGuid: string;
  /** ARM id; `/` is the root. */
  readonly scope: string;
  readonly createdOn: string;
  readonly createdBy: string;
  readonly condition?: string | undefined;
  readonly description?: string | undefined;
  readonly delegatedManagedIdentityResourceId?: string | undefined;
  /** Some rows carry the subscription's prefix in front of the role id, as old API versions wrote it. */
  readonly rolePrefix?: string | undefined;
}

export const assignmentId = (scope: string, name: string): string =>
  `${scope === '/' ? '' : scope}/providers/Microsoft.Authorization/RoleAssignments/${name}`;

/** Azure/azure-cli#27509: the same role comes as `/providers/…/RoleDefinitions/x` and as `/subscriptions/s/providers/…/roleDefinitions/x`. */
export function assignmentRow(tenantId: string, facts: AssignmentFacts): ArgRow {
  const prefix = facts.rolePrefix;
  return argRow({
    id: assignmentId(facts.scope, facts.name),
    name: facts.name,
    type: 'microsoft.authorization/roleassignments',
    tenantId,
    properties: {
      principalId: facts.principalId,
      principalType: facts.principalType,
      roleDefinitionId: prefix
        ? `${prefix}/providers/Microsoft.Authorization/roleDefinitions/${facts.roleGuid}`
        : `/providers/Microsoft.Authorization/RoleDefinitions/${facts.roleGuid}`,
      scope: facts.scope,
      createdOn: facts.createdOn,
      updatedOn: facts.createdOn,
      createdBy: facts.createdBy,
      updatedBy: facts.createdBy,
      condition: facts.condition ?? null,
      conditionVersion: facts.condition ? '2.0' : null,
      description: facts.description ?? null,
      delegatedManagedIdentityResourceId: facts.delegatedManagedIdentityResourceId ?? null,
    },
  });
}

export function roleDefinitionRow(tenantId: string, role: SandboxRole): ArgRow {
  const home = role.custom ? role.assignableScopes[0]! : '';
  const prefix = home.startsWith('/subscriptions/') ? home.split('/').slice(0, 3).join('/') : '';
  return argRow({
    id: `${prefix}/providers/Microsoft.Authorization/RoleDefinitions/${role.guid}`,
    name: role.guid,
    type: 'microsoft.authorization/roledefinitions',
    tenantId,
    properties: {
      roleName: role.name,
      type: role.custom ? 'CustomRole' : 'BuiltInRole',
      description: '',
      isServiceRole: 'false',
      assignableScopes: role.assignableScopes,
      permissions: role.permissions,
      createdOn: '2015-02-02T21:55:09.8806423Z',
      updatedOn: '2025-11-11T20:14:28.3434015Z',
      createdBy: null,
      updatedBy: null,
    },
  });
}

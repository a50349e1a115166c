import { armKey, subscriptionOf, type ArmPath } from './arm-id.ts';
import { armObject } from './arm-object.ts';
import type { ArmRequest } from './arm.ts';
import { Failure } from './failure.ts';
import { jsonBody, type Reply } from './http.ts';
import type { Inventory } from './inventory.ts';
import { textAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A retry finds nothing any more: 204, as ARM answers. */
export function deleteRoleAssignment(inventory: Inventory, request: ArmRequest): Reply {
  const removed = inventory.remove(request.path);
  return removed === undefined ? { status: 204 } : { status: 200, body: armObject(removed, request.path) };
}

export function createRoleAssignment(world: World, inventory: Inventory, request: ArmRequest, path: ArmPath): Reply {
  const properties = askedProperties(jsonBody(request.call));
  const name = path.names[0] ?? '';
  if (!guid.test(name))
    throw new Failure(
      400,
      'InvalidRoleAssignmentId',
      `The role assignment ID '${name}' is not valid. The role assignment ID must be a GUID.`,
    );
  if (!guid.test(properties.roleGuid))
    throw new Failure(400, 'RoleDefinitionDoesNotExist', `The specified role definition with ID '${properties.roleGuid}' does not exist.`);
  if (properties.principalType === undefined) refuseUnknownPrincipal(world, properties.principalId);
  const scope = path.scope === '' ? '/' : path.scope;
  const existing = inventory.get(request.path);
  if (existing !== undefined) refuseOtherGrant(existing, properties);
  else refuseSecond(inventory, scope, properties);

  const object: JsonObject = {
    id: request.path,
    name,
    type: 'Microsoft.Authorization/roleAssignments',
    properties: {
      roleDefinitionId: `/providers/Microsoft.Authorization/roleDefinitions/${properties.roleGuid}`,
      principalId: properties.principalId,
      principalType: properties.principalType ?? principalTypeOf(world, properties.principalId),
      scope,
      ...properties.rest,
      createdOn: textAt(existing, 'properties', 'createdOn') ?? world.now,
      updatedOn: world.now,
      createdBy: textAt(existing, 'properties', 'createdBy') ?? request.caller.objectId,
      updatedBy: request.caller.objectId,
    },
  };
  inventory.put(object, { table: 'authorizationresources', row: resourceGraphRow(world, object) });
  return { status: existing === undefined ? 201 : 200, body: armObject(object, request.path) };
}

interface AskedGrant {
  readonly roleGuid: string;
  readonly principalId: string;
  readonly principalType: string | undefined;
  /** Passed on as given: condition, conditionVersion, description, delegatedManagedIdentityResourceId. */
  readonly rest: JsonObject;
}

function askedProperties(body: JsonObject): AskedGrant {
  const role = textAt(body, 'properties', 'roleDefinitionId');
  const principalId = textAt(body, 'properties', 'principalId');
  if (role === undefined || principalId === undefined)
    throw new Failure(
      400,
      'InvalidCreateRoleAssignmentRequest',
      'The request to create role assignment is not valid: properties.roleDefinitionId and properties.principalId are required.',
    );
  if (!guid.test(principalId))
    throw new Failure(400, 'InvalidPrincipalId', `A valid principal ID must be provided for role assignment, not '${principalId}'.`);
  const rest = ['condition', 'conditionVersion', 'description', 'delegatedManagedIdentityResourceId'].map((name) => [
    name,
    textAt(body, 'properties', name) ?? null,
  ]);
  return {
    roleGuid: role.slice(role.lastIndexOf('/') + 1),
    principalId,
    principalType: textAt(body, 'properties', 'principalType'),
    rest: Object.fromEntries(rest),
  };
}

/** Without a principalType ARM looks the principal up, which is how a just-made identity fails. */
function refuseUnknownPrincipal(world: World, principalId: string): void {
  if (principalTypeOf(world, principalId) !== undefined) return;
  throw new Failure(
    400,
    'PrincipalNotFound',
    `Principal ${principalId.replaceAll('-', '')} does not exist in the directory ${world.tenantId}. Check that you have the correct principal ID. If you are creating this principal and then immediately assigning a role, this error might be related to a replication delay. In this case, set the role assignment principalType property to a value, such as ServicePrincipal, User, or Group.`,
  );
}

function principalTypeOf(world: World, principalId: string): string | undefined {
  if (world.graph('servicePrincipals').byId(principalId) !== undefined) return 'ServicePrincipal';
  if (world.graph('users').byId(principalId) !== undefined) return 'User';
  return world.graph('groups').byId(principalId) === undefined ? undefined : 'Group';
}

function refuseOtherGrant(existing: JsonObject, asked: AskedGrant): void {
  const role = textAt(existing, 'properties', 'roleDefinitionId') ?? '';
  const same =
    role.toLowerCase().endsWith(asked.roleGuid.toLowerCase()) &&
    textAt(existing, 'properties', 'principalId')?.toLowerCase() === asked.principalId.toLowerCase();
  if (!same)
    throw new Failure(
      409,
      'RoleAssignmentUpdateNotPermitted',
      'Tenant ID, application ID, principal ID, and scope are not allowed to be updated.',
    );
}

function refuseSecond(inventory: Inventory, scope: string, asked: AskedGrant): void {
  const twin = inventory
    .ofType('Microsoft.Authorization/roleAssignments')
    .find(
      (one) =>
        textAt(one, 'properties', 'principalId')?.toLowerCase() === asked.principalId.toLowerCase() &&
        (textAt(one, 'properties', 'roleDefinitionId') ?? '').toLowerCase().endsWith(asked.roleGuid.toLowerCase()) &&
        armKey(textAt(one, 'properties', 'scope') ?? '') === armKey(scope),
    );
  if (twin !== undefined)
    throw new Failure(
      409,
      'RoleAssignmentExists',
      `The role assignment already exists. The ID of the existing role assignment is ${(textAt(twin, 'name') ?? '').replaceAll('-', '')}.`,
    );
}

/** The same assignment as Resource Graph lists it: its own columns, lower-case type, role id without a subscription. */
function resourceGraphRow(world: World, object: JsonObject): JsonObject {
  const id = textAt(object, 'id') ?? '';
  return {
    ...object,
    type: 'microsoft.authorization/roleassignments',
    tenantId: world.tenantId,
    kind: '',
    location: '',
    resourceGroup: '',
    subscriptionId: subscriptionOf(armKey(id)) ?? '',
    managedBy: '',
    sku: null,
    plan: null,
    tags: null,
    identity: null,
    zones: null,
    extendedLocation: null,
  };
}

import { randomUUID } from 'node:crypto';
import { Failure, notInSandbox } from './failure.ts';
import { badRequest, requestDenied } from './graph-answers.ts';
import type { DirectoryObject } from './graph-objects.ts';
import { jsonBody, type Call, type Reply } from './http.ts';
import { isObject, listAt, textAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * `POST servicePrincipals/{id}/appRoleAssignments`: gives a service principal an application permission, as an administrator does with `az rest`. The auditor's own guard never lets it out.
 * https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignments
 */
export function grantAppRole(world: World, call: Call, { object: principal }: DirectoryObject): Reply {
  if (world.denied.graph('appRoleAssignments')) throw requestDenied();
  if (!(call.headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
    throw new Failure(400, 'RequestBodyRead', 'A request body of type application/json is needed.');
  const asked = askedGrant(jsonBody(call));
  if (asked.principalId !== textAt(principal, 'id')?.toLowerCase())
    throw badRequest("The 'principalId' of an app role assignment must be the service principal of the request path.");
  const resource = world.graph('servicePrincipals').byId(asked.resourceId);
  if (resource === undefined)
    throw badRequest(`The resource '${asked.resourceId}' of an app role assignment is no service principal of this tenant.`);
  const role = listAt(resource, 'appRoles').find((one) => textAt(one, 'id')?.toLowerCase() === asked.appRoleId);
  if (!isObject(role) || !listAt(role, 'allowedMemberTypes').includes('Application'))
    throw badRequest('Permission being assigned was not found on application.');
  const held = [...world.graph('appRoleAssignments').all()].some(
    (one) =>
      textAt(one, 'principalId')?.toLowerCase() === asked.principalId &&
      textAt(one, 'resourceId')?.toLowerCase() === asked.resourceId &&
      textAt(one, 'appRoleId')?.toLowerCase() === asked.appRoleId,
  );
  if (held) throw badRequest('Permission being assigned already exists on the object');
  const grant: JsonObject = {
    id: randomUUID(),
    ...asked,
    principalType: 'ServicePrincipal',
    principalDisplayName: textAt(principal, 'displayName') ?? null,
    resourceDisplayName: textAt(resource, 'displayName') ?? null,
    createdDateTime: world.now,
    deletedDateTime: null,
  };
  world.graph('appRoleAssignments').add(grant);
  return { status: 201, body: { '@odata.context': `${call.origin}/v1.0/$metadata#appRoleAssignments/$entity`, ...grant } };
}

function askedGrant(body: JsonObject): { readonly principalId: string; readonly resourceId: string; readonly appRoleId: string } {
  const field = (name: string): string => {
    const value = textAt(body, name);
    if (value === undefined || !guid.test(value)) throw badRequest(`The '${name}' of an app role assignment must be a GUID.`);
    return value.toLowerCase();
  };
  const other = Object.keys(body).find((name) => !['principalId', 'resourceId', 'appRoleId'].includes(name));
  if (other !== undefined) throw notInSandbox(`the field '${other}' of an app role assignment`);
  return { principalId: field('principalId'), resourceId: field('resourceId'), appRoleId: field('appRoleId') };
}

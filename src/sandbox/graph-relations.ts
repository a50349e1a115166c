import { notInSandbox } from './failure.ts';
import { requestDenied } from './graph-answers.ts';
import { graphList } from './graph-list.ts';
import { directoryObject, type DirectoryObject } from './graph-objects.ts';
import type { Call, Reply } from './http.ts';
import { textAt, type JsonObject } from './json.ts';
import { directMembers, groupsAbove, membersBelow } from './membership.ts';
import type { World } from './world.ts';

/** What hangs on one object: app role grants from both ends, members, groups. */
export function related(
  world: World,
  call: Call,
  set: string,
  { object }: DirectoryObject,
  relation: string,
  cast: string | undefined,
): Reply {
  const id = textAt(object, 'id')?.toLowerCase() ?? '';
  const grants = (field: string): readonly JsonObject[] => {
    if (world.denied.graph('appRoleAssignments')) throw requestDenied();
    return [...world.graph('appRoleAssignments').all()].filter((grant) => textAt(grant, field)?.toLowerCase() === id);
  };
  if (relation === 'approleassignedto' && cast === undefined) return graphList(call, grants('resourceId'), 'appRoleAssignments');
  if (relation === 'approleassignments' && cast === undefined) return graphList(call, grants('principalId'), 'appRoleAssignments');
  const relations: Readonly<Record<string, () => ReadonlySet<string>>> =
    set === 'groups'
      ? {
          transitivemembers: () => membersBelow(world, id),
          members: () => directMembers(world, id),
          transitivememberof: () => groupsAbove(world, id),
        }
      : { transitivememberof: () => groupsAbove(world, id) };
  const ids = Object.hasOwn(relations, relation) ? relations[relation] : undefined;
  if (ids === undefined) throw notInSandbox(`GET ${call.path}`);
  if (world.denied.graph('groupMembers')) throw requestDenied();
  const objects = [...ids()].flatMap((one) => directoryObject(world, one) ?? []);
  const wanted = cast === undefined ? undefined : cast.replace(/^microsoft\.graph\./i, '').toLowerCase();
  return graphList(
    call,
    objects.filter(({ type }) => wanted === undefined || type.toLowerCase() === wanted).map((one) => one.object),
    'directoryObjects',
  );
}

export function directoryRoles(world: World, call: Call): Reply {
  if (world.denied.graph('directoryRoleAssignments')) throw requestDenied();
  const expand = call.query.get('$expand');
  if (expand !== null && !['roledefinition', 'principal'].includes(expand.toLowerCase()))
    throw notInSandbox(`$expand=${expand} on ${call.path}`);
  const rows = [...world.graph('directoryRoleAssignments').all()].map((row) => {
    const { roleDefinition, ...plain } = row;
    if (expand?.toLowerCase() === 'roledefinition') return { ...plain, roleDefinition: roleDefinition ?? null };
    return expand?.toLowerCase() === 'principal'
      ? { ...plain, principal: directoryObject(world, textAt(row, 'principalId') ?? '')?.object ?? null }
      : plain;
  });
  return graphList(call, rows, 'roleManagement/directory/roleAssignments', ['$expand']);
}

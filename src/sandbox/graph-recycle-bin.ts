import { notInSandbox } from './failure.ts';
import { badRequest, found, requestDenied, single } from './graph-answers.ts';
import { graphList } from './graph-list.ts';
import { deletedObject, deletedObjects, deletedType, type DirectoryObject } from './graph-objects.ts';
import type { Call, Reply } from './http.ts';
import type { JsonObject } from './json.ts';
import type { World } from './world.ts';

/** `directory/deletedItems/microsoft.graph.{type}` and `directory/deletedItems/{id}`; without a cast Graph gives no list. */
export function recycleBin(world: World, call: Call, [selector, ...rest]: readonly string[]): Reply {
  if (world.denied.graph('deletedItems')) throw requestDenied();
  if (selector === undefined)
    throw badRequest('The deletedItems collection needs a type: /directory/deletedItems/microsoft.graph.servicePrincipal.');
  if (rest.length > 0) throw notInSandbox(`GET ${call.path}`);
  const cast = /^microsoft\.graph\.(.+)$/i.exec(selector)?.[1];
  if (cast === undefined) return single(call, found(itemOf(deletedObject(world, selector)), selector));
  if (world.denied.graph(`deletedItems/${cast}`)) throw requestDenied();
  const objects = deletedObjects(world).filter((object) => deletedType(object).toLowerCase() === cast.toLowerCase());
  return graphList(
    call,
    objects.map((object) => item(object).object),
    'directoryObjects',
  );
}

const itemOf = (object: JsonObject | undefined): DirectoryObject | undefined => (object === undefined ? undefined : item(object));

function item(object: JsonObject): DirectoryObject {
  const type = deletedType(object);
  return { set: 'directoryObjects', type, object: { '@odata.type': `#microsoft.graph.${type}`, ...object } };
}

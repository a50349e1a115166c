import { textAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

/** Sets of a world that hold directory objects, with the type that Microsoft Graph gives them. */
const types: Readonly<Record<string, string>> = {
  servicePrincipals: '#microsoft.graph.servicePrincipal',
  users: '#microsoft.graph.user',
  groups: '#microsoft.graph.group',
  applications: '#microsoft.graph.application',
  devices: '#microsoft.graph.device',
  partnerReferences: '#microsoft.graph.directoryObjectPartnerReference',
};
export const partnerType = 'directoryObjectPartnerReference';
const recycleDays = 30;

export interface DirectoryObject {
  readonly set: string;
  /** `servicePrincipal`, `user`, … */
  readonly type: string;
  readonly object: JsonObject;
}

/** A live object by id. What lies in the recycle bin is not live. */
export function directoryObject(world: World, id: string): DirectoryObject | undefined {
  if (deletedObject(world, id) !== undefined) return undefined;
  for (const [set, type] of Object.entries(types)) {
    const object = world.graph(set).byId(id);
    if (object !== undefined) return shown(world, set, type, object);
  }
  return undefined;
}

export function objectsOf(world: World, set: string): readonly DirectoryObject[] {
  const deleted = new Set(deletedObjects(world).map((object) => textAt(object, 'id')?.toLowerCase()));
  const objects = [...world.graph(set).all()].filter((object) => !deleted.has(textAt(object, 'id')?.toLowerCase()));
  return objects.map((object) => shown(world, set, types[set] ?? '#microsoft.graph.directoryObject', object));
}

/** Where the caller may not read a type, its objects still show that they exist: id and type, nothing else. */
function shown(world: World, set: string, type: string, given: JsonObject): DirectoryObject {
  const declared = textAt(given, '@odata.type') ?? type;
  const object = world.denied.graph(set) ? { '@odata.type': declared, id: given['id'] } : { '@odata.type': declared, ...given };
  return { set, type: declared.slice(declared.lastIndexOf('.') + 1), object };
}

/** The recycle bin by the world's clock: after 30 days an object is gone. */
export function deletedObjects(world: World): readonly JsonObject[] {
  const oldest = Date.parse(world.now) - recycleDays * 86_400_000;
  return [...world.graph('deletedItems').all()].filter((object) => {
    const at = Date.parse(textAt(object, 'deletedDateTime') ?? '');
    return Number.isNaN(at) || (at > oldest && at <= Date.parse(world.now));
  });
}

export const deletedObject = (world: World, id: string): JsonObject | undefined => {
  const object = world.graph('deletedItems').byId(id);
  return object !== undefined && deletedObjects(world).includes(object) ? object : undefined;
};

/** The type of an object in the recycle bin; a world may leave it out where the fields tell. */
export function deletedType(object: JsonObject): string {
  const declared = textAt(object, '@odata.type');
  if (declared !== undefined) return declared.slice(declared.lastIndexOf('.') + 1);
  if (textAt(object, 'userPrincipalName') !== undefined) return 'user';
  if (object['groupTypes'] !== undefined || object['securityEnabled'] !== undefined) return 'group';
  return 'servicePrincipal';
}

/** Only the asked properties; id and annotations stay. */
export function selectedProperties(object: JsonObject, select: string | null): JsonObject {
  if (select === null || select.trim() === '') return object;
  const names = new Set(select.split(',').map((name) => name.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(object).filter(([name]) => name.startsWith('@') || names.has(name.toLowerCase())));
}

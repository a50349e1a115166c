import { badRequest } from './graph-answers.ts';
import { directoryObject, partnerType } from './graph-objects.ts';
import { jsonBody, type Call, type Reply } from './http.ts';
import { listAt, valueAt, type JsonObject } from './json.ts';
import type { World } from './world.ts';

const idsMax = 1000;
const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids that are not there are simply not in the answer; partner references come only to who asks for that type. */
export function getByIds(world: World, call: Call): Reply {
  const body = jsonBody(call);
  const ids = stringsOf(body, 'ids');
  if (ids === undefined || ids.length === 0) throw badRequest("The 'ids' collection is required and must hold object ids.");
  if (ids.length > idsMax) throw badRequest(`The number of ids (${ids.length}) exceeds the maximum of ${idsMax}.`);
  const wrong = ids.find((id) => !guid.test(id));
  if (wrong !== undefined) throw badRequest(`Invalid GUID:${wrong}`);
  const types = valueAt(body, 'types') === undefined || valueAt(body, 'types') === null ? ['directoryObject'] : stringsOf(body, 'types');
  if (types === undefined) throw badRequest("The 'types' collection must hold names of directory object types.");
  const wanted = new Set(types.map((type) => type.toLowerCase()));
  const isWanted = (type: string): boolean =>
    wanted.has(type.toLowerCase()) || (type !== partnerType && (wanted.has('directoryobject') || wanted.size === 0));
  const objects = [...new Set(ids.map((id) => id.toLowerCase()))]
    .flatMap((id) => directoryObject(world, id) ?? [])
    .filter(({ type }) => isWanted(type));
  return {
    status: 200,
    body: { '@odata.context': `${call.origin}/v1.0/$metadata#directoryObjects`, value: objects.map(({ object }) => object) },
  };
}

function stringsOf(body: JsonObject, field: string): readonly string[] | undefined {
  const values = listAt(body, field);
  if (!Array.isArray(body[field])) return undefined;
  const strings = values.filter((value) => typeof value === 'string');
  return strings.length === values.length ? strings : undefined;
}

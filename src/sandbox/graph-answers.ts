import { Failure } from './failure.ts';
import { selectedProperties, type DirectoryObject } from './graph-objects.ts';
import { refuseOptions } from './graph-list.ts';
import type { Call, Reply } from './http.ts';

export function found(object: DirectoryObject | undefined, id: string): DirectoryObject {
  if (object !== undefined) return object;
  throw new Failure(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

export function single(call: Call, { object, set }: DirectoryObject): Reply {
  refuseOptions(call, ['$select']);
  return {
    status: 200,
    body: { '@odata.context': `${call.origin}/v1.0/$metadata#${set}/$entity`, ...selectedProperties(object, call.query.get('$select')) },
  };
}

export const requestDenied = (): Failure =>
  new Failure(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
export const badRequest = (message: string): Failure => new Failure(400, 'Request_BadRequest', message);

import { resourceKey, root, type ResourceKey } from '../estate/index.ts';

/** A grant that the Activity Log saw being made, followed by the watch until it is narrowed or gone. */
export interface MadeGrant {
  readonly kind: 'assignment' | 'elevation' | 'federated-credential';
  /** ARM id of the assignment or the credential as the log gives it; of an elevation, the object id (or else the name) of who elevated. */
  readonly id: string;
  /** Its id when it was first seen: a pipeline that deletes and re-creates it makes a new id, not a new grant. */
  readonly firstId: string;
  readonly at: string;
  /** Who made it: user principal name or object id. Text from outside. */
  readonly caller: string;
  readonly callerObjectId: string;
  /** Application of the caller's token and the address it came from; empty where the log does not say. */
  readonly callerAppId: string;
  readonly callerAddress: string;
  readonly correlationId: string;
  /** From the request's body; empty where the log does not say. The estate knows better once it shows the assignment. */
  readonly principalId: string;
  readonly roleId: string;
  readonly scopeId: string;
  readonly condition?: string | undefined;
  /** When the estate was last read and showed it. Resource Graph shows a new assignment some minutes late. */
  readonly seenAt?: string | undefined;
  /** There was something to report: followed until it is seen to be narrowed or gone. */
  readonly reported?: boolean | undefined;
  /** Looked at, and nothing to report: the first to be forgotten. */
  readonly quiet?: boolean | undefined;
}

/** What came of an assignment or a credential that was removed: its re-creation within the hour is the same grant. */
export interface RemovedGrant {
  readonly id: string;
  readonly at: string;
  readonly principalId: string;
  readonly roleId: string;
  readonly scopeId: string;
  /** The grant that was followed under this id. */
  readonly followed?: MadeGrant | undefined;
}

/** What the watch remembers about grants between passes. */
export interface GrantMemory {
  readonly grants: readonly MadeGrant[];
  /** Of the last days: logs come late and in any order. */
  readonly removals: readonly RemovedGrant[];
  /** Everybody who was seen to make a grant: caller → instant of the first one. */
  readonly callers: ReadonlyMap<string, string>;
  /** Up to when the Activity Logs of management groups were read. */
  readonly readAboveUntil?: string | undefined;
}

/** A deletion and a creation of the same grant closer than this are one change; so are a creation and the writes that repeat it. */
export const sameChangeMinutes = 60;

/** What tells grants apart. */
export const grantKey = ({ kind, id }: Pick<MadeGrant, 'kind' | 'id'>): string => `${kind}|${resourceKey(id)}`;

/** By object id where there is one: names can be taken by somebody else. */
export const callerKey = ({ caller, callerObjectId }: Pick<MadeGrant, 'caller' | 'callerObjectId'>): string =>
  (callerObjectId || caller).toLowerCase();

/** `{scope}/providers/Microsoft.Authorization/roleAssignments/{name}` says where it applies. */
export function scopeOfAssignment(id: string): string {
  const scope = id.replace(/\/providers\/microsoft\.authorization\/roleassignments\/[^/]+\/?$/i, '');
  return scope === '' ? root : scope;
}

/** The identity that a credential belongs to. */
export const identityOfCredential = (id: string): ResourceKey => resourceKey(id.replace(/\/federatedidentitycredentials\/[^/]+\/?$/i, ''));

/** Younger than Resource Graph and the directory need to show it everywhere. */
export const isYoung = ({ at }: Pick<MadeGrant, 'at'>, now: string, windowMinutes: number): boolean =>
  Date.parse(now) - Date.parse(at) < windowMinutes * 60_000;

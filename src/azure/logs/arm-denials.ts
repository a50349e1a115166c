import { binMinutes, type Caller, type Denial } from '../../denials/index.ts';
import { clientId, principalId } from '../../estate/index.ts';
import { bag, callerObjectId, propertyOf, textIn, type ActivityEvent } from './activity-event.ts';
import { mergeDenials } from './merge-denials.ts';

export const activityTable = 'ActivityLog';

/** Refused calls to Azure Resource Manager, from the Activity Log API: the shape that denials-arm.kql gives those of a workspace. */
export function armDenials(events: readonly ActivityEvent[], workspace: string): readonly Denial[] {
  const once = new Map(
    events.map((event) => [event.id || `${event.at}|${event.correlationId}|${event.operation}|${event.resourceId}`, event]),
  );
  return mergeDenials([...once.values()].flatMap((event) => denialOf(event, workspace) ?? []));
}

const codes =
  /\b(LinkedAuthorizationFailed|DenyAssignmentAuthorizationFailed|AuthorizationFailed|RequestDisallowedByPolicy|ScopeLocked|ExpiredAuthenticationToken|InvalidAuthenticationTokenTenant|InvalidAuthenticationToken)\b/;

function denialOf(event: ActivityEvent, workspace: string): Denial | undefined {
  if (event.status !== 'failed') return undefined;
  const message = wordsIn(event, 'statusMessage') || wordsIn(event, 'responseBody') || wordsIn(event, 'message');
  const body = bag.parse(message);
  const error = bag.parse(propertyOf(body, 'error') ?? body);
  // "Forbidden" is also what policies and locks answer: the code decides. A message may be plain text.
  const reason = codes.exec(`${textIn(error, 'code')} ${message}`)?.[1];
  if (reason === undefined) return undefined;
  const words = textIn(error, 'message') || message;
  const action =
    /does not have permission to perform action(?:\(s\))? '([^',]+)/.exec(words)?.[1] ??
    /perform action '([^']+)'/.exec(words)?.[1] ??
    (event.action || event.operation);
  const at = Date.parse(event.at);
  return {
    service: 'arm',
    table: activityTable,
    workspace,
    caller: callerOf(event, words),
    target: /linked scope\(s\) '([^',]+)/.exec(words)?.[1] ?? /over scope '([^']+)'/.exec(words)?.[1] ?? (event.resourceId || event.scope),
    object: '',
    operation: action,
    statusCode: reason === 'ScopeLocked' ? 409 : reason.includes('AuthenticationToken') ? 401 : 403,
    reason,
    sample: `${reason}: ${words}`.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 1000),
    action,
    callerAddresses: event.callerAddress === '' ? [] : [event.callerAddress.slice(0, 64)],
    hosts: [],
    bins: [{ start: at - (at % (binMinutes * 60_000)), count: 1 }],
    firstAt: event.at,
    lastAt: event.at,
  };
}

function callerOf(event: ActivityEvent, words: string): Caller {
  const { claims } = event;
  const upn =
    claims['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'] ??
    claims['upn'] ??
    (event.caller.includes('@') ? event.caller : '');
  const objectId = callerObjectId(event) || (/object id '([0-9a-fA-F-]{36})'/.exec(words)?.[1] ?? '');
  const resourceId = claims['xms_mirid'] ?? '';
  const type = claims['idtyp']?.toLowerCase() ?? '';
  const isGuid = /^[0-9a-f-]{36}$/i.test(event.caller);
  return {
    objectId: objectId === '' ? undefined : principalId(objectId),
    clientId: claims['appid'] ? clientId(claims['appid']) : undefined,
    resourceId: resourceId.startsWith('/') ? resourceId : undefined,
    tokenId: claims['uti'] || undefined,
    name: upn || (isGuid ? '' : event.caller) || undefined,
    kind: type === 'app' || resourceId !== '' ? 'workload' : type === 'user' || upn !== '' ? 'user' : isGuid ? 'workload' : 'unknown',
    tenantId: (claims['http://schemas.microsoft.com/identity/claims/tenantid'] ?? claims['tid'] ?? '').toLowerCase() || undefined,
  };
}

/** A property as text: Azure puts JSON in a string, or the object itself. */
function wordsIn(event: ActivityEvent, name: string): string {
  const found = propertyOf(event.properties, name);
  if (typeof found === 'string') return found;
  return typeof found === 'object' && found !== null ? JSON.stringify(found) : '';
}

import { z } from 'zod';

/** One record of the Activity Log, from the API or from a workspace's AzureActivity table: the same facts in two spellings. */
export interface ActivityEvent {
  readonly id: string;
  readonly at: string;
  /** When Azure had it ready to be read; the API lists it from then on. */
  readonly submittedAt?: string | undefined;
  /** Lower case: the table shouts, the API does not. */
  readonly operation: string;
  readonly status: 'started' | 'succeeded' | 'failed' | 'other';
  readonly correlationId: string;
  readonly resourceId: string;
  readonly caller: string;
  readonly callerAddress: string;
  readonly claims: Readonly<Record<string, string>>;
  readonly action: string;
  readonly scope: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

const limits = { id: 2048, name: 512 } as const;
const clean = (given: string, max: number): string => given.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, max);
const text = (max: number) =>
  z
    .string()
    .nullish()
    .catch(undefined)
    .transform((given) => clean(given ?? '', max));
/** `{value, localizedValue}` in the API; older answers give the text alone. */
const value = z
  .union([z.string(), z.object({ value: z.string().nullish() }).transform((given) => given.value ?? '')])
  .nullish()
  .catch(undefined)
  .transform((given) => clean(given ?? '', limits.name));
const instant = z
  .union([z.string(), z.date()])
  .transform((given) => new Date(given).getTime())
  .refine((ms) => !Number.isNaN(ms))
  .transform((ms) => new Date(ms).toISOString());
/** An object, or its JSON text. */
export const bag = z
  .unknown()
  .optional()
  .transform((given): Readonly<Record<string, unknown>> => {
    if (typeof given === 'string') {
      try {
        return asObject(JSON.parse(given));
      } catch {
        return {};
      }
    }
    return asObject(given);
  });
const asObject = (given: unknown): Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given) ? (given as Readonly<Record<string, unknown>>) : {};
const claims = bag.transform((given) =>
  Object.fromEntries(
    Object.entries(given).flatMap(([name, one]) => (typeof one === 'string' ? [[name, clean(one, limits.id)] as const] : [])),
  ),
);

const apiEvent = z.object({
  eventDataId: text(limits.name),
  eventTimestamp: instant,
  submissionTimestamp: instant.optional().catch(undefined),
  operationName: value,
  status: value,
  correlationId: text(limits.name),
  operationId: text(limits.name),
  resourceId: text(limits.id),
  resourceUri: text(limits.id),
  caller: text(limits.name),
  httpRequest: bag,
  claims,
  authorization: bag,
  properties: bag,
});

export function eventOfApi(given: unknown): ActivityEvent | undefined {
  const parsed = apiEvent.safeParse(given);
  if (!parsed.success || parsed.data.operationName === '') return undefined;
  const event = parsed.data;
  return {
    id: event.eventDataId,
    at: event.eventTimestamp,
    submittedAt: event.submissionTimestamp,
    operation: event.operationName.toLowerCase(),
    status: statusOf(event.status),
    correlationId: event.correlationId || event.operationId,
    resourceId: event.resourceId || event.resourceUri || textIn(event.authorization, 'scope'),
    caller: event.caller,
    callerAddress: textIn(event.httpRequest, 'clientIpAddress'),
    claims: event.claims,
    action: textIn(event.authorization, 'action'),
    scope: textIn(event.authorization, 'scope'),
    properties: event.properties,
  };
}

const tableRow = z.object({
  EventDataId: text(limits.name),
  TimeGenerated: instant,
  OperationNameValue: text(limits.name),
  ActivityStatusValue: text(limits.name),
  CorrelationId: text(limits.name),
  OperationId: text(limits.name),
  ResourceId: text(limits.id),
  Caller: text(limits.name),
  CallerIpAddress: text(limits.name),
  Claims: claims,
  Authorization: bag,
  Properties: bag,
});

export function eventOfTable(given: unknown): ActivityEvent | undefined {
  const parsed = tableRow.safeParse(given);
  if (!parsed.success || parsed.data.OperationNameValue === '') return undefined;
  const row = parsed.data;
  return {
    id: row.EventDataId,
    at: row.TimeGenerated,
    operation: row.OperationNameValue.toLowerCase(),
    status: statusOf(row.ActivityStatusValue),
    correlationId: row.CorrelationId || row.OperationId,
    resourceId: row.ResourceId || textIn(row.Authorization, 'scope'),
    caller: row.Caller,
    callerAddress: row.CallerIpAddress,
    claims: row.Claims,
    action: textIn(row.Authorization, 'action'),
    scope: textIn(row.Authorization, 'scope'),
    properties: row.Properties,
  };
}

/** Value of a property whatever its case: clients write `PrincipalId` and `principalId`. */
export function propertyOf(given: Readonly<Record<string, unknown>>, name: string): unknown {
  const key = Object.keys(given).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : given[key];
}

export function textIn(given: Readonly<Record<string, unknown>>, name: string): string {
  const found = propertyOf(given, name);
  return typeof found === 'string' ? clean(found, limits.id) : typeof found === 'boolean' || typeof found === 'number' ? String(found) : '';
}

/** The object id of who called: claims first, since `caller` is a name for people. */
export function callerObjectId(event: ActivityEvent): string {
  const claimed = event.claims['http://schemas.microsoft.com/identity/claims/objectidentifier'] ?? event.claims['oid'] ?? '';
  return (claimed || (guid.test(event.caller) ? event.caller : '')).toLowerCase();
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The API says Started, Succeeded, Failed; the table Start, Success, Failure. Accepted is a long operation under way. */
function statusOf(given: string): ActivityEvent['status'] {
  switch (given.toLowerCase()) {
    case 'start':
    case 'started':
    case 'accept':
    case 'accepted':
    case 'inprogress':
    case 'in progress':
      return 'started';
    case 'success':
    case 'succeeded':
      return 'succeeded';
    case 'failure':
    case 'failed':
      return 'failed';
    default:
      return 'other';
  }
}

import { managementGroupOf, subscriptionOf } from './arm-id.ts';
import type { ArmRequest } from './arm.ts';
import { Failure } from './failure.ts';
import { conjuncts, parseFilter, type Filter } from './filter.ts';
import type { Reply } from './http.ts';
import { textAt, type JsonObject } from './json.ts';
import { pageOf } from './paging.ts';
import type { World } from './world.ts';

const suffix = '/providers/microsoft.insights/eventtypes/management/values';
const sizes = { usual: 200, max: 1000 };
const keptDays = 90;

/**
 * `{scope}/providers/microsoft.insights/eventtypes/management/values`: subscription, management group and tenant have a log each (`activity/<subscription or group>.jsonl`,
 * `activity/tenant.jsonl`). Newest first. A caller without the right gets an empty list, not a 403 (Azure/azure-sdk-for-java#2097).
 */
export function activityLog(world: World): (request: ArmRequest) => Reply | undefined {
  return ({ call, key }) => {
    if (!key.endsWith(suffix) || call.method !== 'GET') return undefined;
    const scope = key.slice(0, -suffix.length);
    const log = subscriptionOf(scope) ?? managementGroupOf(scope) ?? 'tenant';
    const wanted = conditionOf(call.query.get('$filter'), world.now);
    if (world.denied.activity(log) || world.denied.armAt(scope === '' ? '/' : scope, world.tree().ancestors(scope)))
      return { status: 200, body: { value: [] } };
    const events = [...world.activity(log).all()].filter((event) => isKnownBy(event, world.now) && wanted(event));
    const newestFirst = events.toSorted((left, right) =>
      (textAt(right, 'eventTimestamp') ?? '').localeCompare(textAt(left, 'eventTimestamp') ?? ''),
    );
    const { items, nextLink } = pageOf(call, newestFirst, sizes);
    return { status: 200, body: { value: selected(items, call.query.get('$select')), ...(nextLink === undefined ? {} : { nextLink }) } };
  };
}

/** An event is listed once it was submitted; the world's file may hold the future of this `now`. */
function isKnownBy(event: JsonObject, now: string): boolean {
  const at = Date.parse(textAt(event, 'submissionTimestamp') ?? textAt(event, 'eventTimestamp') ?? '');
  return Number.isNaN(at) || at <= Date.parse(now);
}

/** A start is required, within the 90 days that Azure keeps; besides it, equality on a few fields. Nothing else is taken. https://learn.microsoft.com/rest/api/monitor/activity-logs/list */
function conditionOf(text: string | null, now: string): (event: JsonObject) => boolean {
  if (text === null)
    throw badRequest(
      "The $filter query parameter is required: it must name at least the start, as in eventTimestamp ge '2026-11-01T00:00:00Z'.",
    );
  const parts = conjuncts(parseFilter(text));
  const conditions = parts.map((part) => partCondition(part) ?? refuse(text));
  const start = parts.find(
    (part) => part.kind === 'compare' && part.path.toLowerCase() === 'eventtimestamp' && (part.op === 'ge' || part.op === 'gt'),
  );
  const startMs = start?.kind === 'compare' ? Date.parse(String(start.value)) : NaN;
  if (Number.isNaN(startMs)) throw badRequest("The $filter must name the start of the period: eventTimestamp ge '…'.");
  if (startMs < Date.parse(now) - keptDays * 86_400_000)
    throw badRequest(`The start time cannot be more than ${keptDays} days in the past.`);
  return (event) => conditions.every((condition) => condition(event));
}

function partCondition(part: Filter): ((event: JsonObject) => boolean) | undefined {
  if (part.kind !== 'compare' || typeof part.value !== 'string') return undefined;
  const wanted = part.value.toLowerCase();
  const field = part.path.toLowerCase();
  if (field === 'eventtimestamp') {
    const limit = Date.parse(part.value);
    if (Number.isNaN(limit)) return undefined;
    const at = (event: JsonObject): number => Date.parse(textAt(event, 'eventTimestamp') ?? '');
    if (part.op === 'ge') return (event) => at(event) >= limit;
    if (part.op === 'gt') return (event) => at(event) > limit;
    if (part.op === 'le') return (event) => at(event) <= limit;
    return part.op === 'lt' ? (event) => at(event) < limit : undefined;
  }
  const read = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (read === undefined || part.op !== 'eq') return undefined;
  return (event) => read(event)?.toLowerCase() === wanted;
}

const fields: Readonly<Record<string, (event: JsonObject) => string | undefined>> = {
  resourcegroupname: (event) => textAt(event, 'resourceGroupName'),
  resourceprovider: (event) => textAt(event, 'resourceProviderName', 'value') ?? textAt(event, 'resourceProviderName'),
  resourceuri: (event) => textAt(event, 'resourceId'),
  resourceid: (event) => textAt(event, 'resourceId'),
  correlationid: (event) => textAt(event, 'correlationId'),
  caller: (event) => textAt(event, 'caller'),
  levels: (event) => textAt(event, 'level'),
  status: (event) => textAt(event, 'status', 'value'),
  eventchannels: (event) => textAt(event, 'channels'),
};

function selected(events: readonly JsonObject[], select: string | null): readonly JsonObject[] {
  if (select === null || select.trim() === '') return events;
  const names = new Set(select.split(',').map((name) => name.trim().toLowerCase()));
  return events.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => names.has(name.toLowerCase()))));
}

function refuse(text: string): never {
  throw badRequest(
    `The $filter '${text}' is not supported: only 'and' of eventTimestamp (ge, gt, le, lt) and eq on ${Object.keys(fields).join(', ')}.`,
  );
}

const badRequest = (message: string): Failure => new Failure(400, 'BadRequest', message);

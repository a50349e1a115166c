import type { Change } from '../../incidents/index.ts';
import { bag, callerObjectId, propertyOf, textIn, type ActivityEvent } from './activity-event.ts';
import { isWholeResource, kindOf } from './change-operations.ts';

/**
 * Each change once: the record of its start (which holds the request's body) joined with the one of its result (which says how it ended). A start
 * without a result is no change yet; a result whose start is not at hand is one with fewer details.
 */
export function changesOf(events: readonly ActivityEvent[]): readonly Change[] {
  const operations = new Map<string, ActivityEvent[]>();
  for (const event of events) {
    if (kindOf(event.operation) === undefined) continue;
    const key = `${event.correlationId || event.id}|${event.operation}|${event.resourceId.toLowerCase()}`;
    const known = operations.get(key);
    if (known === undefined) operations.set(key, [event]);
    else known.push(event);
  }
  return [...operations.values()].flatMap(changeOf).sort((a, b) => (a.at < b.at ? -1 : 1));
}

function changeOf(records: readonly ActivityEvent[]): readonly Change[] {
  const byTime = [...records].sort((a, b) => (a.at < b.at ? -1 : 1));
  // A long operation may report its success more than once: the first is when it took effect.
  const result = byTime.find((event) => event.status === 'succeeded') ?? byTime.findLast((event) => event.status === 'failed');
  const kind = kindOf(byTime[0]?.operation ?? '');
  if (result === undefined || kind === undefined) return [];
  const start = byTime.find((event) => event.status === 'started');
  const details = { ...detailsOf(result), ...(start === undefined ? {} : detailsOf(start)) };
  const change: Change = {
    kind,
    at: result.at,
    eventId: result.id,
    correlationId: result.correlationId,
    resourceId: result.resourceId,
    caller: result.caller || (start?.caller ?? ''),
    callerObjectId: callerObjectId(result) || (start === undefined ? '' : callerObjectId(start)),
    ...callerFacts(start === undefined ? [result] : [result, start]),
    succeeded: result.status === 'succeeded',
    details,
  };
  const network = details['network'] === 'true';
  if (kind === 'vault-written') return network ? [change, { ...change, kind: 'network-changed' }] : [change];
  return isWholeResource(result.operation) && !network ? [] : [change];
}

function callerFacts(records: readonly ActivityEvent[]): Pick<Change, 'callerAppId' | 'callerAddress'> {
  const appId = records.map(({ claims }) => claims['appid'] ?? claims['azp'] ?? '').find((one) => one !== '');
  const address = records.map(({ callerAddress }) => callerAddress).find((one) => one !== '');
  return { ...(appId === undefined ? {} : { callerAppId: appId }), ...(address === undefined ? {} : { callerAddress: address }) };
}

/** What is read of a body, wherever it stands: at its top or under `properties`, in either case. */
const fields = [
  'principalId',
  'principalType',
  'roleDefinitionId',
  'scope',
  'condition',
  'enableRbacAuthorization',
  'issuer',
  'subject',
  'level',
  'publicNetworkAccess',
  'clientId',
] as const;
const networkFields = [
  'networkAcls',
  'publicNetworkAccess',
  'networkRuleSet',
  'ipRules',
  'virtualNetworkRules',
  'isVirtualNetworkFilterEnabled',
] as const;

function detailsOf(event: ActivityEvent): Readonly<Record<string, string>> {
  const details: Record<string, string> = {};
  // A delete has no request body worth reading; what was deleted is in the answer, where there is one.
  for (const name of ['responseBody', 'requestbody']) {
    const top = bag.parse(propertyOf(event.properties, name));
    const inner = bag.parse(propertyOf(top, 'properties'));
    for (const field of fields) {
      const found = textIn(inner, field) || textIn(top, field);
      if (found !== '') details[field] = found;
    }
    const audiences = propertyOf(inner, 'audiences');
    if (Array.isArray(audiences))
      details['audiences'] = audiences
        .filter((one) => typeof one === 'string')
        .join(' ')
        .slice(0, 1024);
    if (networkFields.some((field) => propertyOf(inner, field) !== undefined)) details['network'] = 'true';
  }
  return details;
}

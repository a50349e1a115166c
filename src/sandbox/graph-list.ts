import { Failure, notInSandbox } from './failure.ts';
import { matches } from './filter-match.ts';
import { parseFilter, type Filter } from './filter.ts';
import { selectedProperties } from './graph-objects.ts';
import type { Call, Reply } from './http.ts';
import type { JsonObject } from './json.ts';
import { pageOf } from './paging.ts';

const sizes = { usual: 100, max: 999 };

/** A collection as Graph lists it: `$filter`, `$select`, `$top`, `$count`, pages by `@odata.nextLink`. Any other option is refused by name. */
export function graphList(call: Call, objects: readonly JsonObject[], set: string, alsoAllowed: readonly string[] = []): Reply {
  refuseOptions(call, ['$filter', '$select', '$top', '$count', '$skiptoken', ...alsoAllowed]);
  const filter = filterOf(call);
  const values = filter === undefined ? objects : objects.filter((object) => matches(filter, object, (name) => refuseFunction(name)));
  const { items, nextLink } = pageOf(call, values, sizes);
  const counted = call.query.get('$count') === 'true' && isEventual(call);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.origin}/v1.0/$metadata#${set}`,
      ...(counted ? { '@odata.count': values.length } : {}),
      ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }),
      value: items.map((object) => selectedProperties(object, call.query.get('$select'))),
    },
  };
}

export function refuseOptions(call: Call, allowed: readonly string[]): void {
  const other = [...call.query.keys()].find((name) => name.startsWith('$') && !allowed.includes(name.toLowerCase()));
  if (other !== undefined) throw notInSandbox(`${other} on ${call.path}`);
}

function filterOf(call: Call): Filter | undefined {
  const text = call.query.get('$filter');
  if (text === null || text.trim() === '') return undefined;
  const filter = parseFilter(text);
  if (needsEventual(filter) && !(isEventual(call) && call.query.get('$count') === 'true')) {
    throw new Failure(
      400,
      'Request_UnsupportedQuery',
      `The $filter '${text}' needs the header ConsistencyLevel: eventual and $count=true.`,
    );
  }
  return filter;
}

const isEventual = (call: Call): boolean => String(call.headers['consistencylevel'] ?? '').toLowerCase() === 'eventual';

/** https://learn.microsoft.com/graph/aad-advanced-queries: ne, not and endswith are advanced. */
function needsEventual(filter: Filter): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return needsEventual(filter.left) || needsEventual(filter.right);
    case 'not':
      return true;
    case 'compare':
      return filter.op === 'ne';
    case 'text':
      return filter.name === 'endswith';
    case 'any':
      return needsEventual(filter.inner);
    case 'in':
    case 'call':
      return false;
  }
}

function refuseFunction(name: string): never {
  throw new Failure(400, 'BadRequest', `Invalid filter clause: an unknown function with name '${name}' was found.`);
}

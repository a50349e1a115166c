import { armKey, isAtOrBelow, managementGroupPrefix, subscriptionOf } from './arm-id.ts';
import { listAt, textAt, type JsonObject } from './json.ts';
import { invalidRequest, resourceGraphFailure } from './resource-graph-failure.ts';
import type { World } from './world.ts';

const filters = ['AtScopeAndBelow', 'AtScopeAndAbove', 'AtScopeAboveAndBelow', 'AtScopeExact'] as const;
type ScopeFilter = (typeof filters)[number];

/**
 * Which rows a query may see: `subscriptions` XOR `managementGroups` XOR neither (the tenant). What the caller may not read is left out without a word, as Azure does; only a query all
 * of whose subscriptions are unreadable is refused. `authorizationScopeFilter` widens or narrows authorizationresources and policyresources only; its default hides what a
 * subscription inherits from the groups above.
 */
export function resourceGraphScope(world: World, body: JsonObject): (table: string, rows: Iterable<JsonObject>) => Iterable<JsonObject> {
  const subscriptions = namesOf(body, 'subscriptions').map((name) => `/subscriptions/${name.toLowerCase()}`);
  const groups = namesOf(body, 'managementGroups').map((name) => `${managementGroupPrefix}${name.toLowerCase()}`);
  if (subscriptions.length > 0 && groups.length > 0)
    throw invalidRequest('BadRequest', 'Only one of subscriptions and managementGroups can be given in one query.');
  const filter = filterOf(body);
  const scopes = [...subscriptions, ...groups];
  refuseUnreadable(world, subscriptions, groups);
  const wholeTenant = scopes.length === 0 && (filter === 'AtScopeAndBelow' || filter === 'AtScopeAboveAndBelow');
  if (wholeTenant && !world.denied.arm) return (_, rows) => rows;

  const inScope = judge(world, scopes, filter);
  const seen = new Map<string, boolean>();
  return function* (table, rows) {
    const filtered = table === 'authorizationresources' || table === 'policyresources';
    for (const row of rows) {
      if (world.denied.arm && world.denied.readOf(textAt(row, 'type') ?? '')) continue;
      const key = placeOf(row);
      if (world.denied.arm && world.denied.armAt(key, world.tree().ancestors(key))) continue;
      if (filtered && isEverywhere(row)) {
        yield row;
        continue;
      }
      // Where a row lies is a matter of its subscription or group, except for the exact filter: few places, many rows.
      const place = filtered && filter !== 'AtScopeAndBelow' ? key : (containerOf(key) ?? key);
      const memo = `${filtered ? 'a' : 'r'}${place}`;
      let answer = seen.get(memo);
      if (answer === undefined) {
        answer = inScope(place, filtered);
        if (seen.size < 100_000) seen.set(memo, answer);
      }
      if (answer) yield row;
    }
  };
}

function judge(world: World, scopes: readonly string[], filter: ScopeFilter): (key: string, filtered: boolean) => boolean {
  const asked = scopes.length === 0 ? ['/'] : scopes;
  const below = (key: string): boolean => asked.some((scope) => isAtOrBelow(key, scope) || world.tree().ancestors(key).includes(scope));
  const at = (key: string): boolean => asked.includes(key);
  const above = (key: string): boolean =>
    asked.some((scope) => scope !== key && (key === '/' || world.tree().ancestors(scope).includes(key)));
  return (key, filtered) => {
    if (!filtered) return below(key);
    switch (filter) {
      case 'AtScopeAndBelow':
        return below(key);
      case 'AtScopeAndAbove':
        return at(key) || above(key);
      case 'AtScopeAboveAndBelow':
        return below(key) || above(key);
      case 'AtScopeExact':
        return at(key);
    }
  };
}

/** The scope a row belongs to, in comparison form. An assignment says it itself; anything else lies where its id says. */
function placeOf(row: JsonObject): string {
  const id = armKey(textAt(row, 'id') ?? '');
  if (id.includes('/providers/microsoft.authorization/')) {
    const scope = textAt(row, 'properties', 'scope');
    if (scope !== undefined && scope !== '') return armKey(scope);
    return armKey(id.slice(0, id.lastIndexOf('/providers/microsoft.authorization/')));
  }
  if (id !== '/') return id.startsWith('/subscriptions/') || id.startsWith(managementGroupPrefix) ? id : (subscriptionColumn(row) ?? id);
  return subscriptionColumn(row) ?? '/';
}

function subscriptionColumn(row: JsonObject): string | undefined {
  const subscription = textAt(row, 'subscriptionId');
  return subscription === undefined || subscription === '' ? undefined : `/subscriptions/${subscription.toLowerCase()}`;
}

function containerOf(key: string): string | undefined {
  const subscription = subscriptionOf(key);
  if (subscription !== undefined) return `/subscriptions/${subscription}`;
  return key.startsWith(managementGroupPrefix)
    ? managementGroupPrefix + key.slice(managementGroupPrefix.length).split('/', 1)[0]
    : undefined;
}

/** Built-in role and policy definitions belong to no scope: every query sees them. */
function isEverywhere(row: JsonObject): boolean {
  const id = armKey(textAt(row, 'id') ?? '');
  return /^\/providers\/microsoft\.authorization\/(roledefinitions|policydefinitions|policysetdefinitions)\//.test(id);
}

function refuseUnreadable(world: World, subscriptions: readonly string[], groups: readonly string[]): void {
  const readable = (scope: string): boolean => !world.denied.armAt(scope, world.tree().ancestors(scope));
  if (subscriptions.length > 0) {
    const known = new Set(world.tree().subscriptions.map((row) => armKey(textAt(row, 'id') ?? '')));
    // A world without containers knows its subscriptions only by their rows: then none can be called unknown.
    if (!subscriptions.some((scope) => readable(scope) && (known.size === 0 || known.has(scope))))
      throw accessDenied('None of the given subscriptions can be read by this caller.');
  }
  if (groups.length > 0) {
    const known = new Set(world.tree().managementGroups.map((row) => armKey(textAt(row, 'id') ?? '')));
    if (!groups.some((scope) => readable(scope) && (known.size === 0 || known.has(scope))))
      throw accessDenied('None of the given management groups can be read by this caller.');
  }
}

const accessDenied = (message: string) => resourceGraphFailure(403, 'AccessDenied', [{ code: 'AccessDenied', message }]);

function namesOf(body: JsonObject, field: string): readonly string[] {
  const value = body[field];
  if (value === undefined || value === null) return [];
  const names = listAt(body, field);
  if (!Array.isArray(value) || !names.every((name) => typeof name === 'string' && name !== ''))
    throw invalidRequest('BadRequest', `${field} must be an array of ids.`);
  return names.filter((name) => typeof name === 'string');
}

function filterOf(body: JsonObject): ScopeFilter {
  const given = textAt(body, 'options', 'authorizationScopeFilter');
  if (given === undefined) return 'AtScopeAndBelow';
  const filter = filters.find((one) => one.toLowerCase() === given.toLowerCase());
  if (filter === undefined) throw invalidRequest('BadRequest', `authorizationScopeFilter '${given}' is not one of ${filters.join(', ')}.`);
  return filter;
}

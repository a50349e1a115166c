import type { Relation } from './authorization.ts';
import type { Caller } from './bearer.ts';
import { Failure } from './failure.ts';
import { conjuncts, parseFilter, type Filter } from './filter.ts';
import { listAt, textAt, type JsonObject } from './json.ts';
import { groupsAbove } from './membership.ts';
import type { World } from './world.ts';

type Condition = (object: JsonObject, relation: Relation) => boolean;

/** The `$filter` forms of Microsoft.Authorization: `atScope()`, `assignedTo('…')`, `asTarget()`, `principalId eq '…'`, `roleName eq '…'`, `type eq '…'`, joined by `and`. Others are refused by name. */
export function conditionOf(world: World, kind: string, text: string | null, caller: Caller): Condition {
  if (text === null || text.trim() === '') return () => true;
  const conditions = conjuncts(parseFilter(text)).map((part) => {
    const condition = kind.toLowerCase() === 'roledefinitions' ? definitionCondition(part) : assignmentCondition(world, part, caller);
    if (condition === undefined) throw unsupported(kind, text);
    return condition;
  });
  return (object, relation) => conditions.every((condition) => condition(object, relation));
}

function assignmentCondition(world: World, part: Filter, caller: Caller): Condition | undefined {
  if (part.kind === 'call') {
    const name = part.name.toLowerCase();
    const [value] = part.values;
    if (name === 'atscope' && part.values.length === 0) return (_, relation) => relation !== 'below';
    if (name === 'astarget' && part.values.length === 0)
      return heldBy(new Set([caller.objectId.toLowerCase(), ...groupsAbove(world, caller.objectId)]));
    if (name === 'assignedto' && typeof value === 'string') return heldBy(new Set([value.toLowerCase(), ...groupsAbove(world, value)]));
    return undefined;
  }
  if (part.kind === 'compare' && part.op === 'eq' && part.path.toLowerCase() === 'principalid' && typeof part.value === 'string')
    return heldBy(new Set([part.value.toLowerCase()]));
  return undefined;
}

function definitionCondition(part: Filter): Condition | undefined {
  if (part.kind === 'call') {
    const name = part.name.toLowerCase();
    if (name === 'atscopeandbelow' && part.values.length === 0) return () => true;
    return name === 'atscope' && part.values.length === 0 ? (_, relation) => relation !== 'below' : undefined;
  }
  if (part.kind !== 'compare' || part.op !== 'eq' || typeof part.value !== 'string') return undefined;
  const wanted = part.value.toLowerCase();
  const field = part.path.toLowerCase();
  if (field !== 'rolename' && field !== 'type') return undefined;
  return (role) => textAt(role, 'properties', field === 'type' ? 'type' : 'roleName')?.toLowerCase() === wanted;
}

/** Deny assignments name several principals, everything else one. */
function heldBy(principals: ReadonlySet<string>): Condition {
  return (object) => {
    const principal = textAt(object, 'properties', 'principalId');
    if (principal !== undefined) return principals.has(principal.toLowerCase());
    return listAt(object, 'properties', 'principals').some((one) => principals.has(textAt(one, 'id')?.toLowerCase() ?? ''));
  };
}

function unsupported(kind: string, text: string): Failure {
  const forms =
    kind.toLowerCase() === 'roledefinitions'
      ? "'atScopeAndBelow()', 'roleName eq '{value}'' or 'type eq '{value}''"
      : "'atScope()' or 'principalId eq '{value}'' or 'assignedTo('{value}')'";
  return new Failure(400, 'UnsupportedFilter', `The filter '${text}' is not supported. Supported filters are either ${forms}.`);
}

import type { Attribute, Condition } from './condition-text.ts';

/**
 * Which roles a condition on role assignments lets its holder hand out: an upper bound, so that a list is never believed to be shorter
 * than it is. `exact` bounds may be turned round by a `not`; others may not.
 */
export type Bound =
  | { readonly kind: 'any'; readonly exact: false }
  | { readonly kind: 'only' | 'except'; readonly roles: ReadonlySet<string>; readonly exact: boolean };

const any: Bound = { kind: 'any', exact: false };

export function roleBound(condition: Condition): Bound {
  switch (condition.kind) {
    case 'and':
      return condition.of.map(roleBound).reduce(intersect);
    case 'or':
      return condition.of.map(roleBound).reduce(unite);
    case 'not':
      return turn(roleBound(condition.of));
    case 'test':
      return roleTest(condition);
    case 'action':
    case 'suboperation':
    case 'exists':
      return any;
  }
}

function roleTest({ attribute, operator, quantifier, values }: Condition & { kind: 'test' }): Bound {
  if (attribute.name !== 'microsoft.authorization/roleassignments:roledefinitionid' || !isList(values)) return any;
  const roles = new Set(values.map(guid));
  if (operator === 'guidequals') return { kind: 'only', roles, exact: roles.size === 1 || !quantifier.endsWith('ofallvalues') };
  // "Differs from any of several" is always true; the portal writes ForAnyOfAllValues. Either way a deny-list, but only one of them binds.
  if (operator === 'guidnotequals') return { kind: 'except', roles, exact: roles.size === 1 || quantifier.endsWith('ofallvalues') };
  return any;
}

function turn(bound: Bound): Bound {
  if (!bound.exact) return any;
  return { ...bound, kind: bound.kind === 'only' ? 'except' : 'only' };
}

function intersect(one: Bound, other: Bound): Bound {
  if (one.kind === 'any') return loosen(other);
  if (other.kind === 'any') return loosen(one);
  const exact = one.exact && other.exact;
  if (one.kind === 'only' && other.kind === 'only') return { kind: 'only', roles: one.roles.intersection(other.roles), exact };
  if (one.kind === 'except' && other.kind === 'except') return { kind: 'except', roles: one.roles.union(other.roles), exact };
  const [only, except] = one.kind === 'only' ? [one, other] : [other, one];
  return { kind: 'only', roles: except.exact ? only.roles.difference(except.roles) : only.roles, exact };
}

function unite(one: Bound, other: Bound): Bound {
  if (one.kind === 'any' || other.kind === 'any') return any;
  const exact = one.exact && other.exact;
  if (one.kind === 'only' && other.kind === 'only') return { kind: 'only', roles: one.roles.union(other.roles), exact };
  if (one.kind === 'except' && other.kind === 'except') return { kind: 'except', roles: one.roles.intersection(other.roles), exact };
  const [only, except] = one.kind === 'only' ? [one, other] : [other, one];
  return { kind: 'except', roles: except.roles.difference(only.roles), exact };
}

const loosen = (bound: Bound): Bound => (bound.kind === 'any' ? bound : { ...bound, exact: false });

const isList = (values: readonly string[] | Attribute): values is readonly string[] => Array.isArray(values);

/** Role ids in conditions come with and without dashes. */
const guid = (value: string): string =>
  value
    .toLowerCase()
    .replaceAll('-', '')
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

import type { ResourceKey } from '../estate/index.ts';
import type { ConditionEffect } from './answer.ts';
import { parseCondition, type Attribute, type Condition } from './condition-text.ts';
import { glob } from './glob.ts';

/** What is known of a call when a condition is read. `on` is absent where a rule asks about any target. */
export interface Call {
  /** Operation in lower case. */
  readonly action: string;
  readonly on?: ResourceKey | undefined;
}

/** `never`: whatever the request holds, the condition refuses this call. */
export type Effect = ConditionEffect | { readonly kind: 'never'; readonly text: string };

/** What conditions leave of a call; all of them must hold. The same text is parsed once per reader. */
export type EffectOf = (texts: readonly (string | undefined)[], call: Call) => Effect;

export function openConditions(): EffectOf {
  const parsed = new Map<string, Condition | undefined>();
  const parse = (text: string): Condition | undefined => {
    if (!parsed.has(text)) parsed.set(text, parseCondition(text));
    return parsed.get(text);
  };
  return (texts, call) => {
    const written = texts.filter((text) => text !== undefined && text.trim() !== '') as string[];
    return written.map((text) => effectOf(text, parse(text), call)).reduce(both, { kind: 'none' });
  };
}

/** From the freest to the tightest; what is not understood narrows nothing, so it counts as hardly narrower than nothing. */
const tightness = {
  none: 0,
  'not-applicable': 1,
  'not-understood': 2,
  'deny-list': 3,
  attributes: 4,
  'allow-list': 5,
  never: 6,
} as const satisfies Record<Effect['kind'], number>;

export const freest = (one: Effect, other: Effect): Effect => (tightness[other.kind] < tightness[one.kind] ? other : one);

function both(one: Effect, other: Effect): Effect {
  if (one.kind === 'allow-list' && other.kind === 'allow-list') {
    return { kind: 'allow-list', text: `${one.text} AND ${other.text}`, roles: one.roles.filter((role) => other.roles.includes(role)) };
  }
  return tightness[other.kind] > tightness[one.kind] ? other : one;
}

function effectOf(text: string, condition: Condition | undefined, call: Call): Effect {
  if (condition === undefined) return { kind: 'not-understood', text };
  const rest = reduce(condition, call);
  if (rest === true) return { kind: 'not-applicable', text };
  if (rest === false) return { kind: 'never', text };
  const bound = roleBound(rest);
  switch (bound.kind) {
    case 'only':
      return { kind: 'allow-list', text, roles: [...bound.roles] };
    case 'except':
      return { kind: 'deny-list', text, roles: [...bound.roles] };
    case 'any':
      return { kind: 'attributes', text, attributes: [...new Set(attributesOf(rest))] };
  }
}

/** The condition with everything decided that the call decides; what is left depends on the request. */
function reduce(condition: Condition, call: Call): Condition | boolean {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const settling = condition.kind === 'or';
      const parts = condition.of.map((part) => reduce(part, call));
      if (parts.includes(settling)) return settling;
      const open = parts.filter((part) => typeof part !== 'boolean');
      return open.length === 0 ? !settling : { kind: condition.kind, of: open };
    }
    case 'not': {
      const of = reduce(condition.of, call);
      return typeof of === 'boolean' ? !of : { kind: 'not', of };
    }
    case 'action':
      return glob(condition.pattern)(call.action);
    case 'test':
      return containerTest(condition, call) ?? condition;
    case 'suboperation':
    case 'exists':
      return condition;
  }
}

/** The one attribute that the target itself tells: the name of a blob container. Names of containers are lower case by rule. */
function containerTest({ attribute, operator, quantifier, values }: Condition & { kind: 'test' }, { on }: Call): boolean | undefined {
  if (attribute.source !== 'resource' || attribute.name !== 'microsoft.storage/storageaccounts/blobservices/containers:name')
    return undefined;
  const name = on === undefined ? undefined : /\/blobservices\/default\/containers\/([^/]+)/.exec(on)?.[1];
  if (name === undefined || !Array.isArray(values)) return undefined;
  const matches = (stringTests as Readonly<Record<string, (name: string, value: string) => boolean>>)[operator];
  if (matches === undefined) return undefined;
  return quantifier.endsWith('ofallvalues')
    ? values.every((value: string) => matches(name, value))
    : values.some((value: string) => matches(name, value));
}

const stringTests = {
  stringequals: (name, value) => name === value,
  stringequalsignorecase: (name, value) => name === value.toLowerCase(),
  stringstartswith: (name, value) => name.startsWith(value),
  stringnotequals: (name, value) => name !== value,
} satisfies Record<string, (name: string, value: string) => boolean>;

/**
 * Which roles a condition on role assignments lets its holder hand out: an upper bound, so that a list is never believed to be shorter
 * than it is. `exact` bounds may be turned round by a `not`; others may not.
 */
type Bound =
  | { readonly kind: 'any'; readonly exact: false }
  | { readonly kind: 'only' | 'except'; readonly roles: ReadonlySet<string>; readonly exact: boolean };

const any: Bound = { kind: 'any', exact: false };

function roleBound(condition: Condition): Bound {
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

function attributesOf(condition: Condition): string[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.of.flatMap(attributesOf);
    case 'not':
      return attributesOf(condition.of);
    case 'test':
    case 'exists':
      return [`@${condition.attribute.source}[${condition.attribute.name}]`];
    case 'suboperation':
      return [`sub-operation ${condition.names.join(', ')}`];
    case 'action':
      return [];
  }
}

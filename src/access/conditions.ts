import type { ResourceKey } from '../estate/index.ts';
import type { ConditionEffect } from './answer.ts';
import { parseCondition, type Condition } from './condition-text.ts';
import { glob } from './glob.ts';
import { roleBound } from './role-bound.ts';

/** What is known of a call when a condition is read. `on` is absent where a rule asks about any target. */
export interface Call {
  /** Operation in lower case. */
  readonly action: string;
  readonly on?: ResourceKey | undefined;
}

/** A call on one target, on one plane. */
export interface Asked extends Call {
  readonly on: ResourceKey;
  readonly data: boolean;
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

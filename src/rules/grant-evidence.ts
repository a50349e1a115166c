import type { ConditionEffect } from '../access/index.ts';
import { principalId } from '../estate/index.ts';
import type { HeldGrant } from './held-grant.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { Provenance } from './provenance.ts';
import type { RuleInput } from './rule.ts';
import type { Confidence, Evidence } from './violation.ts';

const patternsNamed = 8;

/** The facts that a finding about a grant rests on: what it allows, where, through whom, under which condition, made when and by whom. */
export function grantEvidence(
  input: RuleInput,
  held: HeldGrant,
  allows: readonly string[],
  provenance: Provenance | undefined,
): readonly Evidence[] {
  const { assignment, role, groups } = held;
  return [
    fact(
      'role',
      `${role.name} (${role.id}), ${role.custom ? 'custom' : 'built-in'}${role.source === 'built-in-list' ? '; Azure did not show its definition, taken from the list of built-in roles' : ''}`,
    ),
    fact('allows', named(allows)),
    fact('scope', assignment.scopeId),
    ...groups.map((group) => ({ label: 'through group', value: nameOf(principalRef(input, group)), source: 'graph' as const })),
    ...(assignment.condition ? [fact('condition', assignment.condition)] : []),
    fact('made', madeBy(input, held)),
    ...(provenance === undefined ? [] : [fact('provenance', provenance.text)]),
  ];
}

/** `2026-01-15T09:00:00Z by deployer (1f…)`; Azure leaves either one empty now and then. */
export function madeBy(input: RuleInput, { assignment: { createdAt, createdBy } }: HeldGrant): string {
  const by = createdBy ? nameOf(principalRef(input, principalId(createdBy))) : 'somebody Azure did not store';
  return `${createdAt ?? 'on a day Azure did not store'} by ${by}`;
}

/** Sure unless something stands in between that we could not read or do not understand. */
export function grantConfidence({ role }: HeldGrant, effects: readonly ConditionEffect[]): Confidence {
  return role.source === 'built-in-list' || effects.some(({ kind }) => kind === 'not-understood') ? 'likely' : 'certain';
}

const fact = (label: string, value: string): Evidence => ({ label, value, source: 'resource-graph' });

function named(patterns: readonly string[]): string {
  const more = patterns.length - patternsNamed;
  return `${patterns.slice(0, patternsNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

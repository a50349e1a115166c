import type { DenyAssignment, PrincipalId } from '../estate/index.ts';
import { compile } from './blocks.ts';
import type { Asked, EffectOf } from './conditions.ts';

/** The all-zero principal of type SystemDefined: everyone. https://learn.microsoft.com/azure/role-based-access-control/deny-assignments */
const everyone = '00000000-0000-0000-0000-000000000000' as PrincipalId;

export type Denial = { readonly deny: DenyAssignment; readonly certain: boolean };

/** Deny assignments that refuse a call to any of the ids a principal goes by (itself and its groups). */
export function deniesOf(
  denyAssignments: readonly DenyAssignment[],
  ids: ReadonlySet<PrincipalId>,
  call: Asked,
  within: (deny: DenyAssignment) => boolean,
  effectOf: EffectOf,
): readonly Denial[] {
  return denyAssignments.flatMap((deny) => {
    if (!reaches(deny, ids) || !within(deny)) return [];
    const strength = strengthOf(deny, call, effectOf);
    return strength === 'none' ? [] : [{ deny, certain: strength === 'certain' }];
  });
}

function reaches({ principals, excludePrincipals }: DenyAssignment, ids: ReadonlySet<PrincipalId>): boolean {
  return principals.some((id) => id === everyone || ids.has(id)) && !excludePrincipals.some((id) => ids.has(id));
}

function strengthOf(deny: DenyAssignment, call: Asked, effectOf: EffectOf): 'certain' | 'perhaps' | 'none' {
  const effects = deny.blocks
    .filter((block) => compile(block).allows(call.action, call.data))
    .map(({ condition }) => effectOf([condition], call).kind);
  if (effects.some((kind) => kind === 'none' || kind === 'not-applicable')) return 'certain';
  return effects.some((kind) => kind !== 'never') ? 'perhaps' : 'none';
}

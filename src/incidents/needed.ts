import type { Access, Answer } from '../access/index.ts';
import type { Denial, Service } from '../denials/index.ts';
import type { Estate, PrincipalId, ResourceKey } from '../estate/index.ts';
import { leastRoles, type ProposedRole } from './operations/least-role.ts';
import { requiredActions, type RequiredAction } from './operations/required-action.ts';
import { refusedBy } from './refused-by.ts';
import { targetOf, type Target } from './target.ts';

/** One thing that the refused calls needed on one target, with the evaluator's answer for the failing principal. */
export interface Needed extends RequiredAction {
  readonly service: Service;
  readonly operation: string;
  readonly target: Target | undefined;
  /** Where exactly it was asked for: the target, or the part of it that the log names and a grant is made on. */
  readonly on: ResourceKey | undefined;
  readonly answer: Answer | undefined;
}

/** What to grant where: the least roles for what a target refused. */
export interface Proposal {
  readonly target: Target;
  readonly roles: readonly ProposedRole[];
}

/** A scene with more would take longer to read than to solve. */
const neededMax = 60;

export function neededOf(
  denials: readonly Denial[],
  principal: PrincipalId | undefined,
  estate: Estate,
  access: Access,
): readonly Needed[] {
  const found = new Map<string, Needed>();
  const grants = principal === undefined ? [] : access.grantsOf(principal);
  for (const denial of denials) {
    const target = targetOf(denial, estate);
    for (const { action, data } of requiredActions(denial)) {
      const on = target && partOf(target, denial, [...grants.map((grant) => grant.assignment), ...nativeOf(principal, estate)]);
      const key = `${action.toLowerCase()} ${on ?? denial.target.toLowerCase()}`;
      if (found.size >= neededMax || found.has(key)) continue;
      const answer = principal === undefined || on === undefined ? undefined : access.may({ principal, action, data, on });
      found.set(key, { service: refusedBy(denial), operation: denial.operation, action, data, target, on, answer });
    }
  }
  return [...found.values()];
}

export function proposalsFor(needed: readonly Needed[]): readonly Proposal[] {
  const byTarget = new Map<ResourceKey, { readonly target: Target; readonly refused: Needed[] }>();
  for (const one of needed) {
    if (one.target === undefined || one.answer?.verdict === 'allowed') continue;
    const entry = byTarget.get(one.target.key) ?? { target: one.target, refused: [] };
    entry.refused.push(one);
    byTarget.set(one.target.key, entry);
  }
  return [...byTarget.values()].map(({ target, refused }) => ({ target, roles: leastRoles(refused[0]!.service, refused) }));
}

/** A grant on one queue or container is no grant on the namespace or account, and it is all that a call to that queue needs. */
function partOf(target: Target, { object }: Denial, grants: readonly { readonly scope: ResourceKey }[]): ResourceKey {
  const names = new Set(
    object
      .toLowerCase()
      .split(/[/\\;:?]/)
      .filter(Boolean),
  );
  const below = grants.map(({ scope }) => scope).filter((scope) => scope.startsWith(`${target.key}/`));
  return below.find((scope) => names.has(scope.slice(scope.lastIndexOf('/') + 1))) ?? target.key;
}

const nativeOf = (principal: PrincipalId | undefined, { nativeRoleAssignments }: Estate): readonly { readonly scope: ResourceKey }[] =>
  nativeRoleAssignments?.filter((one) => one.principalId === principal) ?? [];

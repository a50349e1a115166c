import type { Principal, PrincipalId } from '../estate/index.ts';
import { indexOf } from './estate-index.ts';
import type { RuleInput } from './rule.ts';
import type { RuleSettings } from './settings.ts';
import type { PrincipalRef } from './violation.ts';

/**
 * Who a principal id is: from the estate, then the directory, then what earlier runs remembered. An id that nobody knows stays
 * `unknown`; the `principalType` of an assignment is a hint that Azure stored and is never asked.
 *
 * Reads `identities`, `principals` and `deletedPrincipals`: rules that use it for names alone declare them as `hint`.
 */
export function principalRef({ estate, memory }: Pick<RuleInput, 'estate' | 'memory'>, id: PrincipalId): PrincipalRef {
  const identity = indexOf(estate).identityByPrincipal.get(id);
  if (identity !== undefined) {
    return { id, kind: identity.kind, name: identity.name, resourceId: identity.resourceId, clientId: identity.clientId ?? '' };
  }
  const found = estate.directory.found.get(id);
  if (found !== undefined) {
    return {
      id,
      kind: kindOf(found),
      name: found.displayName ?? lastName(found.resourceId),
      resourceId: found.resourceId ?? '',
      clientId: found.clientId ?? '',
    };
  }
  const remembered = memory.lastSeen.get(id);
  const deleted = estate.directory.deleted.get(id);
  return {
    id,
    kind: remembered?.kind ?? 'unknown',
    name: deleted?.displayName ?? remembered?.name ?? lastName(deleted?.resourceId),
    resourceId: remembered?.resourceId ?? deleted?.resourceId ?? '',
    clientId: deleted?.clientId ?? '',
  };
}

/** For sentences: the name where there is one, always with the id, since names can be chosen to deceive. */
export const nameOf = (ref: PrincipalRef): string => (ref.name === '' ? `principal ${ref.id}` : `${ref.name} (${ref.id})`);

/** `grp-inner (4e…) in grp-outer (9a…)`: groups between a member and its grant, nearest first. */
export const groupsNamed = (input: RuleInput, groups: readonly PrincipalId[]): string =>
  groups
    .map((group) => principalRef(input, group))
    .map((ref) => (ref.name === '' ? ref.id : nameOf(ref)))
    .join(' in ');

/**
 * Are this principal's grants judged (`AUDIT_PRINCIPALS`)? A principal whose kind we could not see is judged only when all are: without
 * the directory, the gap in `principals` says so. Orphans are judged whoever they were.
 */
export function ofConcern(ref: PrincipalRef, settings: RuleSettings): boolean {
  switch (settings.principals) {
    case 'managed-identities':
      return ref.kind === 'system-assigned' || ref.kind === 'user-assigned';
    case 'workloads':
      return ref.kind === 'system-assigned' || ref.kind === 'user-assigned' || ref.kind === 'application';
    case 'all':
      return true;
  }
}

const judged = new WeakMap<RuleInput, Map<PrincipalId, PrincipalRef | undefined>>();

/** The principal if its grants are judged. Remembered, because several rules ask about the same few thousand. */
export function judgedPrincipal(input: RuleInput, id: PrincipalId): PrincipalRef | undefined {
  let refs = judged.get(input);
  if (refs === undefined) judged.set(input, (refs = new Map()));
  let ref = refs.get(id);
  if (ref === undefined && !refs.has(id)) {
    const found = principalRef(input, id);
    ref = ofConcern(found, input.settings) ? found : undefined;
    refs.set(id, ref);
  }
  return ref;
}

function kindOf(principal: Principal): PrincipalRef['kind'] {
  switch (principal.kind) {
    case 'managed-identity':
      // `isExplicit=False` is a system-assigned identity (servicePrincipal.alternativeNames). Without it the resource's type tells.
      if (principal.isExplicit !== undefined) return principal.isExplicit ? 'user-assigned' : 'system-assigned';
      return principal.resourceId !== undefined && !isUserAssigned(principal.resourceId) ? 'system-assigned' : 'user-assigned';
    case 'application':
      return 'application';
    case 'user':
      return 'user';
    case 'group':
      return 'group';
    case 'partner':
      return 'foreign';
    case 'device':
    case 'other':
    case 'limited':
      return 'unknown';
  }
}

const isUserAssigned = (resourceId: string): boolean =>
  /\/providers\/microsoft\.managedidentity\/userassignedidentities\/[^/]+$/i.test(resourceId);

const lastName = (id: string | undefined): string => (id === undefined ? '' : id.slice(id.lastIndexOf('/') + 1));

import type { Assignment, Directory, Host, PrincipalId, Vault } from '../estate/index.ts';
import type { CollectMemory, CollectScope } from '../ports/index.ts';

/** What the rows of the first pass make it necessary to ask next. */

/** Principals of assignments and of access policies in our own tenant, with the type that Azure stored for them. */
export function principalsToAsk(
  assignments: readonly Assignment[],
  vaults: readonly Vault[],
  tenantId: string,
): ReadonlyMap<PrincipalId, string> {
  const principals = new Map<PrincipalId, string>();
  for (const { principalId, principalType } of assignments) {
    if ((principals.get(principalId) ?? '') === '') principals.set(principalId, principalType);
  }
  for (const policy of vaults.flatMap((vault) => vault.policies)) {
    const foreign = tenantId !== '' && policy.tenantId !== '' && policy.tenantId.toLowerCase() !== tenantId;
    if (!foreign && !principals.has(policy.objectId)) principals.set(policy.objectId, '');
  }
  return principals;
}

/** Groups that hold assignments, and those among `besides`: by the directory, or by the stored type where the directory gave no answer. */
export function groupsOf(
  assignments: readonly Assignment[],
  directory: Directory,
  besides: readonly PrincipalId[] = [],
): readonly PrincipalId[] {
  const groups = new Set<PrincipalId>(besides.filter((id) => directory.found.get(id)?.kind === 'group'));
  for (const { principalId, principalType } of assignments) {
    const found = directory.found.get(principalId);
    const byHint = found === undefined && directory.unresolved.has(principalId) && principalType.toLowerCase() === 'group';
    if (found?.kind === 'group' || byHint) groups.add(principalId);
  }
  return [...groups];
}

/** Whether an assignment's principal is in no list at all, as far as that can mean a deletion. */
export function isSuspect(directory: Directory): (assignment: Assignment) => boolean {
  if (directory.canary !== 'visible') return () => false;
  return ({ principalId, principalType, delegatedManagedIdentityResourceId }) =>
    delegatedManagedIdentityResourceId === undefined &&
    principalType.toLowerCase() !== 'foreigngroup' &&
    directory.asked.has(principalId) &&
    !directory.found.has(principalId) &&
    !directory.deleted.has(principalId) &&
    !directory.unresolved.has(principalId);
}

/** Subscriptions that something knows of, with what that is, as a clause. Lower case; the most telling source first. */
export function expectedSubscriptions(known: {
  readonly scope: CollectScope;
  readonly whole: boolean;
  readonly listed: ReadonlySet<string>;
  readonly memory: CollectMemory;
  readonly assignments: readonly Assignment[];
  readonly hosts: readonly Host[];
  readonly directory: Directory;
}): ReadonlyMap<string, string> {
  const expected = new Map<string, string>();
  const expect = (id: string | undefined, reason: string) => {
    if (id !== undefined && id !== '' && !expected.has(id)) expected.set(id, reason);
  };
  for (const given of known.scope.subscriptions) expect(subscriptionIn(given) ?? given.trim().toLowerCase(), 'which the settings name');
  // An audit of a part of the tenant has nothing to say about the rest.
  if (!known.whole) return expected;
  for (const id of known.listed) expect(id, 'which Azure lists for the auditor');
  for (const id of known.memory.subscriptions) expect(id, 'which an earlier run saw');
  for (const { scope } of known.assignments) expect(subscriptionIn(scope), 'in which an assignment lies');
  for (const { userAssigned } of known.hosts) {
    for (const { key } of userAssigned) expect(subscriptionIn(key), 'in which an attached identity lies');
  }
  for (const { resourceId } of known.directory.found.values())
    expect(subscriptionIn(resourceId ?? ''), 'in which the owner of an identity lies');
  return expected;
}

const subscriptionIn = (id: string): string | undefined => /^\/subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase();

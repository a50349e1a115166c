import { resourceKey, roleId, type ResourceKey } from '../estate/index.ts';
import type { Change } from '../incidents/index.ts';
import {
  callerKey,
  grantKey,
  identityOfCredential,
  isYoung,
  scopeOfAssignment,
  type GrantMemory,
  type MadeGrant,
  type RemovedGrant,
} from '../rules/index.ts';
import { cameBack } from './came-back.ts';
import { grantOf, isNarrow } from './grant-of-change.ts';

export interface Followed {
  readonly memory: GrantMemory;
  /** True: something changed that only the estate can grade. Otherwise the pass needs no estate. */
  readonly asks: boolean;
  /** Identities whose federated credentials are to be read now. */
  readonly identities: ReadonlySet<ResourceKey>;
  /** Grants that had to be forgotten although they are followed. */
  readonly dropped: number;
}

interface Settings {
  readonly replicationWindowMinutes: number;
}

/** Limits of what is remembered; the quiet and the oldest leave first. */
const grantsMax = 5_000;
const removalsMax = 5_000;
const callersMax = 5_000;
/** Logs are read again for as long: what was looked at and forgotten must not look new. */
const quietDays = 3;
const dayMs = 86_400_000;

/**
 * What the watch remembers about grants × what the logs say now. Changes may come twice, late and in any order: a grant is known by its id, a removal
 * by its id and instant, and a creation within the hour after a removal of the same grant is no grant but the same one again.
 */
export function followGrants(before: GrantMemory, changes: readonly Change[], now: string, settings: Settings): Followed {
  const state: State = {
    grants: new Map(before.grants.map((grant) => [grantKey(grant), grant])),
    removals: new Map(before.removals.map((removal) => [removalKey(removal), removal])),
    callers: new Map(before.callers),
    known: new Set(before.grants.map(grantKey)),
    asks: false,
  };
  const succeeded = changes.filter((change) => change.succeeded).toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  for (const change of succeeded) take(state, change);
  const isNew = (grant: MadeGrant): boolean => !state.known.has(grantKey(grant));
  const { kept, dropped } = bounded([...state.grants.values()].filter((grant) => !(grant.quiet && olderThan(grant.at, quietDays, now))));
  return {
    memory: {
      ...before,
      grants: kept,
      removals: [...state.removals.values()].filter(({ at }) => !olderThan(at, quietDays, now)).slice(-removalsMax),
      callers: new Map([...state.callers].toSorted(([, a], [, b]) => Date.parse(a) - Date.parse(b)).slice(-callersMax)),
    },
    asks: state.asks || kept.some((grant) => isNew(grant) || isOverdue(grant, now, settings)),
    identities: identitiesToRead(kept),
    dropped,
  };
}

/** Identities that got a federated credential which is followed. */
export const identitiesToRead = (grants: readonly MadeGrant[]): ReadonlySet<ResourceKey> =>
  new Set(grants.filter(({ kind, quiet }) => kind === 'federated-credential' && quiet !== true).map(({ id }) => identityOfCredential(id)));

interface State {
  readonly grants: Map<string, MadeGrant>;
  readonly removals: Map<string, RemovedGrant>;
  readonly callers: Map<string, string>;
  /** Followed before this pass. */
  readonly known: ReadonlySet<string>;
  /** Something became of a grant that was followed before. */
  asks: boolean;
}

function take(state: State, change: Change): void {
  switch (change.kind) {
    case 'assignment-made':
    case 'federated-credential-written':
    case 'access-elevated':
      return made(state, grantOf(change, change.kind));
    case 'assignment-removed':
    case 'federated-credential-removed':
      return removed(state, change, change.kind === 'assignment-removed' ? 'assignment' : 'federated-credential');
    case 'role-definition-changed':
      // A role that grows makes every grant of it grow.
      if ([...state.grants.values()].some((grant) => grant.roleId !== '' && grant.roleId === roleId(change.resourceId))) state.asks = true;
      return;
    case 'identity-written':
    case 'identity-removed':
    case 'identity-attached':
    case 'vault-written':
    case 'vault-policy-written':
    case 'network-changed':
    case 'host-written':
    case 'lock-written':
    case 'policy-written':
      return;
  }
}

function made(state: State, grant: MadeGrant): void {
  const by = callerKey(grant);
  const first = state.callers.get(by);
  if (by !== '' && (first === undefined || Date.parse(grant.at) < Date.parse(first))) state.callers.set(by, grant.at);
  if (isNarrow(grant)) return;
  const key = grantKey(grant);
  const known = state.grants.get(key);
  if (known !== undefined) {
    // A result whose start came later, or the other way round: the fuller record wins, the day of the first stays.
    if (known.roleId === '' && grant.roleId !== '') state.grants.set(key, { ...grant, at: known.at, seenAt: known.seenAt });
    // Elevated again after it was taken back: nothing in the log tells of the latter.
    if (grant.kind === 'elevation' && Date.parse(grant.at) > Date.parse(known.at)) {
      state.grants.set(key, grant);
      state.asks = true;
    }
    return;
  }
  const removals = [...state.removals.values()];
  if (removals.some((removal) => resourceKey(removal.id) === resourceKey(grant.id) && Date.parse(removal.at) >= Date.parse(grant.at)))
    return;
  const replaced = removals.find((removal) => cameBack(removal, grant));
  if (replaced === undefined) {
    state.grants.set(key, grant);
  } else if (replaced.followed !== undefined) {
    state.grants.set(key, { ...replaced.followed, id: grant.id, seenAt: undefined });
  }
}

function removed(state: State, change: Change, kind: 'assignment' | 'federated-credential'): void {
  const key = grantKey({ kind, id: change.resourceId });
  const found = state.grants.get(key);
  // A pass that died halfway through its writes may have kept the removal and the grant: the removal is taken again, not skipped.
  const before = state.removals.get(removalKey({ id: change.resourceId, at: change.at }));
  const stands = found !== undefined && Date.parse(found.at) <= Date.parse(change.at) ? found : undefined;
  const followed = before?.followed ?? stands;
  const removal: RemovedGrant = {
    id: change.resourceId,
    at: change.at,
    principalId: change.details['principalId']?.toLowerCase() || (followed?.principalId ?? ''),
    roleId: roleId(change.details['roleDefinitionId'] ?? '') || (followed?.roleId ?? ''),
    scopeId: kind === 'assignment' ? scopeOfAssignment(change.resourceId) : change.resourceId,
    ...(followed === undefined ? {} : { followed }),
  };
  state.removals.set(removalKey(removal), removal);
  if (stands !== undefined) {
    state.grants.delete(key);
    if (stands.quiet !== true && state.known.has(key)) state.asks = true;
  }
  // The log of the removal came after that of the creation that followed it: no grant was made.
  for (const [other, grant] of state.grants) {
    if (!cameBack(removal, grant)) continue;
    state.asks = true;
    if (followed === undefined) state.grants.delete(other);
    else state.grants.set(other, { ...followed, id: grant.id, seenAt: grant.seenAt });
  }
}

/** Not in Resource Graph at first: looked for once more when it must be there. */
const isOverdue = (grant: MadeGrant, now: string, { replicationWindowMinutes }: Settings): boolean =>
  grant.seenAt === undefined && grant.quiet !== true && !isYoung(grant, now, replicationWindowMinutes);

function bounded(grants: readonly MadeGrant[]): { readonly kept: readonly MadeGrant[]; readonly dropped: number } {
  if (grants.length <= grantsMax) return { kept: grants, dropped: 0 };
  const lastToGo = grants.toSorted((a, b) => Number(b.quiet ?? false) - Number(a.quiet ?? false) || Date.parse(a.at) - Date.parse(b.at));
  const kept = lastToGo.slice(-grantsMax);
  return { kept, dropped: lastToGo.slice(0, -grantsMax).filter(({ quiet }) => quiet !== true).length };
}

const removalKey = ({ id, at }: Pick<RemovedGrant, 'id' | 'at'>): string => `${resourceKey(id)}|${at}`;
const olderThan = (at: string, days: number, now: string): boolean => Date.parse(now) - Date.parse(at) > days * dayMs;

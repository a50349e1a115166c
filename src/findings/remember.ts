import {
  absentees,
  resourceKey,
  subscriptionOf,
  type Estate,
  type Gap,
  type Identity,
  type PrincipalId,
  type ResourceKey,
  type Slice,
} from '../estate/index.ts';
import type { RememberedIdentity, Verdict } from '../rules/index.ts';
import type { CredentialsRead, IdentityChange, MemoryChanges, Remembered } from './changes.ts';
import type { Sight } from './blindness.ts';

export interface RememberRequest extends Pick<Sight, 'within' | 'area'> {
  readonly estate: Estate;
  readonly remembered: Remembered;
  readonly verdicts: readonly Verdict[];
  readonly now: string;
  readonly runId: string;
}

/** What the next run should know of this one. Only what a gap does not cover is ever forgotten. */
export function remember(request: RememberRequest): MemoryChanges {
  const { estate, verdicts, now } = request;
  const blind = new Set(estate.gaps.filter((gap) => gap.harmless !== true).map((gap) => gap.slice));
  return {
    tenantId: estate.tenantId,
    ...missingPrincipals(request, blind),
    ...identities(request),
    ...credentials(request, blind),
    subscriptions: subscriptions(request),
    checkedAt: Object.fromEntries(verdicts.filter(({ verdict }) => verdict === 'checked').map(({ id }) => [id, now])),
    identitiesSeenAt: now,
  };
}

type Blind = ReadonlySet<Slice>;

/** Missing: asked for, in neither answer, while a canary was visible and nothing hid the directory. */
function missingPrincipals(
  { estate, remembered, now, runId }: RememberRequest,
  blind: Blind,
): Pick<MemoryChanges, 'missing' | 'noLongerMissing'> {
  const { asked, found, deleted, unresolved, canary } = estate.directory;
  const sees = canary === 'visible' && !blind.has('principals') && !blind.has('deletedPrincipals');
  const missing = sees ? absentees(estate.directory).filter((id) => !deleted.has(id) && !unresolved.has(id)) : [];
  const allAsked = !blind.has('principals') && !blind.has('roleAssignments') && !blind.has('vaults');
  const back = (id: PrincipalId): boolean => found.has(id) || deleted.has(id) || (allAsked && !asked.has(id));
  return {
    missing: missing
      .filter((id) => !remembered.memory.missingSince.has(id))
      .toSorted()
      .map((principalId) => ({ principalId, since: now, runId })),
    noLongerMissing: [...remembered.missing].filter(back).toSorted(),
  };
}

const forgetIdentityAfterDays = 400;
const dayMs = 86_400_000;

function identities({ estate, remembered, now }: RememberRequest): Pick<MemoryChanges, 'identities' | 'forgottenIdentities'> {
  const { lastSeen } = remembered.memory;
  const alive = new Map<PrincipalId, Identity>();
  for (const identity of estate.identities) alive.set(identity.principalId, identity);
  const changes: IdentityChange[] = [];
  for (const [principalId, identity] of alive) {
    const before = lastSeen.get(principalId);
    if (before !== undefined && remembered.present.has(principalId) && sameIdentity(before, identity)) continue;
    const { kind, resourceId, name } = identity;
    changes.push({ principalId, kind, resourceId, name, lastSeenAt: now, present: true });
  }
  for (const principalId of remembered.present) {
    const before = lastSeen.get(principalId);
    if (before !== undefined && !alive.has(principalId)) changes.push({ principalId, ...before, present: false });
  }
  const oldest = Date.parse(now) - forgetIdentityAfterDays * dayMs;
  const forgotten: PrincipalId[] = [];
  for (const [id, { lastSeenAt }] of lastSeen)
    if (!remembered.present.has(id) && !alive.has(id) && Date.parse(lastSeenAt) < oldest) forgotten.push(id);
  return { identities: changes, forgottenIdentities: forgotten };
}

const sameIdentity = (a: RememberedIdentity, b: Identity): boolean =>
  a.kind === b.kind && a.resourceId === b.resourceId && a.name === b.name;

function credentials(
  { estate, remembered }: RememberRequest,
  blind: Blind,
): Pick<MemoryChanges, 'federatedCredentials' | 'forgottenCredentials'> {
  const lists = Map.groupBy(estate.federatedCredentials, (credential) => credential.identity);
  const readAts = estate.federatedCredentialsReadAt ?? nobodysReading;
  const read = new Map<ResourceKey, CredentialsRead>();
  const note = (identity: ResourceKey, readAt: string): void => {
    if (remembered.federatedCredentials.get(identity)?.readAt !== readAt)
      read.set(identity, { readAt, credentials: lists.get(identity) ?? [] });
  };
  for (const [identity, list] of lists) note(identity, readAts.get(identity) ?? list.map((credential) => credential.readAt).toSorted()[0]!);
  for (const [identity, readAt] of readAts) if (!lists.has(identity)) note(identity, readAt);
  const gone = blind.has('identities') ? [] : goneFrom(remembered.federatedCredentials, estate.identities);
  return { federatedCredentials: read, forgottenCredentials: gone };
}

const nobodysReading: ReadonlyMap<ResourceKey, string> = new Map();

function goneFrom(known: ReadonlyMap<ResourceKey, unknown>, identities: readonly Identity[]): readonly ResourceKey[] {
  if (known.size === 0) return [];
  const gone = new Set(known.keys());
  for (const { key } of identities) gone.delete(key);
  return [...gone];
}

/** A subscription seen once is remembered until a run that could have seen it did not: then it was deleted, not hidden. */
function subscriptions({ estate, remembered, within, area }: RememberRequest): readonly string[] {
  const seen = new Set(estate.containers.map(({ key }) => guidOf(key)).filter((guid) => guid !== undefined));
  const everywhere = area.subscriptions.length === 0 && area.managementGroups.length === 0;
  const kept = [...remembered.subscriptions].filter(
    (guid) => !everywhere || hidden(resourceKey(`/subscriptions/${guid}`), estate.gaps, within),
  );
  return [...new Set([...seen, ...kept])].toSorted();
}

function guidOf(key: ResourceKey): string | undefined {
  return subscriptionOf(key)?.slice('/subscriptions/'.length);
}

const hidden = (subscription: ResourceKey, gaps: readonly Gap[], within: Sight['within']): boolean =>
  gaps.some(({ scope }) => within(subscription, resourceKey(scope)) || within(resourceKey(scope), subscription));

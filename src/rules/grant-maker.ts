import { principalId, type CreatorCount, type PrincipalId } from '../estate/index.ts';
import { creatorsOf } from './census.ts';
import { callerKey, sameChangeMinutes, type MadeGrant } from './made-grant.ts';
import { nameOf, principalRef } from './principal-ref.ts';
import type { RuleInput } from './rule.ts';
import type { Evidence } from './violation.ts';

/** Who made a grant, as far as that makes it more or less usual. */
export interface Maker {
  /** Short, for titles. */
  readonly name: string;
  /** With the object id, for sentences. */
  readonly full: string;
  /** To itself, or to a group it is in. */
  readonly self: boolean;
  /** Made grants before. `unknown` while nobody's past reaches back two weeks. */
  readonly seen: 'yes' | 'no' | 'unknown';
  /** A service of Azure that makes grants on behalf of others. */
  readonly through: 'pim' | 'aks' | undefined;
}

/**
 * Azure's own applications that write role assignments; Entra signs the application's id into their token, a name anybody may choose.
 * https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
 */
const applications: Readonly<Record<string, 'pim' | 'aks'>> = {
  '01fc33a7-78ba-4d2f-a4b7-768e336e890e': 'pim',
  '7319c514-987d-4e9b-ac3d-d38c4f427f4c': 'aks',
};

export function makerOf(input: RuleInput, grant: MadeGrant, grantee: PrincipalId): Maker {
  const id = principalId(grant.callerObjectId);
  const ref = principalRef(input, id);
  const through = serviceOf(input, grant);
  // A person's sign-in name says more than the name that is shown; a workload has an id for one.
  const own = grant.caller.includes('@') ? grant.caller : ref.name || grant.caller || grant.callerObjectId;
  const name = through === undefined ? own || 'Somebody whom the log does not name' : services[through];
  return {
    name,
    full: id === '' || name === id ? name : nameOf({ ...ref, name }),
    self: id !== '' && (id === grantee || (input.estate.memberships.get(id) ?? []).includes(grantee)),
    seen: seenBefore(input, grant),
    through,
  };
}

const services = { pim: 'Privileged Identity Management', aks: 'The AKS resource provider' } as const;

/** By the token's application, or the directory's; by name only where the log gives nothing else. A user's sign-in name has an `@`, so nobody is called that. */
function serviceOf({ estate }: RuleInput, { caller, callerObjectId, callerAppId }: MadeGrant): Maker['through'] {
  const application = callerAppId.toLowerCase() || estate.directory.found.get(principalId(callerObjectId))?.clientId;
  if (application !== undefined && application !== '')
    return Object.hasOwn(applications, application) ? applications[application] : undefined;
  return caller === 'MS-PIM' ? 'pim' : undefined;
}

const historyDays = 14;
const dayMs = 86_400_000;

function seenBefore({ estate, memory }: RuleInput, grant: MadeGrant): Maker['seen'] {
  const key = callerKey(grant);
  const madeAt = Date.parse(grant.at);
  const before = madeAt - sameChangeMinutes * 60_000;
  const past = pastOf(creatorsOf({ estate }));
  const watched = memory.callersSeen ?? new Map<string, string>();
  const first = Math.min(past.firstAt(key), Date.parse(watched.get(key) ?? '') || Number.POSITIVE_INFINITY);
  if (first < before) return 'yes';
  const oldest = Math.min(past.oldestAt, ...[...watched.values()].map((at) => Date.parse(at)));
  return key !== '' && oldest < madeAt - historyDays * dayMs ? 'no' : 'unknown';
}

interface Past {
  /** Milliseconds of the first assignment that a creator made and that still stands. */
  readonly firstAt: (creator: string) => number;
  readonly oldestAt: number;
}

const known = new WeakMap<ReadonlyMap<PrincipalId, CreatorCount>, Past>();

/** Assignments of which Azure does not say who made them tell nothing about anybody's past. */
function pastOf(creators: ReadonlyMap<PrincipalId, CreatorCount>): Past {
  let past = known.get(creators);
  if (past === undefined) {
    let oldestAt = Number.POSITIVE_INFINITY;
    for (const [creator, { firstAt }] of creators) if (creator !== '' && firstAt < oldestAt) oldestAt = firstAt;
    const firstAt = (creator: string): number =>
      creator === '' ? Number.POSITIVE_INFINITY : (creators.get(creator as PrincipalId)?.firstAt ?? Number.POSITIVE_INFINITY);
    known.set(creators, (past = { firstAt, oldestAt }));
  }
  return past;
}

/** What the log says of the request. */
export function requestEvidence(grant: MadeGrant, maker: Maker, operation: string): readonly Evidence[] {
  const from = grant.callerAddress === '' ? '' : ` from ${grant.callerAddress}`;
  const before = {
    yes: 'yes',
    no: 'no, neither in the logs that were read nor among the assignments that stand',
    unknown: 'not known: nothing that old was seen',
  };
  return [
    { label: 'granted by', value: `${maker.full}${from}, at ${grant.at}`, source: 'activity' },
    {
      label: 'request',
      value: `${operation}${grant.correlationId === '' ? '' : `, correlation id ${grant.correlationId}`}`,
      source: 'activity',
    },
    { label: 'has granted before', value: before[maker.seen], source: 'activity' },
  ];
}

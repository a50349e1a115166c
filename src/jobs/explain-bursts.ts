import { openAccess } from '../access/index.ts';
import { attributionIn, type Attribution, type Burst, type Denial } from '../denials/index.ts';
import type { Estate, Gap } from '../estate/index.ts';
import {
  alikeIn,
  diagnose,
  diagnoseTokens,
  incidentId,
  joined,
  isSameCaller,
  type Alike,
  type Diagnosed,
  type StoredIncident,
} from '../incidents/index.ts';
import type { LogGap, WatchState } from '../ports/index.ts';
import { changesAround, losersIn, type Around } from './changes-around.ts';
import { identitiesToRead } from './follow-grants.ts';
import { nameCallers, type NamedCallers } from './name-callers.ts';
import type { Reading } from './read-logs.ts';
import type { WatchRequest } from './watch-request.ts';

interface Answered {
  readonly diagnosed: readonly Diagnosed[];
  readonly estate: Estate | undefined;
  readonly gaps: readonly LogGap[];
  /** Callers that turned out to be people, and how many refusals were theirs. */
  readonly people: readonly string[];
  readonly ofPeople: number;
  /** Unusual acquisitions of tokens that a change of the host explains. */
  readonly explained: readonly string[];
}

/** Asks for the cause of every burst that is new or goes on; the others keep the answer they have. */
export async function explainBursts(
  request: WatchRequest,
  all: readonly Burst[],
  state: WatchState,
  { listed }: Pick<Reading, 'listed'>,
  now: string,
): Promise<Answered> {
  const alike = alikeIn(all);
  const before = kinBefore(state.incidents);
  const decided = alike.filter((pair) => before(pair) === true);
  const found = joined(all, decided);
  const asking = new Set(found.filter((burst) => needsAnswer(burst, state.incidents.get(incidentId(burst)))).map(({ id }) => id));
  const unsure = alike.filter((pair) => before(pair) === undefined);
  if (asking.size + unsure.length === 0) {
    const diagnosed = found.map((burst) => ({ burst, kin: kinOf(burst, alike, (pair) => before(pair) === true) }));
    return { diagnosed, estate: undefined, gaps: [], people: [], ofPeople: 0, explained: [] };
  }
  request.progress(`reading the estate: ${asking.size} bursts to explain`);
  const wanted = all.filter(({ id }) => asking.has(id) || unsure.some(({ told, refused }) => told.id === id || refused.id === id));
  const around = await changesAround(request, wanted, listed, now);
  const known = await request.store.known('');
  const holders = await nameCallers(request, wanted, listed, now);
  const estate = await estateFor(request, wanted, { around, holders }, known.collect, now);
  const access = openAccess(estate);
  const attribute = attributionIn(estate);
  const attributionOf = (denials: readonly Denial[]): Attribution => attribute(holders.named(denials));
  const unseen = [
    ...estate.gaps.filter((gap) => gap.harmless !== true).map((gap) => `${gap.slice} in ${gap.scope}: ${gap.why}`),
    ...around.gaps.filter(({ state }) => state !== 'whole').map((gap) => gap.why),
  ].slice(0, 10);
  // Some logs give an object id and nothing else: only the directory knows that it is a person's.
  const isPerson = (burst: Burst): boolean => {
    const { principalId } = attributionOf(burst.denials);
    return (
      request.settings.watch.principals !== 'all' && principalId !== undefined && estate.directory.found.get(principalId)?.kind === 'user'
    );
  };
  const people = wanted.filter(isPerson);
  const isKin = (pair: Alike): boolean => before(pair) ?? isSameCaller(pair, attributionOf);
  const bursts = joined(all, alike.filter(isKin)).filter(({ id }) => !people.some((burst) => burst.id === id));
  const explained: string[] = [];
  const diagnosed = bursts.flatMap((burst): readonly Diagnosed[] => {
    const kin = kinOf(burst, alike, isKin);
    if (!asking.has(burst.id)) return [{ burst, kin }];
    const attribution = attributionOf(burst.denials);
    if (burst.kind === 'token') {
      const diagnosis = diagnoseTokens(burst, attribution, estate, around.of(burst).changes);
      if (diagnosis === undefined) explained.push(burst.id);
      return diagnosis === undefined ? [] : [{ burst, attribution, diagnosis }];
    }
    const diagnosis = diagnose({
      burst,
      attribution,
      now,
      estate,
      access,
      ...around.of(burst),
      unseen,
      remembered: known.memory.lastSeen,
    });
    return [{ burst, attribution, diagnosis, kin }];
  });
  return {
    diagnosed,
    estate,
    gaps: [...around.gaps, ...holders.gaps, ...estate.gaps.map(unseenInEstate)],
    people: people.map((burst) => burst.who),
    ofPeople: people.reduce((sum, burst) => sum + burst.count, 0),
    explained,
  };
}

/** What earlier passes found of two bursts that are alike: one identity's, or not. Undefined: nobody asked yet. */
function kinBefore(incidents: WatchState['incidents']): (pair: Alike) => boolean | undefined {
  return ({ told, refused }) => {
    const { same = [], other = [] } = incidents.get(incidentId(refused))?.kin ?? {};
    return same.includes(told.id) ? true : other.includes(told.id) ? false : undefined;
  };
}

function kinOf(burst: Burst, alike: readonly Alike[], isKin: (pair: Alike) => boolean): Diagnosed['kin'] {
  const own = alike.filter(({ refused }) => refused.id === burst.id);
  if (own.length === 0) return undefined;
  const { true: same = [], false: other = [] } = Object.groupBy(own, (pair) => `${isKin(pair)}`);
  return { same: same.map(({ told }) => told.id), other: other.map(({ told }) => told.id) };
}

/** The estate as it is now, as far as it concerns those who were refused and what refused them. */
async function estateFor(
  { store, source, settings, progress }: WatchRequest,
  asking: readonly Burst[],
  { around, holders }: { readonly around: Around; readonly holders: NamedCallers },
  memory: Awaited<ReturnType<WatchRequest['store']['known']>>['collect'],
  now: string,
): Promise<Estate> {
  const denials = asking.flatMap((burst) => burst.denials);
  const targets = [...new Set(denials.map((denial) => denial.target).filter((target) => target.startsWith('/')))];
  const followed = identitiesToRead((await store.grantState()).memory.grants);
  const { estate } = await source.collect({
    now,
    scope: settings.scope,
    memory: { ...memory, changedIdentities: new Set([...followed, ...around.changedIdentities]) },
    denyAssignmentsAt: targets.slice(0, 20),
    principals: [
      ...new Set([
        ...denials.map((denial) => denial.caller.objectId).filter((id) => id !== undefined),
        ...holders.principals,
        ...asking.flatMap((burst) => losersIn(around.of(burst).changes)),
      ]),
    ],
    progress,
  });
  return estate;
}

/** While it lasts, each pass asks again: a fix that was made shows at once. Once more when it has gone quiet, to say what ended it. */
function needsAnswer(burst: Burst, known: StoredIncident | undefined): boolean {
  if (known === undefined || known.causes.length === 0) return true;
  return burst.silence === 'none' || (burst.silence === 'quiet' && known.status !== 'quiet');
}

/** What an answer could not look at belongs to the coverage of the pass that gave it. */
const unseenInEstate = ({ slice, scope, state, why, permission = '', harmless = false }: Gap): LogGap => ({
  slice,
  scope,
  state,
  why,
  permission,
  command: '',
  failed: !harmless,
});

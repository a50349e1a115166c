import { openAccess } from '../access/index.ts';
import { attributionIn, type Burst } from '../denials/index.ts';
import type { Estate, Gap } from '../estate/index.ts';
import { diagnose, diagnoseTokens, incidentId, type Diagnosed, type StoredIncident } from '../incidents/index.ts';
import type { LogGap, WatchState } from '../ports/index.ts';
import { changesAround, losersIn } from './changes-around.ts';
import { identitiesToRead } from './follow-grants.ts';
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
  bursts: readonly Burst[],
  before: WatchState,
  { listed }: Pick<Reading, 'listed'>,
  now: string,
): Promise<Answered> {
  const asking = bursts.filter((burst) => needsAnswer(burst, before.incidents.get(incidentId(burst))));
  if (asking.length === 0)
    return { diagnosed: bursts.map((burst) => ({ burst })), estate: undefined, gaps: [], people: [], ofPeople: 0, explained: [] };
  request.progress(`reading the estate: ${asking.length} bursts to explain`);
  const targets = [
    ...new Set(asking.flatMap((burst) => burst.denials.map((denial) => denial.target)).filter((target) => target.startsWith('/'))),
  ];
  const known = await request.store.known('');
  const around = await changesAround(request, asking, listed, now);
  const { memory } = await request.store.grantState();
  const { estate } = await request.source.collect({
    now,
    scope: request.settings.scope,
    memory: { ...known.collect, changedIdentities: new Set([...identitiesToRead(memory.grants), ...around.changedIdentities]) },
    denyAssignmentsAt: targets.slice(0, 20),
    principals: [
      ...new Set([
        ...asking.flatMap((burst) => burst.denials.map((denial) => denial.caller.objectId)).filter((id) => id !== undefined),
        ...asking.flatMap((burst) => losersIn(around.of(burst).changes)),
      ]),
    ],
    progress: request.progress,
  });
  const access = openAccess(estate);
  const attributionOf = attributionIn(estate);
  const unseen = [
    ...estate.gaps.filter((gap) => gap.harmless !== true).map((gap) => `${gap.slice} in ${gap.scope}: ${gap.why}`),
    ...around.gaps.map((gap) => gap.why),
  ].slice(0, 10);
  // Some logs give an object id and nothing else: only the directory knows that it is a person's.
  const isPerson = (burst: Burst): boolean => {
    const { principalId } = attributionOf(burst.denials);
    return (
      request.settings.watch.principals !== 'all' && principalId !== undefined && estate.directory.found.get(principalId)?.kind === 'user'
    );
  };
  const people = asking.filter(isPerson);
  const explained: string[] = [];
  const diagnosed = bursts
    .filter((burst) => !people.includes(burst))
    .flatMap((burst): readonly Diagnosed[] => {
      if (!asking.includes(burst)) return [{ burst }];
      const attribution = attributionOf(burst.denials);
      if (burst.kind === 'token') {
        const diagnosis = diagnoseTokens(burst, attribution, estate, around.of(burst).changes);
        if (diagnosis === undefined) explained.push(burst.id);
        return diagnosis === undefined ? [] : [{ burst, attribution, diagnosis }];
      }
      return [
        {
          burst,
          attribution,
          diagnosis: diagnose({
            burst,
            attribution,
            now,
            estate,
            access,
            ...around.of(burst),
            unseen,
            remembered: known.memory.lastSeen,
          }),
        },
      ];
    });
  return {
    diagnosed,
    estate,
    gaps: [...around.gaps, ...estate.gaps.map(unseenInEstate)],
    people: people.map((burst) => burst.who),
    ofPeople: people.reduce((all, burst) => all + burst.count, 0),
    explained,
  };
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

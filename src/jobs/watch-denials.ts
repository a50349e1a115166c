import { findBursts, findTokenBursts, withoutBenign, type Denial, type WatchSettings } from '../denials/index.ts';
import type { Estate } from '../estate/index.ts';
import { tagsInForce, type Calls } from '../findings/index.ts';
import { carryOn, type StoredIncident } from '../incidents/index.ts';
import { incidentNotices, type Notice } from '../outbox/index.ts';
import type { LogGap, WatchState } from '../ports/index.ts';
import { explainBursts } from './explain-bursts.ts';
import { inRun } from './in-run.ts';
import { readLogs, sum } from './read-logs.ts';
import { startOf } from './time-span.ts';
import { underLease } from './under-lease.ts';
import { isComplete, logGapsOf } from './watch-coverage.ts';
import type { WatchReport } from './watch-report.ts';
import type { WatchRequest } from './watch-request.ts';
import { tellingDenials } from './watch-telling.ts';

/** What one pass over refused calls saw. */
export interface DenialPass {
  readonly runId: string;
  readonly from: string;
  readonly to: string;
  readonly gaps: readonly LogGap[];
  readonly calls: Calls;
  readonly denials: WatchReport['denials'];
  /** Those that are alive, and what ended in this pass. What ended before stays in the store. */
  readonly incidents: readonly StoredIncident[];
  /** Where a burst needed it. */
  readonly estate: Estate | undefined;
}

export const denialLease = 'watch';

/** One pass over refused calls, under its lease. */
export const watchDenials = (request: WatchRequest): Promise<DenialPass> =>
  tellingDenials(request, () =>
    underLease({ store: request.store, name: denialLease, holder: request.holder }, (stillOurs) => passOverDenials(request, stillOurs)),
  );

/**
 * Reads what arrived since the cursor, finds bursts, diagnoses the new and the grown ones, carries the incidents on, stores. The estate is read only when a
 * burst needs an answer.
 */
export async function passOverDenials(request: WatchRequest, stillOurs: () => Promise<void>): Promise<DenialPass> {
  const { store } = request;
  const { pass } = await inRun(request, 'watch', stillOurs, {
    decide: (runId) => decide(request, runId),
    save: (_, { state, notices }) => store.saveWatch(state, notices),
    result: ({ pass: { gaps, calls, estate } }) => ({
      tenantId: estate?.tenantId ?? '',
      complete: isComplete(gaps),
      calls,
      logGaps: logGapsOf(gaps),
    }),
  });
  return pass;
}

interface Decision {
  readonly pass: DenialPass;
  readonly state: WatchState;
  readonly notices: readonly Notice[];
}

async function decide(request: WatchRequest, runId: string): Promise<Decision> {
  const { store, settings, progress } = request;
  const now = request.now();
  const before = await store.watchState();
  const from = startOf(before.cursor, now);
  progress(`reading the logs since ${from}`);
  const reading = await readLogs(request, before, from, now);

  const { serious, benign } = withoutBenign([...reading.ledger.entries.values()]);
  const { workloads, ofPeople } = apart(serious, before.people, settings.watch);
  const { bursts: refused, ledger } = findBursts(reading.ledger, workloads, now, settings.watch);
  const { bursts: tokens, uses } = findTokenBursts(reading.tokens, now, settings.watch);
  const bursts = [...refused, ...tokens.filter((burst) => !before.explained.has(burst.id))];
  const answered = await explainBursts(request, bursts, before, reading, now);
  const { estate } = answered;
  const incidents = carryOn(before.incidents, answered.diagnosed, estate, now);
  return {
    pass: {
      runId,
      from,
      to: now,
      gaps: [...reading.gaps, ...answered.gaps],
      calls: { ...request.calls(), tables: store.calls() },
      denials: { rows: reading.rows, count: reading.count, benign, ofPeople: ofPeople + answered.ofPeople },
      incidents: incidents.filter((incident) => isNews(incident, before.incidents.get(incident.id))),
      estate,
    },
    state: {
      cursor: reading.cursor,
      places: reading.places,
      ledger,
      incidents: new Map(incidents.map((incident) => [incident.id, incident])),
      people: new Set([...before.people, ...answered.people]),
      tokens: uses,
      explained: new Set([...before.explained, ...answered.explained]),
    },
    notices: incidentNotices(before.incidents, incidents, {
      tagsOf: estate === undefined ? () => [] : tagsInForce(estate),
      runId,
      now,
    }),
  };
}

/** Refusals of people are counted and shown; the pager is for workloads. */
function apart(
  denials: readonly Denial[],
  people: ReadonlySet<string>,
  settings: WatchSettings,
): { readonly workloads: readonly Denial[]; readonly ofPeople: number } {
  if (settings.principals === 'all') return { workloads: denials, ofPeople: 0 };
  const isPerson = ({ caller }: Denial): boolean =>
    caller.kind === 'user' || (caller.objectId !== undefined && people.has(caller.objectId));
  return { workloads: denials.filter((denial) => !isPerson(denial)), ofPeople: sum(denials.filter(isPerson)) };
}

const isNews = (incident: StoredIncident, known: StoredIncident | undefined): boolean =>
  incident.status !== 'resolved' || known?.status !== 'resolved';

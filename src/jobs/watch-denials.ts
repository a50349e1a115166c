import { openAccess } from '../access/index.ts';
import {
  absorb,
  absorbTokens,
  attributionIn,
  binMinutes,
  findBursts,
  findTokenBursts,
  withoutBenign,
  type Burst,
  type Denial,
  type Ledger,
  type TokenUses,
  type WatchSettings,
} from '../denials/index.ts';
import { principalId, resourceKey, type Estate, type PrincipalId, type Workspace } from '../estate/index.ts';
import type { Calls, Exclusions, Run } from '../findings/index.ts';
import {
  carryOn,
  diagnose,
  diagnoseTokens,
  incidentId,
  type Change,
  type Diagnosed,
  type SceneInput,
  type StoredIncident,
} from '../incidents/index.ts';
import type {
  ActivityLog,
  Changes,
  DenialLog,
  EstateSource,
  LogGap,
  Store,
  WatchState,
  WatchStore,
  WorkspaceList,
} from '../ports/index.ts';
import type { RuleSettings } from '../rules/index.ts';
import { followGrants, type Followed } from './follow-grants.ts';
import { publishedIncident } from './published-incident.ts';
import { readAbove } from './read-above.ts';
import { underLease } from './under-lease.ts';
import { gradeGrants } from './watch-grants.ts';
import type { WatchCoverage, WatchReport } from './watch-report.ts';

export interface WatchRequest {
  readonly workspaces: WorkspaceList;
  readonly log: DenialLog;
  readonly activity: ActivityLog;
  readonly source: EstateSource;
  readonly store: Store & WatchStore;
  readonly settings: {
    readonly scope: { readonly managementGroups: readonly string[]; readonly subscriptions: readonly string[] };
    readonly watch: WatchSettings;
    /** Customer ids; empty: every workspace that can be found. */
    readonly workspaces: readonly string[];
    readonly rules: RuleSettings;
    readonly exclusions: Exclusions;
  };
  readonly now: () => string;
  readonly holder: string;
  readonly dryRun: boolean;
  /** Calls to Azure so far. */
  readonly calls: () => Calls;
  readonly progress: (line: string) => void;
}

/** First look back, and the longest stretch that one reading covers: a watch that was down for a week catches up in steps. */
const stepHours = 48;
/** A baseline of token acquisitions wants two weeks; logs are kept for a month by default. */
const signInsHours = 30 * 24;
/** Changes are looked for from a day before the first refusal. */
const changesBeforeHours = 24;

/**
 * One pass: read what arrived since the cursor, find bursts, diagnose the new and the grown ones, carry the incidents on, store. The estate is read only
 * when a burst needs an answer. Everything is decided before the first write.
 */
export function watchDenials(request: WatchRequest): Promise<WatchReport> {
  const { store, holder, now } = request;
  if (request.dryRun) return decide(request, 'dry-run').then(({ report }) => report);
  return underLease({ store, name: 'watch', holder }, async (stillOurs) => {
    const run = await store.beginRun('watch', now(), '');
    const decision = await decide(request, run.id).catch(async (error: unknown) => {
      await stillOurs()
        .then(() => store.finishRun({ ...run, state: 'failed', finishedAt: now(), complete: false }))
        .catch(() => {});
      throw error;
    });
    await stillOurs();
    if (decision.changes !== undefined) await store.apply(run.id, decision.changes);
    await store.saveWatch(decision.state);
    await store.finishRun(finished(run, decision, now()));
    return decision.report;
  });
}

interface Decision {
  readonly report: WatchReport;
  readonly state: WatchState;
  /** Findings about grants. */
  readonly changes: Changes | undefined;
  readonly tenantId: string;
}

async function decide(request: WatchRequest, runId: string): Promise<Decision> {
  const { store, settings, progress } = request;
  const now = request.now();
  const before = await store.watchState();
  const from = before.cursor ?? hoursBefore(now, stepHours);
  progress(`reading the logs since ${from}`);
  const reading = await readSteps(request, before, from, now);

  const { serious, benign } = withoutBenign([...reading.ledger.entries.values()]);
  const { workloads, ofPeople } = apart(serious, before.people, settings.watch);
  const { bursts: refused, ledger } = findBursts(reading.ledger, workloads, now, settings.watch);
  const { bursts: tokens, uses } = findTokenBursts(reading.tokens, now, settings.watch);
  const bursts = [...refused, ...tokens.filter((burst) => !before.explained.has(burst.id))];
  const above = await readAbove(request, before.grants.readAboveUntil, now);
  const followed = followGrants(before.grants, [...reading.changes, ...above.changes], now, settings.rules);
  const answered = await answer(request, bursts, before, reading, followed, now);
  const incidents = carryOn(before.incidents, answered.diagnosed, answered.estate, now);

  const { estate } = answered;
  const graded = await gradeGrants({ ...request, followed, estate, now, runId });

  const people = new Set([...before.people, ...answered.people]);
  const state: WatchState = {
    cursor: now,
    ledger,
    incidents: new Map(incidents.map((incident) => [incident.id, incident])),
    people,
    tokens: uses,
    explained: new Set([...before.explained, ...answered.explained]),
    grants: { ...graded.memory, readAboveUntil: above.until },
  };
  const gaps = [...reading.gaps, ...answered.gaps, ...above.gaps, ...graded.gaps];
  const report: WatchReport = {
    schema: 'mi-audit/watch/v1',
    run: {
      id: runId,
      from,
      to: now,
      complete: gaps.every((gap) => !gap.failed),
      calls: { ...request.calls(), tables: store.calls() },
      dryRun: request.dryRun,
    },
    coverage: coverageOf(gaps),
    denials: { rows: reading.rows, count: reading.count, benign, ofPeople: ofPeople + answered.ofPeople },
    incidents: incidents.filter((incident) => isNews(incident, before.incidents.get(incident.id))).map(publishedIncident),
    grants: graded.findings,
  };
  return { report, state, changes: graded.changes, tenantId: estate?.tenantId ?? graded.tenantId };
}

interface Reading {
  readonly from: string;
  readonly ledger: Ledger;
  readonly tokens: TokenUses;
  readonly changes: readonly Change[];
  readonly gaps: readonly LogGap[];
  readonly activitySubscriptions: ReadonlySet<string>;
  readonly subscriptions: readonly string[];
  readonly rows: number;
  readonly count: number;
}

async function readSteps(request: WatchRequest, before: WatchState, from: string, now: string): Promise<Reading> {
  const listed = await request.workspaces.list(request.settings.scope);
  const workspaces = chosen(listed.workspaces, request.settings.workspaces);
  let ledger: Ledger = before.cursor === undefined ? { ...before.ledger, watchedSince: binFloor(from) } : before.ledger;
  let { tokens } = before;
  const changes: Change[] = [];
  const gaps: LogGap[] = [...listed.coverage];
  const logged = new Set<string>();
  let rows = 0;
  let count = 0;
  for (let at = from; at < now;) {
    const until = earlier(now, hoursAfter(at, stepHours));
    const signInsSince = before.cursor === undefined && at === from ? hoursBefore(now, signInsHours) : undefined;
    const logs = await request.log.read({ from: at, until, signInsSince }, workspaces, listed.targets);
    const uncovered = listed.subscriptions.filter((id) => !logs.activitySubscriptions.includes(id));
    const activity = await request.activity.read({ scopes: ['/', ...uncovered], from: at, until });
    for (const id of logs.activitySubscriptions) logged.add(id);
    const absorbed = absorb(ledger, [...logs.denials, ...activity.denials], [...logs.touched, ...activity.touched]);
    ({ ledger } = absorbed);
    tokens = absorbTokens(tokens, logs.signIns);
    if (absorbed.dropped > 0) gaps.push(overflow(absorbed.dropped));
    changes.push(...logs.changes, ...activity.changes);
    gaps.push(...logs.coverage, ...activity.coverage);
    rows += logs.rows + activity.rows;
    count += sum([...logs.denials, ...activity.denials]);
    at = until;
  }
  return { from, ledger, tokens, changes, gaps, activitySubscriptions: logged, subscriptions: listed.subscriptions, rows, count };
}

/** A workspace that settings name is watched even where Resource Graph does not show it. */
function chosen(found: readonly Workspace[], wanted: readonly string[]): readonly Workspace[] {
  if (wanted.length === 0) return found;
  return wanted.map((customerId) => {
    const known = found.find((one) => one.customerId.toLowerCase() === customerId.toLowerCase());
    return known ?? { id: customerId, key: resourceKey(customerId), name: customerId, customerId };
  });
}

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
async function answer(
  request: WatchRequest,
  bursts: readonly Burst[],
  before: WatchState,
  reading: Reading,
  followed: Followed,
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
  const around = await changesAround(request, asking, reading, now);
  const { estate } = await request.source.collect({
    now,
    scope: request.settings.scope,
    memory: { ...known.collect, changedIdentities: followed.identities },
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
    gaps: around.gaps,
    people: people.map((burst) => burst.who),
    ofPeople: people.reduce((all, burst) => all + burst.count, 0),
    explained,
  };
}

interface Around {
  /** What the Activity Log showed around a burst; undefined when it could not be read where the burst is, and showed nothing there. */
  readonly of: (burst: Burst) => Pick<SceneInput, 'changes' | 'changesWhole'>;
  readonly gaps: readonly LogGap[];
}

/** Changes from a day before the first refusal; what this pass read already is part of it. */
async function changesAround(request: WatchRequest, bursts: readonly Burst[], reading: Reading, now: string): Promise<Around> {
  const from = hoursBefore(bursts.map((burst) => burst.firstAt).sort()[0]!, changesBeforeHours);
  const subscriptions = new Set(bursts.flatMap(subscriptionsOf));
  const scopes = ['/', ...(subscriptions.size > 0 ? subscriptions : reading.subscriptions)];
  const read = await request.activity.read({ scopes, from, until: now });
  const changes = distinct([...read.changes, ...reading.changes]);
  const blind = read.coverage.filter((gap) => gap.failed).map((gap) => gap.scope.toLowerCase());
  // A workspace with the Activity Log of the subscription shows the same, as far back as this pass has read it.
  const isBlind = (id: string): boolean =>
    blind.some((scope) => scope === '/' || scope.includes(id)) && !(reading.activitySubscriptions.has(id) && reading.from <= from);
  return {
    of: (burst) => {
      const own = subscriptionsOf(burst);
      const changesWhole = !(own.length > 0 ? own : reading.subscriptions).some(isBlind);
      return { changes: changesWhole || changes.length > 0 ? changes : undefined, changesWhole };
    },
    gaps: read.coverage,
  };
}

/** Those who lost a grant: groups among them are in no assignment any more, and only their members tell whom it hit. */
const losersIn = (changes: readonly Change[] | undefined): readonly PrincipalId[] => [
  ...new Set(
    (changes ?? []).flatMap(({ kind, details }) =>
      kind === 'assignment-removed' && details['principalId'] ? [principalId(details['principalId'])] : [],
    ),
  ),
];

const subscriptionsOf = (burst: Burst): readonly string[] => [
  ...new Set(
    burst.denials.map((denial) => /^\/subscriptions\/([^/]+)/i.exec(denial.target)?.[1]?.toLowerCase()).filter((id) => id !== undefined),
  ),
];

/** While it lasts, each pass asks again: a fix that was made shows at once. Once more when it has gone quiet, to say what ended it. */
function needsAnswer(burst: Burst, known: StoredIncident | undefined): boolean {
  if (known === undefined || known.causes.length === 0) return true;
  return burst.silence === 'none' || (burst.silence === 'quiet' && known.status !== 'quiet');
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

/** Told: what is alive, and what ended in this pass. What ended before stays in the store. */
const isNews = (incident: StoredIncident, known: StoredIncident | undefined): boolean =>
  incident.status !== 'resolved' || known?.status !== 'resolved';

function coverageOf(gaps: readonly LogGap[]): readonly WatchCoverage[] {
  const lines = gaps.map(({ slice, scope, state, why, permission, command }): WatchCoverage => ({
    slice,
    scope,
    state,
    why,
    permission,
    command,
  }));
  return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()];
}

const overflow = (dropped: number): LogGap => ({
  slice: 'logs',
  scope: '/',
  state: 'partial',
  why: `${dropped} of the oldest series of refused calls were dropped: more than 20,000 at once.`,
  permission: '',
  command: '',
  failed: true,
});

const finished = (run: Run, { report, tenantId }: Decision, at: string): Run => ({
  ...run,
  state: 'finished',
  finishedAt: at,
  tenantId,
  complete: report.run.complete,
  calls: report.run.calls,
  coverage: [],
  rules: [],
});

const distinct = (changes: readonly Change[]): readonly Change[] => [
  ...new Map(changes.map((change) => [`${change.correlationId}|${change.kind}|${resourceKey(change.resourceId)}`, change])).values(),
];
const sum = (denials: readonly Denial[]): number =>
  denials.reduce((all, denial) => all + denial.bins.reduce((count, bin) => count + bin.count, 0), 0);
const hoursBefore = (instant: string, hours: number): string => new Date(Date.parse(instant) - hours * 3_600_000).toISOString();
const hoursAfter = (instant: string, hours: number): string => new Date(Date.parse(instant) + hours * 3_600_000).toISOString();
const earlier = (a: string, b: string): string => (Date.parse(a) < Date.parse(b) ? a : b);
const binFloor = (instant: string): number => Date.parse(instant) - (Date.parse(instant) % (binMinutes * 60_000));

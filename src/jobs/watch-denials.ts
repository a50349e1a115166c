import { findBursts, findTokenBursts, withoutBenign, type Denial, type WatchSettings } from '../denials/index.ts';
import { tagsInForce, type Run, type RunGap } from '../findings/index.ts';
import { carryOn, type StoredIncident } from '../incidents/index.ts';
import { incidentNotices, type Notice } from '../outbox/index.ts';
import type { Changes, LogGap, WatchState } from '../ports/index.ts';
import { explainBursts } from './explain-bursts.ts';
import { followGrants } from './follow-grants.ts';
import { publishedIncident } from './published-incident.ts';
import { readAbove } from './read-above.ts';
import { readLogs, stepHours, sum } from './read-logs.ts';
import { hoursBefore } from './time-span.ts';
import { underLease } from './under-lease.ts';
import { gradeGrants } from './watch-grants.ts';
import type { WatchCoverage, WatchReport } from './watch-report.ts';
import type { WatchRequest } from './watch-request.ts';

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
    if (decision.changes !== undefined) await store.apply(run.id, decision.changes, decision.grantNotices);
    await store.saveWatch(decision.state, decision.incidentNotices);
    await store.finishRun(finished(run, decision, now()));
    return decision.report;
  });
}

interface Decision {
  readonly report: WatchReport;
  readonly state: WatchState;
  /** Findings about grants. */
  readonly changes: Changes | undefined;
  readonly grantNotices: readonly Notice[];
  readonly incidentNotices: readonly Notice[];
  readonly tenantId: string;
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
  const above = await readAbove(request, before.grants.readAboveUntil, now);
  const followed = followGrants(before.grants, [...reading.changes, ...above.changes], now, settings.rules);
  const answered = await explainBursts(request, bursts, before, reading, followed, now);
  const incidents = carryOn(before.incidents, answered.diagnosed, answered.estate, now);

  const { estate } = answered;
  const graded = await gradeGrants({ ...request, followed, estate, now, runId });

  const people = new Set([...before.people, ...answered.people]);
  const state: WatchState = {
    cursor: reading.cursor,
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
  return {
    report,
    state,
    changes: graded.changes,
    grantNotices: graded.notices,
    incidentNotices: incidentNotices(before.incidents, incidents, {
      tagsOf: estate === undefined ? () => [] : tagsInForce(estate),
      runId,
      now,
    }),
    tenantId: estate?.tenantId ?? graded.tenantId,
  };
}

/** Of an empty window nobody is asked, and nobody would know whether the logs can still be read: a pass always reads something. */
function startOf(cursor: string | undefined, now: string): string {
  if (cursor === undefined) return hoursBefore(now, stepHours);
  return Date.parse(cursor) < Date.parse(now) ? cursor : hoursBefore(now, 1 / 12);
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

const finished = (run: Run, { report, tenantId }: Decision, at: string): Run => ({
  ...run,
  state: 'finished',
  finishedAt: at,
  tenantId,
  complete: report.run.complete,
  calls: report.run.calls,
  coverage: [],
  rules: [],
  logGaps: logGapsOf(report),
});

const logGapsMax = 100;
const charsMax = 400;

/** What stands beside every message that this pass gives rise to. The longest of lists has an end, and says so. */
function logGapsOf({ coverage }: WatchReport): readonly RunGap[] {
  const gaps = coverage.flatMap(({ slice, scope, state, why, permission }): readonly RunGap[] =>
    state === 'whole' ? [] : [{ slice, scope: clip(scope), state, why: clip(why), permission: clip(permission) }],
  );
  if (gaps.length <= logGapsMax) return gaps;
  const why = `and ${gaps.length - logGapsMax + 1} more lines of coverage, too many to keep`;
  return [...gaps.slice(0, logGapsMax - 1), { slice: 'logs', scope: '/', state: 'partial', why, permission: '' }];
}

const clip = (text: string): string => text.slice(0, charsMax).toWellFormed();

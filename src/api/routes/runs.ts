import { z } from 'zod';
import type { Run as StoredRun } from '../../findings/index.ts';
import type { PageRequest } from '../../ports/index.ts';
import { authorOf } from '../auth/caller.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { AuditQueued, RunDetail, RunPage, Trend, type Run } from '../contract/index.ts';
import { coverageOf } from '../coverage-of.ts';
import type { ApiStore } from '../dependencies.ts';
import { json } from '../http/answer.ts';
import { Refusal } from '../http/problem.ts';
import { route } from '../http/route.ts';
import { pageOfList } from '../paging.ts';
import { runSheet } from '../sheets.ts';
import { instantText, paging } from './parameters.ts';

/** Whoever may start an audit may see what became of it. */
const needs = ['Findings.Read', 'Audit.Run'] as const;
const runsMax = 2_000;

export const listRuns = route({
  method: 'GET',
  path: '/api/runs',
  summary: 'Runs of audit and watches, the latest first, with what each could not see',
  needs,
  query: z.strictObject({
    job: z.enum(['audit', 'watch', 'watch-grants']).exactOptional(),
    since: instantText.exactOptional().describe('Started at or after.'),
    ...paging,
  }),
  answers: { 200: { about: `A page of runs; the latest ${runsMax} are looked at.`, json: RunPage, also: ['text/csv'] } },
  async handle({ query: { job, since, ...page }, sight, api }) {
    const store = await api.store();
    const { items, cursor } = await newestRuns(store, { job, since, ...page });
    const runs = items.map((run) => shownRun(run, sight));
    const coverage = await coverageOf(store, job ?? 'audit', sight);
    return {
      kind: 'json',
      body: { items: runs, ...(cursor !== undefined && { cursor }), coverage },
      sheet: { name: 'runs', rows: () => runSheet(runs) },
    };
  },
});

interface RunQuery extends PageRequest {
  readonly job?: StoredRun['job'] | undefined;
  readonly since?: string | undefined;
}

/** A run's row carries its whole coverage: no more of them are read than a page needs. */
async function newestRuns(store: ApiStore, { job, since, ...page }: RunQuery): Promise<ReturnType<typeof pageOfList<StoredRun>>> {
  const sinceMs = since === undefined ? Number.NEGATIVE_INFINITY : Date.parse(since);
  for (const size of [page.limit + 1, 300]) {
    const runs = await store.runs(size, job);
    const found = pageOfRuns(runs, sinceMs, page);
    const reachedEnd = runs.length < size || Date.parse(runs.at(-1)?.startedAt ?? '') < sinceMs;
    if (found.cursor !== undefined || reachedEnd) return found;
  }
  return pageOfRuns(await store.runs(runsMax, job), sinceMs, page);
}

const pageOfRuns = (runs: readonly StoredRun[], sinceMs: number, page: PageRequest) =>
  pageOfList(
    runs.filter(({ startedAt }) => Date.parse(startedAt) >= sinceMs),
    page,
    ({ startedAt, id }) => `${startedAt} ${id}`,
  );

export const oneRun = route({
  method: 'GET',
  path: '/api/runs/{id}',
  summary: 'One run with its coverage, verdicts and calls',
  needs,
  answers: { 200: { about: 'The run.', json: RunDetail } },
  async handle({ path: { id }, sight, api }) {
    const store = await api.store();
    const run = (await store.runs(50)).find((each) => each.id === id) ?? (await store.runs(runsMax)).find((each) => each.id === id);
    if (run === undefined) throw new Refusal('not-found', `Of the latest ${runsMax} runs none has this id.`);
    return json({ run: shownRun(run, sight) });
  },
});

/** Counts are of the whole tenant, and so are the names of other subscriptions in the coverage. */
function shownRun(run: StoredRun, sight: Sight): Run {
  const { summary, coverage, id, job, state, startedAt, finishedAt, tenantId, complete, calls, rules } = run;
  const lines = coverage.filter(({ scope }) => !/^\/subscriptions\//i.test(scope) || sees(sight, scope));
  return {
    id,
    job,
    state,
    startedAt,
    finishedAt,
    tenantId,
    complete,
    calls,
    coverage: lines,
    rules: sight.kind === 'everything' ? rules : rules.map((rule) => ({ ...rule, because: '' })),
    ...(sight.kind === 'everything' && { summary }),
  };
}

export const trendOver = route({
  method: 'GET',
  path: '/api/trend',
  summary: 'Findings and incidents by day',
  needs: ['Findings.Read'],
  query: z.strictObject({
    from: instantText.exactOptional().describe('Absent: 30 days ago.'),
    to: instantText.exactOptional().describe('Absent: today.'),
  }),
  answers: { 200: { about: 'The days, oldest first.', json: Trend } },
  async handle({ query, sight, api }) {
    const store = await api.store();
    const to = dayOf(query.to ?? api.now());
    const from = dayOf(query.from ?? daysBefore(to, 30));
    if (from > to || from < daysBefore(to, daysMax))
      throw new Refusal('bad-request', `The query is wrong: from must be before to, and at most ${daysMax} days before it.`, {
        errors: [{ at: 'from', text: 'must be before to' }],
      });
    const coverage = await coverageOf(store, 'audit', sight);
    if (sight.kind === 'subscriptions')
      return json({ from, to, points: [], because: 'The trend counts the whole tenant, of which you may see a part.', coverage });
    return json({ from, to, points: await store.trend({ from, to }), coverage });
  },
});

const daysMax = 800;
export const dayOf = (instant: string): string => new Date(Date.parse(instant)).toISOString().slice(0, 10);
export const daysBefore = (instant: string, days: number): string =>
  dayOf(new Date(Math.max(0, Date.parse(instant) - days * 86_400_000)).toISOString());

export const requestAudit = route({
  method: 'POST',
  path: '/api/audits',
  summary: 'Ask for an audit now, outside its schedule',
  needs: ['Audit.Run'],
  answers: { 202: { about: 'It is queued; Location says where its run appears.', json: AuditQueued } },
  async handle({ caller, api }) {
    if (caller === undefined) throw new Refusal('not-signed-in', 'Only somebody who is signed in can ask for an audit.');
    if (api.audits === undefined)
      throw new Refusal(
        'unavailable',
        'There is no queue to ask for an audit with, so audits run on their schedule (AUDIT_SCHEDULE) only. Set STORE_QUEUES, or run mi-audit audit.',
      );
    const wait = api.limiter.take(`audit ${caller.objectId}`, { burst: 2, perMinute: 0.1 });
    if (wait > 0)
      throw new Refusal('too-many-requests', `You have just asked for audits. Ask again in ${wait} seconds.`, {
        headers: { 'retry-after': String(wait) },
      });
    const store = await api.store();
    const running = await store.leaseHolder('audit');
    if (running !== undefined)
      throw new Refusal(
        'conflict',
        `An audit is running already (until ${running.until} at the latest unless it goes on). See /api/runs?job=audit.`,
      );
    const at = api.now();
    const by = authorOf(caller);
    await api.audits.request({ by, at });
    const runs = `/api/runs?job=audit&since=${encodeURIComponent(at)}`;
    return { kind: 'json', status: 202, body: { state: 'queued', requestedAt: at, requestedBy: by, runs }, headers: { location: runs } };
  },
});

import type { FindingCount } from '../../ports/index.ts';
import { rules, severities, type Severity } from '../../rules/index.ts';
import { sees, type Sight } from '../auth/sight.ts';
import { Summary } from '../contract/index.ts';
import { coverageOf } from '../coverage-of.ts';
import type { ApiStore } from '../dependencies.ts';
import { json } from '../http/answer.ts';
import { route } from '../http/route.ts';
import { filteredPage } from '../paging.ts';
import { shownFinding, withinSight } from './findings.ts';
import { seesIncident, shownIncident } from './incidents.ts';
import { dayOf, daysBefore } from './runs.ts';

/** Those that ask for something to be done. */
const openStatuses = ['new', 'open', 'reopened'] as const;

export const summary = route({
  method: 'GET',
  path: '/api/summary',
  summary: 'The state of the tenant on one page',
  needs: ['Findings.Read'],
  answers: { 200: { about: 'Counts, coverage, what to do first, live incidents, trend.', json: Summary } },
  async handle({ sight, api }) {
    const store = await api.store();
    const now = api.now();
    const [audit, watch, counted, incidents, first, trend] = await Promise.all([
      coverageOf(store, 'audit', sight),
      coverageOf(store, 'watch', sight),
      countsFor(store, sight),
      liveIncidents(store, sight),
      worstFindings(store, sight),
      sight.kind === 'everything' ? store.trend({ from: daysBefore(now, 30), to: dayOf(now) }) : [],
    ]);
    return json({
      tenantId: api.settings.tenantId ?? '',
      at: now,
      audit,
      watch,
      findings: { counted: counted.counted, ...inSum(counted.counts) },
      incidents,
      first,
      trend,
    });
  },
});

interface Counted {
  readonly counted: 'all' | 'at-least';
  readonly counts: readonly FindingCount[];
}

const pagesMax = 20;
const pageSize = 1_000;

/** The maintained counts are of the whole tenant; for whoever sees a part of it that part is counted, up to a bound that is told. */
async function countsFor(store: ApiStore, sight: Sight): Promise<Counted> {
  const filter = withinSight({}, sight);
  if (sight.kind === 'everything') return { counted: 'all', counts: await store.countFindings() };
  const counts: FindingCount[] = [];
  if (filter === undefined) return { counted: 'all', counts };
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page++) {
    const { items, cursor: next } = await store.findingPage({ filter, sort: 'severity', limit: pageSize, cursor });
    for (const { rule, status, severity, scope } of items) if (sees(sight, scope)) counts.push({ rule, status, severity, count: 1 });
    cursor = next;
    if (cursor === undefined) return { counted: 'all', counts };
  }
  return { counted: 'at-least', counts };
}

function inSum(counts: readonly FindingCount[]) {
  const open = counts.filter(({ status }) => openStatuses.some((each) => each === status));
  const byRule = [...Map.groupBy(open, ({ rule }) => rule)].map(([rule, of]) => ({
    rule,
    title: rules.find(({ id }) => id === rule)?.title ?? rule,
    open: sum(of),
    worst: severities.find((severity) => of.some((each) => each.severity === severity && each.count > 0)) ?? 'info',
  }));
  return {
    open: sum(open),
    byStatus: summedBy(counts, ({ status }) => status),
    bySeverity: summedBy(open, ({ severity }) => severity),
    byRule: byRule
      .filter((each) => each.open > 0)
      .toSorted((one, other) => rank(one.worst) - rank(other.worst) || other.open - one.open || (one.rule < other.rule ? -1 : 1)),
  };
}

const rank = (severity: Severity): number => severities.indexOf(severity);
const sum = (counts: readonly FindingCount[]): number => counts.reduce((total, { count }) => total + count, 0);

function summedBy(counts: readonly FindingCount[], key: (count: FindingCount) => string): Readonly<Record<string, number>> {
  const groups = [...Map.groupBy(counts, key)].map(([name, of]) => [name, sum(of)] as const);
  return Object.fromEntries(groups.filter(([, count]) => count > 0));
}

const firstMax = 10;

/** What to do first: the worst, and of equal ones what is certain before what is likely. */
async function worstFindings(store: ApiStore, sight: Sight) {
  const filter = withinSight({ status: openStatuses }, sight);
  if (filter === undefined) return [];
  const { items } = await filteredPage(
    { limit: firstMax * 5 },
    (page) => store.findingPage({ filter, sort: 'severity', ...page }),
    ({ scope }) => sees(sight, scope),
  );
  const sure = ['certain', 'likely', 'possible'];
  const sorted = items.toSorted(
    (one, other) =>
      rank(one.severity) - rank(other.severity) ||
      sure.indexOf(one.confidence) - sure.indexOf(other.confidence) ||
      (one.id < other.id ? -1 : 1),
  );
  return sorted.slice(0, firstMax).map((finding) => shownFinding(finding, sight));
}

const liveMax = 200;
const shownMax = 10;

async function liveIncidents(store: ApiStore, sight: Sight) {
  const filter = { status: ['opened', 'grown', 'quiet'] };
  const { items } = await filteredPage(
    { limit: liveMax },
    (page) => store.incidentPage({ filter, sort: 'severity', ...page }),
    (incident) => seesIncident(sight, incident),
  );
  const bySeverity = Object.fromEntries([...Map.groupBy(items, ({ severity }) => severity)].map(([severity, of]) => [severity, of.length]));
  return { live: items.length, bySeverity, items: items.slice(0, shownMax).map((incident) => shownIncident(incident, sight)) };
}

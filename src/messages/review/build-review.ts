import { moment } from '../../estate/index.ts';
import { isActive, latestByFinding, type Exception, type HistoryEntry, type StoredFinding } from '../../findings/index.ts';
import type { StoredIncident } from '../../incidents/index.ts';
import { severities } from '../../rules/index.ts';
import { controlMapping, type RuleWithControls } from './control-mapping.ts';
import type { IdentityTally } from './identity-tally.ts';
import { incidentsOfMonth } from './incidents-of-month.ts';
import { grantsToNarrow } from './narrow.ts';
import { within } from './period.ts';
import {
  figureNames,
  type ExpiringException,
  type FigureName,
  type Orphan,
  type Period,
  type RecreatedIdentity,
  type Review,
  type ReviewFigures,
  type SinceLast,
  type TrendDay,
} from './review.ts';
import type { RunTally } from './run-tally.ts';
import { turnsOf } from './turns.ts';

export interface ReviewInput {
  readonly month: string;
  readonly period: Period;
  readonly now: string;
  readonly tenantId: string;
  readonly subscriptions: Readonly<Record<string, string>>;
  readonly runs: RunTally;
  readonly identities: IdentityTally;
  /** All of them, resolved ones too. */
  readonly findings: readonly StoredFinding[];
  /** Of those in which something happened within the period; oldest first. */
  readonly history: ReadonlyMap<string, readonly HistoryEntry[]>;
  readonly exceptions: readonly Exception[];
  readonly incidents: readonly StoredIncident[];
  readonly trend: readonly TrendDay[];
  readonly previous: ReviewFigures | undefined;
  readonly rules: readonly RuleWithControls[];
  readonly titleOfCause: (cause: string) => string;
  readonly notes: readonly string[];
}

export function buildReview(input: ReviewInput): Review {
  const { month, period, now, findings } = input;
  const coverage = input.runs.coverage(input.rules);
  const { changes, resolveTimes } = turnsOf(findings, input.history, input.exceptions, period);
  const standing = findings.filter(({ status }) => status !== 'resolved');
  const review: Omit<Review, 'since'> = {
    schema: 'mi-audit/review/v1',
    month,
    period,
    tenant: { id: input.tenantId },
    generatedAt: now,
    subscriptions: input.subscriptions,
    notes: [...notesOf(period, now), ...input.notes],
    coverage,
    trend: input.trend.filter(({ day }) => within(period, `${day}T00:00:00Z`)).toSorted((a, b) => (a.day < b.day ? -1 : 1)),
    changes,
    resolveTimes,
    grantsToNarrow: grantsToNarrow(input.identities.candidates(), findings),
    identities: input.identities.identities(),
    orphans: standing
      .filter(({ rule }) => rule.startsWith('orphaned-'))
      .map(orphanOf)
      .toSorted(worstFirst),
    recreated: standing
      .filter(({ rule }) => rule === 'recreated-identity')
      .map(recreatedOf)
      .toSorted(worstFirst),
    incidents: incidentsOfMonth(input.incidents, input.titleOfCause, period),
    exceptions: expiring(input.exceptions, findings, now),
    controls: controlMapping(input.rules, coverage.rules, findings),
  };
  return { ...review, since: sinceOf(figuresOf(review, findings), input.previous) };
}

/** What a store keeps of a review, for the next one. */
function figuresOf(review: Omit<Review, 'since'>, findings: readonly StoredFinding[]): ReviewFigures {
  const open = findings.filter(({ status }) => status !== 'resolved' && status !== 'accepted');
  const known = review.identities.known;
  const values: Partial<Record<FigureName, number>> = {
    'open findings': open.length,
    ...Object.fromEntries(severities.map((severity) => [severity, open.filter((finding) => finding.severity === severity).length])),
    'accepted risks': findings.filter(({ status }) => status === 'accepted').length,
    ...(known && {
      'managed identities': review.identities.total,
      'role holdings': review.identities.holdings,
      'questioned holdings': review.identities.questioned,
    }),
    'orphaned grants': review.orphans.length,
    'recreated identities': review.recreated.length,
    'incidents of the month': review.incidents.list.length,
    'days without a complete audit': review.coverage.audits.daysWithout.length + review.coverage.audits.daysIncomplete.length,
  };
  return { month: review.month, generatedAt: review.generatedAt, tenantId: review.tenant.id, values };
}

/** What stands is told as of now; long after the month that is not what stood at its end. */
function notesOf({ until, over }: Period, now: string): readonly string[] {
  if (!over) return [`The month is not over: this review covers it until ${moment(until)}.`];
  const days = Math.floor((Date.parse(now) - Date.parse(until)) / 86_400_000);
  if (days < 3) return [];
  return [
    `This review was made ${days} days after the month ended. Trend, changes and incidents are those of the month; grants, identities, orphans, exceptions and controls are told as they stand now.`,
  ];
}

function orphanOf(finding: StoredFinding): Orphan {
  return {
    findingId: finding.id,
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    principalId: finding.principal.id,
    name: finding.principal.name,
    role: finding.role.name,
    scope: finding.scope,
    proof: finding.proof,
    evidence: finding.evidence.map(({ label, value }) => `${label}: ${value}`).join('; '),
    firstSeenAt: finding.firstSeenAt,
    fix: fixOf(finding),
    accepted: finding.status === 'accepted',
    unjudged: finding.unjudged ?? '',
  };
}

function recreatedOf(finding: StoredFinding): RecreatedIdentity {
  return {
    findingId: finding.id,
    severity: finding.severity,
    name: finding.principal.name,
    principalId: finding.principal.id,
    resourceId: finding.principal.resourceId,
    title: finding.title,
    message: finding.message,
    firstSeenAt: finding.firstSeenAt,
    status: finding.status,
    fix: fixOf(finding),
  };
}

const fixOf = ({ fix }: StoredFinding): string => fix.find(({ cli }) => cli !== undefined)?.cli ?? fix[0]?.text ?? '';

const expiringDaysMax = 60;

function expiring(exceptions: readonly Exception[], findings: readonly StoredFinding[], now: string): readonly ExpiringException[] {
  const byId = new Map(findings.map((finding) => [finding.id, finding]));
  return [...latestByFinding(exceptions, now).values()]
    .filter((exception) => isActive(exception, now))
    .map((exception): ExpiringException => {
      const finding = byId.get(exception.findingId);
      return {
        findingId: exception.findingId,
        rule: exception.rule,
        severity: finding?.severity ?? '',
        title: finding?.title ?? '',
        until: exception.until,
        days: Math.ceil((Date.parse(exception.until) - Date.parse(now)) / 86_400_000),
        reason: exception.reason,
        author: exception.author,
        stands: finding !== undefined && finding.status !== 'resolved',
      };
    })
    .filter(({ days }) => days <= expiringDaysMax)
    .toSorted((a, b) => a.days - b.days || (a.findingId < b.findingId ? -1 : 1));
}

function sinceOf(now: ReviewFigures, previous: ReviewFigures | undefined): SinceLast {
  const lines = figureNames.flatMap((name) => {
    const value = now.values[name];
    return value === undefined ? [] : [{ name, before: previous?.values[name] ?? -1, now: value }];
  });
  return previous === undefined ? { lines } : { month: previous.month, generatedAt: previous.generatedAt, lines };
}

const worstFirst = (a: Orphan | RecreatedIdentity, b: Orphan | RecreatedIdentity): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.firstSeenAt < b.firstSeenAt ? -1 : 1);

import type { Coverage } from '../../estate/index.ts';
import type { Proof, Severity } from '../../rules/index.ts';
import type { Actor, Holding } from '../../inventory/index.ts';

/** What security teams hand to auditors, once a month. The published contract `mi-audit/review/v1`: fields are added, never renamed or removed. */
export interface Review {
  readonly schema: 'mi-audit/review/v1';
  /** `2026-10` */
  readonly month: string;
  readonly period: Period;
  readonly tenant: { readonly id: string };
  readonly generatedAt: string;
  /** Names of subscriptions, by lower-case id. */
  readonly subscriptions: Readonly<Record<string, string>>;
  /** What a reader must know before reading on: limits that were hit, rows that could not be read, a month that is not over. */
  readonly notes: readonly string[];
  readonly coverage: ReviewCoverage;
  readonly trend: readonly TrendDay[];
  readonly changes: ReviewChanges;
  readonly resolveTimes: readonly ResolveTime[];
  readonly grantsToNarrow: readonly GrantToNarrow[];
  readonly identities: ReviewedIdentities;
  readonly orphans: readonly Orphan[];
  readonly recreated: readonly RecreatedIdentity[];
  readonly incidents: ReviewIncidents;
  readonly exceptions: readonly ExpiringException[];
  readonly since: SinceLast;
  readonly controls: readonly ControlLine[];
}

export interface Period {
  readonly from: string;
  /** Exclusive: the end of the month, or the present where the month is not over. */
  readonly until: string;
  readonly over: boolean;
}

export interface ReviewCoverage {
  /** Days of the period that have begun. */
  readonly days: number;
  readonly audits: JobRuns;
  /** Passes over refused calls, and over grants. */
  readonly watches: JobRuns;
  readonly grantWatches: JobRuns;
  /** Finished last before the period's end; absent: none in it. */
  readonly latest?: { readonly runId: string; readonly at: string; readonly complete: boolean };
  /** What audits could not see, each with the days on which that was so. The worst first. */
  readonly gaps: readonly GapOfMonth[];
  readonly watchGaps: readonly GapOfMonth[];
  /** Every rule, those first that were inconclusive. */
  readonly rules: readonly RuleOfMonth[];
}

export interface JobRuns {
  readonly started: number;
  readonly finished: number;
  readonly complete: number;
  /** Days (`2026-10-03`) on which none finished. */
  readonly daysWithout: readonly string[];
  /** Days on which one finished and none of them saw everything. */
  readonly daysIncomplete: readonly string[];
}

export interface GapOfMonth extends Omit<Coverage, 'slice' | 'state'> {
  readonly slice: string;
  readonly state: 'partial' | 'missing';
  readonly days: number;
  readonly firstAt: string;
  readonly lastAt: string;
  /** Still so in the latest run of its job. */
  readonly stands: boolean;
}

export interface RuleOfMonth {
  readonly id: string;
  readonly title: string;
  /** Finished audits that checked it, and those in which it was inconclusive. */
  readonly checked: number;
  readonly inconclusive: number;
  /** `not-asked`: no finished audit of the month judged it. */
  readonly latest: 'checked' | 'inconclusive' | 'not-asked';
  readonly because: string;
}

/** What stood at a day's end, after its last audit or a later pass of the watch; and what its audits saw change. */
export interface TrendDay {
  readonly day: string;
  readonly open: Readonly<Record<Severity, number>>;
  readonly new: number;
  readonly resolved: number;
  readonly reopened: number;
  readonly accepted: number;
}

export interface FindingLine {
  readonly id: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly title: string;
  readonly scope: string;
  readonly at: string;
  readonly note: string;
}

export interface AcceptedLine extends FindingLine {
  readonly until: string;
  readonly reason: string;
  readonly author: string;
}

export interface ReviewChanges {
  readonly new: readonly FindingLine[];
  /** Fixed: a rule was checked there and saw nothing any more. */
  readonly resolved: readonly FindingLine[];
  /** A setting hides them; the problem may well stand. */
  readonly excluded: readonly FindingLine[];
  readonly reopened: readonly FindingLine[];
  readonly accepted: readonly AcceptedLine[];
}

export interface ResolveTime {
  readonly severity: Severity;
  readonly n: number;
  readonly meanHours: number;
  readonly medianHours: number;
}

export interface GrantToNarrow {
  readonly rank: number;
  readonly severity: Severity;
  readonly assignmentId: string;
  readonly role: string;
  readonly scope: string;
  readonly scopeLevel: Holding['scopeLevel'];
  readonly through: string;
  readonly grantedAt: string;
  readonly grantedBy: string;
  readonly identity: { readonly principalId: string; readonly name: string; readonly resourceId: string };
  /** More identities that hold the same grant through a group. */
  readonly sharedWith: number;
  /** Resources it reaches; -1: not known. */
  readonly reach: number;
  readonly allows: string;
  readonly question: string;
  readonly actors: readonly Actor[];
  readonly actorsTotal: number;
  readonly fix: { readonly text: string; readonly cli: string };
  /** Findings about it. */
  readonly findings: readonly string[];
}

export interface ReviewedIdentities {
  /** False: no audit has stored an inventory yet, and nothing is known of any identity's roles. */
  readonly known: boolean;
  readonly total: number;
  readonly systemAssigned: number;
  readonly userAssigned: number;
  readonly holdings: number;
  /** Holdings that somebody should ask about, and identities that have one. */
  readonly questioned: number;
  readonly identitiesQuestioned: number;
  readonly withoutRole: number;
  /** Holdings that the inventory had no room for, the least severe of an identity with hundreds: counted in no other number here. */
  readonly leftOut: number;
  /** Identities that the latest audit did not see again, of those on the sheets. */
  readonly unseen: number;
  readonly sheets: readonly ReviewedIdentity[];
}

export interface ReviewedIdentity {
  readonly principalId: string;
  readonly clientId: string;
  readonly kind: 'system-assigned' | 'user-assigned';
  readonly name: string;
  readonly resourceId: string;
  readonly hosts: number;
  readonly federatedCredentials: number;
  readonly actors: number;
  readonly seenAt: string;
  readonly questioned: number;
  readonly holdings: readonly ReviewedHolding[];
  readonly holdingsLeftOut: number;
}

export interface ReviewedHolding {
  readonly id: string;
  readonly plane: Holding['plane'];
  readonly roleId: string;
  readonly role: string;
  readonly scope: string;
  readonly scopeLevel: Holding['scopeLevel'];
  readonly through: string;
  readonly conditional: boolean;
  readonly grantedAt: string;
  readonly grantedBy: string;
  /** Empty: a data role on one resource or a part of it. */
  readonly question: string;
  readonly severity: Severity | '';
}

export interface Orphan {
  readonly findingId: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly confidence: string;
  readonly principalId: string;
  readonly name: string;
  readonly role: string;
  readonly scope: string;
  readonly proof: Proof | '';
  readonly evidence: string;
  readonly firstSeenAt: string;
  readonly fix: string;
  readonly accepted: boolean;
  /** Why the latest audit could not judge it; empty when it did. */
  readonly unjudged: string;
}

export interface RecreatedIdentity {
  readonly findingId: string;
  readonly severity: Severity;
  readonly name: string;
  readonly principalId: string;
  readonly resourceId: string;
  readonly title: string;
  readonly message: string;
  readonly firstSeenAt: string;
  readonly status: string;
  readonly fix: string;
}

export interface ReviewIncidents {
  readonly list: readonly IncidentLine[];
  readonly byCause: readonly CauseOfMonth[];
}

export interface IncidentLine {
  readonly id: string;
  readonly kind: string;
  readonly severity: Severity;
  readonly status: string;
  readonly who: string;
  readonly principalId: string;
  readonly inferred: boolean;
  readonly service: string;
  readonly target: string;
  readonly targets: number;
  readonly cause: string;
  readonly confidence: string;
  readonly denials: number;
  readonly openedAt: string;
  readonly resolvedAt: string;
  readonly resolvedBy: string;
  /** -1 while it lives. */
  readonly hours: number;
}

export interface CauseOfMonth {
  readonly cause: string;
  readonly title: string;
  readonly incidents: number;
  readonly alive: number;
  readonly denials: number;
  /** Of those resolved. -1: none. */
  readonly meanHours: number;
  readonly medianHours: number;
}

export interface ExpiringException {
  readonly findingId: string;
  readonly rule: string;
  readonly severity: Severity | '';
  readonly title: string;
  readonly until: string;
  readonly days: number;
  readonly reason: string;
  readonly author: string;
  /** False: nothing stands behind it any more. */
  readonly stands: boolean;
}

/** The numbers that the next review compares itself with. */
export interface ReviewFigures {
  readonly month: string;
  readonly generatedAt: string;
  readonly tenantId: string;
  readonly values: Readonly<Partial<Record<FigureName, number>>>;
}

export const figureNames = [
  'open findings',
  'critical',
  'high',
  'medium',
  'low',
  'info',
  'accepted risks',
  'managed identities',
  'role holdings',
  'questioned holdings',
  'orphaned grants',
  'recreated identities',
  'incidents of the month',
  'days without a complete audit',
] as const;
export type FigureName = (typeof figureNames)[number];

export interface SinceLast {
  /** Absent: this is the first review that this store keeps. */
  readonly month?: string;
  readonly generatedAt?: string;
  /** `-1`: not known then. */
  readonly lines: readonly { readonly name: FigureName; readonly before: number; readonly now: number }[];
}

export interface ControlLine {
  readonly control: string;
  readonly framework: string;
  readonly rules: readonly string[];
  readonly open: number;
  readonly accepted: number;
  readonly bySeverity: Readonly<Partial<Record<Severity, number>>>;
  /** `not-assessed`: no rule behind it could be checked in the latest audit; never to be read as fulfilled. */
  readonly state: 'assessed' | 'partly-assessed' | 'not-assessed';
  readonly because: string;
}

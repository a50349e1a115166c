import type { Coverage } from '../estate/index.ts';
import type { Run, Summary } from '../findings/index.ts';
import type { Incident } from '../incidents/index.ts';
import { tell } from './event.ts';
import { measure } from './measure.ts';
import type { Job } from './vocabulary.ts';

const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
/** An estate that cannot be seen at all would fill the log with its parts. */
const gapEventsMax = 50;

/** What an audit found, from its report. */
export function recordAudit(report: {
  readonly run: Pick<Run, 'id' | 'complete'>;
  readonly coverage: readonly Coverage[];
  readonly summary: Summary;
}): void {
  const { run, summary } = report;
  for (const severity of severities)
    measure('mi_audit.findings.open', summary.bySeverity[severity] ?? 0, { 'mi_audit.severity': severity });
  const { resolved, reopened } = summary;
  recordRun('audit', { run, coverage: report.coverage, summary: `${summary.new} new, ${resolved} resolved, ${reopened} reopened` });
}

/** What a pass of the watch over refused calls found, from its report. */
export function recordWatch(report: {
  readonly run: Pick<Run, 'id' | 'complete'>;
  readonly coverage: RecordedRun['coverage'];
  readonly denials: { readonly count: number; readonly benign: readonly { readonly id: string; readonly count: number }[] };
  readonly incidents: readonly Pick<Incident, 'status' | 'severity'>[];
}): void {
  const { run, coverage, denials, incidents } = report;
  const alive = incidents.filter(({ status }) => status !== 'resolved');
  for (const severity of severities) {
    const count = alive.filter((incident) => incident.severity === severity).length;
    measure('mi_audit.incidents.alive', count, { 'mi_audit.severity': severity });
  }
  measure('mi_audit.denials.seen', denials.count, {});
  for (const { id, count } of denials.benign) if (count > 0) measure('mi_audit.denials.benign', count, { 'mi_audit.benign.id': id });
  const ended = incidents.length - alive.length;
  recordRun('watch', { run, coverage, summary: `${denials.count} refused calls, ${alive.length} incidents alive, ${ended} resolved` });
}

export interface RecordedRun {
  readonly run: Pick<Run, 'id' | 'complete'>;
  readonly coverage: readonly {
    readonly slice: string;
    readonly scope: string;
    readonly state: string;
    readonly why: string;
    readonly permission: string;
    /** What no answer depends on. */
    readonly harmless?: boolean;
    /** False: it could be read, and nothing is logged there. */
    readonly failed?: boolean;
  }[];
  /** One line. */
  readonly summary: string;
}

/** The end of any run of record, and what it could not see. */
export function recordRun(job: Job, { run, coverage, summary }: RecordedRun): void {
  const gaps = coverage.filter(({ state, harmless }) => state !== 'whole' && harmless !== true);
  const unlogged = gaps.filter((gap) => kindOf(gap) === 'silent').length;
  const about = { 'mi_audit.job': job, 'mi_audit.run.id': run.id };
  measure('mi_audit.gaps', gaps.length - unlogged, { 'mi_audit.job': job, 'mi_audit.gap.kind': 'unreadable' });
  if (job !== 'audit') measure('mi_audit.gaps', unlogged, { 'mi_audit.job': job, 'mi_audit.gap.kind': 'silent' });
  for (const gap of gaps.slice(0, gapEventsMax)) {
    const { slice, scope, state, why, permission } = gap;
    tell('mi_audit.gap', 'warn', {
      ...about,
      'mi_audit.gap.kind': kindOf(gap),
      'mi_audit.gap.slice': slice,
      'mi_audit.gap.scope': scope,
      'mi_audit.gap.state': state,
      'mi_audit.gap.permission': permission,
      'mi_audit.why': why,
    });
  }
  tell('mi_audit.run.finished', run.complete ? 'info' : 'warn', {
    ...about,
    'mi_audit.run.complete': run.complete,
    'mi_audit.run.summary': summary,
  });
}

const kindOf = ({ failed }: { readonly failed?: boolean }): 'unreadable' | 'silent' => (failed === false ? 'silent' : 'unreadable');

/** How long nobody has looked at everything. `runs`: audits, newest first. */
export function recordAuditAge(runs: readonly Pick<Run, 'state' | 'complete' | 'startedAt' | 'finishedAt'>[], now: string): void {
  const complete = runs.find((run) => run.state === 'finished' && run.complete);
  const since = complete?.finishedAt ?? runs.at(-1)?.startedAt;
  if (since === undefined || !Number.isFinite(Date.parse(since))) return;
  measure('mi_audit.audit.age', Math.max(0, (Date.parse(now) - Date.parse(since)) / 1_000), {});
}

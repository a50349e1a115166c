import { moment, type Coverage } from '../../estate/index.ts';
import type { Finding } from '../../findings/index.ts';
import { severities } from '../../rules/index.ts';
import type { AuditReport } from '../../jobs/audit-report.ts';
import type { Terminal } from '../terminal.ts';
import { findingTable, inReadingOrder } from './finding-sheet.ts';
import { paintWith, type Paint } from './paint.ts';
import { oneLine } from './plain-text.ts';
import { tableOf } from './sheet.ts';
import { shortScope, type SubscriptionNames } from './short-scope.ts';

/** The audit for a person: findings, what could not be seen, which rules could not decide, and the next step. */
export function auditTable(report: AuditReport, terminal: Pick<Terminal, 'columns' | 'colours'>): string {
  const paint = paintWith(terminal.colours);
  return [
    ...findingLines(report, terminal.columns, paint),
    ...coverageLines(report.coverage, paint, report.run.complete, report.subscriptions),
    ...noteLines(report, paint),
    ...inconclusiveLines(report, paint),
    ...closingLines(report, paint),
  ].join('\n');
}

function findingLines(report: AuditReport, width: number, paint: Paint): readonly string[] {
  const standing = inReadingOrder(report.findings.filter(({ status }) => status !== 'accepted' && status !== 'resolved'));
  const accepted = report.findings.filter(({ status }) => status === 'accepted');
  const resolved = report.findings.filter(({ status }) => status === 'resolved');
  return [
    ...(standing.length > 0 ? [tableOf(findingTable(standing, report.subscriptions), width, colourOf(paint)), ''] : []),
    countLine(standing, report, paint),
    ...listed('Resolved in this run', resolved, report, paint),
    ...listed('Accepted', accepted, report, paint),
    '',
  ];
}

function colourOf(paint: Paint): (cell: string, column: number) => string {
  return (cell, column) => (column === 0 ? paint.severity(cell) : cell);
}

function countLine(standing: readonly Finding[], report: AuditReport, paint: Paint): string {
  if (standing.length === 0)
    return report.run.complete
      ? paint.good('No findings.')
      : paint.warning('No findings in what could be seen. That is not the same as none: see below.');
  const counts = severities.map((severity) => [severity, standing.filter((one) => one.severity === severity).length] as const);
  const words = counts
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => paint.severity(severity).replace(severity, `${count} ${severity}`));
  const { summary } = report;
  const life = [`${summary.new} new`, `${summary.reopened} reopened`, `${summary.resolved} resolved`, `${summary.accepted} accepted`].join(
    ', ',
  );
  return `${paint.strong(`${standing.length} ${standing.length === 1 ? 'finding' : 'findings'}`)}: ${words.join(', ')}. ${paint.faint(`Since the last run: ${life}.`)}`;
}

function listed(heading: string, findings: readonly Finding[], { subscriptions }: AuditReport, paint: Paint): readonly string[] {
  if (findings.length === 0) return [];
  return [
    '',
    paint.strong(`${heading}:`),
    ...findings.map((one) => `  ${oneLine(one.title)} ${paint.faint(`(${one.rule}, ${shortScope(one.scope, subscriptions)})`)}`),
  ];
}

/** A gap is told with the permission that would close it, the same reason once. */
export function coverageLines(
  coverage: readonly Coverage[],
  paint: Paint,
  complete: boolean,
  names: SubscriptionNames = {},
): readonly string[] {
  const gaps = coverage.filter(({ state }) => state !== 'whole');
  const whole = coverage.length - gaps.length;
  if (gaps.length === 0) return [paint.good(`Everything was visible (${whole} kinds of data).`), ''];
  const lines = gaps.map((gap) => {
    const permission = gap.permission === '' ? '' : ` Needs ${gap.permission}.`;
    return `  ${paint.warning(gap.state === 'missing' ? 'not seen' : 'in part ')}  ${gap.slice} at ${shortScope(gap.scope, names)}: ${oneLine(gap.why)}${oneLine(permission)}`;
  });
  return [paint.strong(complete ? 'Not seen; no verdict had to wait for it' : 'What could not be seen'), ...capped(lines), ''];
}

function noteLines({ excluded, idleExceptions, notes }: AuditReport, paint: Paint): readonly string[] {
  const by = Map.groupBy(excluded, (each) => each.by);
  const lines = [
    ...[...by].map(([setting, each]) => `  ${each.length} hidden by the setting that excludes ${oneLine(setting)}`),
    ...idleExceptions.map(
      ({ findingId, until }) =>
        `  The acceptance of ${findingId} (until ${moment(until)}) matches nothing any more: mi-audit unaccept ends it`,
    ),
    ...notes.map((note) => `  ${oneLine(note)}`),
  ];
  return lines.length === 0 ? [] : [paint.strong('Worth knowing'), ...capped(lines), ''];
}

function inconclusiveLines({ rules }: AuditReport, paint: Paint): readonly string[] {
  const open = rules.filter(({ verdict }) => verdict === 'inconclusive');
  if (open.length === 0) return [];
  const lines = open.map(({ id, because }) => `  ${id}: ${oneLine(because)}`);
  return [paint.strong('Rules that could not decide (their earlier findings stay as they were)'), ...capped(lines), ''];
}

function closingLines({ findings, run }: AuditReport, paint: Paint): readonly string[] {
  const first = inReadingOrder(findings)[0];
  const seconds = (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000;
  const calls = Object.entries(run.calls)
    .filter(([, count]) => count > 0)
    .map(([family, count]) => `${family} ${count}`);
  return [
    paint.faint(
      `Run ${run.id}${run.dryRun ? ' (dry run: nothing was written)' : ''}, tenant ${oneLine(run.tenantId)}${seconds > 0 ? `, ${seconds} s` : ''}. Calls: ${calls.join(', ') || 'none'}.`,
    ),
    ...(first === undefined
      ? []
      : [
          `Next: ${paint.command(`mi-audit show ${first.id}`)} for evidence and fix, ${paint.command(`mi-audit explain ${first.rule}`)} for the why.`,
        ]),
  ];
}

/** A tenant can have hundreds of equal gaps; the terminal shows the first and counts the rest, JSON has all. */
function capped(lines: readonly string[]): readonly string[] {
  const most = 25;
  return lines.length <= most ? lines : [...lines.slice(0, most), `  … and ${lines.length - most} more (--format json lists all)`];
}

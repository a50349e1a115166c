import type { AuditReport } from '../../jobs/audit-report.ts';
import type { Finding } from '../../findings/index.ts';
import { inReadingOrder, whoIs } from './finding-sheet.ts';
import { codeSpan, markdown, plain } from './plain-text.ts';
import { markdownTableOf } from './sheet.ts';

/** The audit as a document that can be pasted into a ticket or a wiki. */
export function auditMarkdown(report: AuditReport): string {
  const gaps = report.coverage.filter(({ state }) => state !== 'whole');
  const open = report.rules.filter(({ verdict }) => verdict === 'inconclusive');
  return [
    '# Managed identity audit',
    `Run ${codeSpan(report.run.id)}, tenant ${codeSpan(report.run.tenantId)}, finished ${report.run.finishedAt}. ${report.run.complete ? 'Complete.' : '**Incomplete**: see what could not be seen.'}`,
    '## Findings',
    findingsMarkdown(report.findings),
    '## What could not be seen',
    gaps.length === 0
      ? 'Everything was visible.'
      : markdownTableOf({
          columns: ['slice', 'scope', 'state', 'why', 'permission'].map((title) => ({ title, share: 1 })),
          rows: gaps.map((gap) => [gap.slice, gap.scope, gap.state, gap.why, gap.permission]),
        }),
    ...(open.length === 0
      ? []
      : ['## Rules that could not decide', open.map(({ id, because }) => `- ${codeSpan(id)}: ${markdown(because)}`).join('\n')]),
  ].join('\n\n');
}

export function findingsMarkdown(findings: readonly Finding[]): string {
  return findings.length === 0 ? 'None.' : inReadingOrder(findings).map(findingMarkdown).join('\n\n');
}

export function findingMarkdown(finding: Finding): string {
  return [
    `### ${finding.severity}: ${markdown(finding.title)}`,
    markdown(finding.message),
    [
      `- rule ${codeSpan(finding.rule)}, ${finding.status}, confidence ${finding.confidence}${finding.proof === '' ? '' : `, proof: ${finding.proof}`}`,
      `- who: ${markdown(whoIs(finding.principal))} ${finding.principal.id === '' ? '' : codeSpan(finding.principal.id)}`.trimEnd(),
      `- where: ${codeSpan(finding.scope)}`,
      ...finding.evidence.map(({ label, value }) => `- ${markdown(label)}: ${markdown(value)}`),
      `- id ${codeSpan(finding.id)}, first seen ${finding.firstSeenAt}, last seen ${finding.lastSeenAt}`,
    ].join('\n'),
    ...finding.fix.flatMap((step, at) => [
      `${at + 1}. ${markdown(step.text)}`,
      ...codeBlock('sh', step.cli),
      ...codeBlock('bicep', step.bicep),
      ...codeBlock('hcl', step.terraform),
    ]),
  ].join('\n\n');
}

/** The fence is longer than any run of backticks inside. */
function codeBlock(language: string, code: string | undefined): readonly string[] {
  if (code === undefined || code === '') return [];
  const fence = '`'.repeat(Math.max(3, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [`${fence}${language}\n${plain(code)}\n${fence}`];
}

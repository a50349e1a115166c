import type { Finding } from '../../findings/index.ts';
import type { AuditReport } from '../../jobs/audit-report.ts';
import type { Rule, Severity } from '../../rules/index.ts';

/** SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/): what code-scanning pages import. Gaps become notifications, never silence. */
export function auditSarif(report: AuditReport, rules: readonly Rule[], version: string): string {
  const index = new Map(rules.map((rule, at) => [rule.id, at]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'mi-audit', version, semanticVersion: version, rules: rules.map(ruleOf) } },
        automationDetails: { id: `mi-audit/${report.run.id}` },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: true,
            ...(report.run.startedAt !== '' && { startTimeUtc: report.run.startedAt, endTimeUtc: report.run.finishedAt }),
            toolExecutionNotifications: notificationsOf(report),
          },
        ],
        results: report.findings.map((finding) => resultOf(finding, index.get(finding.rule))),
        properties: { tenantId: report.run.tenantId, complete: report.run.complete },
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function ruleOf(rule: Rule) {
  return {
    id: rule.id,
    shortDescription: { text: rule.title },
    fullDescription: { text: rule.why, markdown: rule.why },
    help: { text: rule.fix, markdown: rule.fix },
    defaultConfiguration: { level: levels[rule.severity] },
    properties: { tags: ['security', 'identity', ...rule.controls], 'security-severity': scores[rule.severity], precision: 'high' },
  };
}

function resultOf(finding: Finding, ruleIndex: number | undefined) {
  return {
    ruleId: finding.rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[finding.severity],
    kind: 'fail',
    message: { text: `${finding.title}\n\n${finding.message}` },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(finding.subject) } },
        logicalLocations: [{ fullyQualifiedName: finding.subject, kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'miAuditFinding/v1': finding.id },
    baselineState: baselines[finding.status],
    ...(finding.status === 'accepted' && { suppressions: [{ kind: 'external', status: 'accepted' }] }),
    properties: {
      severity: finding.severity,
      confidence: finding.confidence,
      status: finding.status,
      scope: finding.scope,
      principalId: finding.principal.id,
      fix: finding.fix.map((step) => step.cli ?? step.text),
    },
  };
}

function notificationsOf(report: AuditReport) {
  const gaps = report.coverage
    .filter(({ state }) => state !== 'whole')
    .map((gap) => ({
      level: 'warning',
      descriptor: { id: `coverage/${gap.slice}` },
      message: {
        text: `${gap.slice} at ${gap.scope} ${gap.state === 'missing' ? 'was not seen' : 'was seen in part'}: ${gap.why}${gap.permission === '' ? '' : ` Needs ${gap.permission}.`}`,
      },
    }));
  const open = report.rules
    .filter(({ verdict }) => verdict === 'inconclusive')
    .map((rule) => ({
      level: 'warning',
      descriptor: { id: `inconclusive/${rule.id}` },
      message: { text: `${rule.id} could not decide: ${rule.because}` },
    }));
  return [...gaps, ...open];
}

/** An ARM id as a relative reference: code-scanning pages insist on a place in a file tree. */
function uriOf(id: string): string {
  const path = id
    .split('/')
    .filter((part) => part !== '')
    .map((part) => encodeURIComponent(part.toWellFormed()));
  return path.length === 0 ? 'tenant' : path.join('/');
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** GitHub's bands: over 9 critical, 7 high, 4 medium, below low. */
const scores: Readonly<Record<Severity, string>> = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '1.0' };
const baselines: Readonly<Record<Finding['status'], string>> = {
  new: 'new',
  reopened: 'new',
  open: 'unchanged',
  accepted: 'unchanged',
  resolved: 'absent',
};

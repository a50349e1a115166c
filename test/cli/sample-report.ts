import type { AuditReport } from '../../src/jobs/audit-report.ts';
import type { Finding } from '../../src/findings/index.ts';
import { guid, sub } from '../build/estate.ts';

/** A finding that starts valid; a test says only what it is about. */
export function finding(part: Partial<Finding> = {}): Finding {
  return {
    id: 'orphaned-assignment-0123456789abcdef',
    rule: 'orphaned-assignment',
    severity: 'medium',
    confidence: 'certain',
    status: 'new',
    subject: `${sub('prod')}/providers/Microsoft.Authorization/roleAssignments/${guid('assignment')}`,
    principal: { id: guid('gone'), kind: 'system-assigned', name: 'vm-batch', resourceId: '', clientId: '' },
    proof: 'deleted',
    role: { id: guid('role'), name: 'Reader' },
    scope: sub('prod'),
    title: 'Role assignment of a deleted principal',
    message: 'The principal was deleted; its assignment stands.',
    evidence: [{ label: 'principal', value: 'absent from the directory', source: 'graph' }],
    fix: [{ text: 'Delete the assignment.', cli: `az role assignment delete --ids '/subscriptions/x'` }],
    related: [],
    controls: ['CIS 6.0.0 5.3.4'],
    firstSeenAt: '2026-11-20T08:00:00.000Z',
    lastSeenAt: '2026-11-20T08:00:00.000Z',
    ...part,
  };
}

export function report(part: Partial<Omit<AuditReport, 'run'>> & { readonly run?: Partial<AuditReport['run']> } = {}): AuditReport {
  const { run, ...rest } = part;
  return {
    schema: 'mi-audit/audit/v1',
    coverage: [{ slice: 'roleAssignments', scope: '/', state: 'whole', why: '', permission: '' }],
    rules: [{ id: 'orphaned-assignment', verdict: 'checked', because: '' }],
    findings: [finding()],
    summary: { bySeverity: { medium: 1 }, byRule: { 'orphaned-assignment': 1 }, new: 1, resolved: 0, reopened: 0, accepted: 0 },
    excluded: [],
    idleExceptions: [],
    subscriptions: {},
    notes: [],
    ...rest,
    run: {
      id: '20261120T080000Z',
      startedAt: '2026-11-20T08:00:00.000Z',
      finishedAt: '2026-11-20T08:00:02.000Z',
      tenantId: guid('contoso tenant'),
      complete: true,
      calls: { resourceGraph: 3, arm: 1, graph: 2, logs: 0, tables: 5 },
      dryRun: false,
      ...run,
    },
  };
}

import type { Coverage } from '../estate/index.ts';
import type { Calls, Finding, RuleVerdict, Summary } from '../findings/index.ts';

/** What one audit found: the published contract `mi-audit/audit/v1`. Fields are added, never renamed or removed. */
export interface AuditReport {
  readonly schema: 'mi-audit/audit/v1';
  readonly run: {
    readonly id: string;
    readonly startedAt: string;
    readonly finishedAt: string;
    readonly tenantId: string;
    /** False when something that a rule needs could not be seen. */
    readonly complete: boolean;
    readonly calls: Calls;
    /** True when nothing was written. */
    readonly dryRun: boolean;
  };
  readonly coverage: readonly Coverage[];
  readonly rules: readonly RuleVerdict[];
  readonly findings: readonly Finding[];
  readonly summary: Summary;
}

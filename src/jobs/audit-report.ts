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
  /** All that stand, accepted ones too, and those that this run resolved. */
  readonly findings: readonly Finding[];
  readonly summary: Summary;
  /** Violations that a setting hides, and which setting. */
  readonly excluded: readonly { readonly rule: string; readonly subject: string; readonly scope: string; readonly by: string }[];
  /** Acceptances that match nothing any more: they can be ended. */
  readonly idleExceptions: readonly { readonly id: string; readonly findingId: string; readonly reason: string; readonly until: string }[];
  /** Names of the subscriptions, by lower-case id. */
  readonly subscriptions: Readonly<Record<string, string>>;
  /** Trouble with the store that an admin should know of. */
  readonly notes: readonly string[];
}

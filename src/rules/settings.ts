/** What rules may be told. Environment names and parsing live in config/. */
export interface RuleSettings {
  /** Whose grants are judged besides managed identities' (`AUDIT_PRINCIPALS`). Orphans are judged for any principal. */
  readonly principals: 'managed-identities' | 'workloads' | 'all';
  /** A principal or assignment younger than this may just not have replicated (`REPLICATION_WINDOW_MINUTES`). */
  readonly replicationWindowMinutes: number;
  /** `BROAD_GRANT_REVIEW_DAYS`. */
  readonly broadGrantReviewDays: number;
  /** `FEDERATED_ISSUERS_ALLOWED`: issuer prefixes; empty: any issuer passes. */
  readonly federatedIssuersAllowed: readonly string[];
  /** `REQUIRED_TAGS`; empty: `unowned-identity` does not look at tags. */
  readonly requiredTags: readonly string[];
  /** `IDENTITY_NAME_PATTERN`, such as `{app}-{env}-identity`; absent: names are free. */
  readonly identityNamePattern?: string | undefined;
  /** `ENVIRONMENT_TAG`: tag that names a resource's environment, for `shared-identity`. */
  readonly environmentTag: string;
  /** `ASSIGNMENT_LIMIT_SHARE` of Azure's limit at which `assignment-limit-near` speaks, 0–1. */
  readonly assignmentLimitShare: number;
  /** Azure's own limits: 4,000 per subscription (2,000 in Government and China), 500 per management group. */
  readonly assignmentsPerSubscription: number;
  readonly assignmentsPerManagementGroup: number;
}

export const defaultRuleSettings: RuleSettings = {
  principals: 'managed-identities',
  replicationWindowMinutes: 60,
  broadGrantReviewDays: 30,
  federatedIssuersAllowed: [],
  requiredTags: [],
  environmentTag: 'environment',
  assignmentLimitShare: 0.8,
  assignmentsPerSubscription: 4000,
  assignmentsPerManagementGroup: 500,
};

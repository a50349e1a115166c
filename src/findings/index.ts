export type { Exception } from './exception.ts';
export type { Finding, FindingStatus, HistoryEntry, StoredFinding } from './finding.ts';
export type { Calls, RuleVerdict, Run, Summary } from './run.ts';

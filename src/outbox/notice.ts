import type { Severity } from '../rules/index.ts';

export const noticeEvents = ['opened', 'reopened', 'resolved', 'severity-changed', 'acceptance-expired', 'grown'] as const;
export type NoticeEvent = (typeof noticeEvents)[number];

/**
 * One change of a finding or an incident that somebody may want to hear of. It is written before the thing it is about, under subject + revision: one whose
 * revision its subject has not reached never happened (a run died there) and is written over by whoever comes next.
 */
export interface Notice {
  /** `<subject id>.<revision>` */
  readonly id: string;
  readonly about: 'finding' | 'incident';
  readonly subjectId: string;
  readonly revision: number;
  readonly event: NoticeEvent;
  readonly at: string;
  readonly runId: string;
  /** What routing asks for, so that it need not read ten thousand subjects. */
  readonly severity: Severity;
  /** Its severity before, where that changed. */
  readonly was?: Severity;
  /** Rule of a finding, best cause of an incident. */
  readonly topic: string;
  /** ARM ids the change is about: the scope, the principal's resource, the targets. */
  readonly scopes: readonly string[];
  /** Tags in force there, names in lower case. */
  readonly tags: Readonly<Record<string, string>>;
  /** It stood before anybody looked (first audit of a store) or was over when it was first seen: worth a line, not a message of its own. */
  readonly old?: true;
  /** Nobody is told: somebody's own decision. It takes the place of what a run that died may have left under this revision. */
  readonly silent?: true;
}

export const noticeId = (subjectId: string, revision: number): string => `${subjectId}.${revision}`;

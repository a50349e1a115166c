import type { Changes, HistoryEntry, StoredFinding, TagsOf } from '../findings/index.ts';
import { severities, type Severity } from '../rules/index.ts';
import { noticeId, type Notice, type NoticeEvent } from './notice.ts';
import { tagsAround } from './notice-tags.ts';

/**
 * What of a run's changes is to be told: one notice for each finding that changed, the latest of what happened to it. Unchanged findings have no
 * entry in the history, hence no notice. Revisions that nobody is to hear of get a silent one.
 * @param first nothing was known before this run: what it opens is not news, only unknown
 */
export function findingNotices(
  { findings, history }: Pick<Changes, 'findings' | 'history'>,
  { tagsOf, first }: { readonly tagsOf: TagsOf; readonly first: boolean },
): readonly Notice[] {
  const entriesOf = Map.groupBy(history, ({ findingId }) => findingId);
  return findings.flatMap((finding) => {
    const entries = entriesOf.get(finding.id) ?? [];
    if (entries.length === 0) return [];
    const told = toldOf(finding, entries);
    return entries.map((entry): Notice => {
      const common = {
        id: noticeId(finding.id, entry.revision),
        about: 'finding',
        subjectId: finding.id,
        revision: entry.revision,
        at: entry.at,
        runId: entry.runId,
        severity: finding.severity,
        topic: finding.rule,
      } as const;
      if (entry !== told?.entry) return { ...common, event: 'opened', scopes: [], tags: {}, silent: true };
      const was = severityBefore(entries);
      return {
        ...common,
        event: told.event,
        ...(was !== undefined && { was }),
        scopes: [...new Set([finding.scope, finding.principal.resourceId])].filter((id) => id !== ''),
        tags: tagsAround([finding.subject, finding.scope, finding.principal.resourceId, finding.principal.id], tagsOf),
        ...(first && told.event === 'opened' && { old: true }),
      };
    });
  });
}

interface Told {
  readonly entry: HistoryEntry;
  readonly event: NoticeEvent;
}

function toldOf(finding: StoredFinding, entries: readonly HistoryEntry[]): Told | undefined {
  // A setting that hides it is a decision of the reader's own; it says "not fixed", and nobody must read "resolved".
  if (finding.status === 'resolved' && finding.resolvedBy === 'excluded') return undefined;
  const told = entries.flatMap((entry): readonly Told[] => {
    const event = eventOf(entry.kind);
    return event === undefined ? [] : [{ entry, event }];
  });
  if (finding.status !== 'accepted') return told.at(-1);
  // What was accepted has become worse than what was accepted.
  const was = severityBefore(entries);
  return was !== undefined && rank(finding.severity) < rank(was) ? told.at(-1) : undefined;
}

function eventOf(kind: HistoryEntry['kind']): NoticeEvent | undefined {
  switch (kind) {
    case 'opened':
    case 'reopened':
    case 'resolved':
    case 'severity-changed':
    case 'acceptance-expired':
      return kind;
    case 'accepted':
    case 'unaccepted':
      return undefined;
  }
}

/** `medium → high`, as the history has it. */
function severityBefore(entries: readonly HistoryEntry[]): Severity | undefined {
  const note = entries.find(({ kind }) => kind === 'severity-changed')?.note;
  const word = note?.split(' ')[0];
  return severities.find((severity) => severity === word);
}

const rank = (severity: Severity): number => severities.indexOf(severity);

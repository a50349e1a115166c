import { clip, sameContent, type Content } from './content.ts';
import { isActive, type Exception } from './exception.ts';
import type { HistoryEntry, ResolvedBy, StoredFinding } from './finding.ts';

/** What a run has to say about one finding. */
export type Sighting =
  | { readonly kind: 'seen'; readonly content: Content }
  | { readonly kind: 'gone' }
  | { readonly kind: 'excluded'; readonly by: string }
  | { readonly kind: 'unjudged'; readonly because: string };

export interface Moment {
  readonly now: string;
  readonly runId: string;
}

export interface Advanced {
  readonly finding: StoredFinding;
  readonly history: readonly HistoryEntry[];
  /** False: nothing but `lastSeenAt` differs from what is stored. */
  readonly changed: boolean;
}

/**
 * One finding, one run further. A status that this same run has made already (it died and came back) is left alone, so that doing it twice
 * equals doing it once; a status that an earlier run made is old news: `new` and `reopened` become `open`.
 */
export function advance(known: StoredFinding, sighting: Sighting, acceptance: Exception | undefined, moment: Moment): Advanced {
  const same = isSame(known, sighting);
  const sighted = same
    ? { finding: { ...known, lastSeenAt: moment.now }, history: none }
    : sight({ finding: known, history: none }, sighting, moment);
  const { finding, history } = accept(settle(sighted, moment), acceptance, moment);
  const changed =
    history.length > 0 || finding.status !== known.status || finding.unjudged !== known.unjudged || (sighting.kind === 'seen' && !same);
  return { finding, history, changed };
}

/** Seen again as it was: nearly all findings of nearly all runs. */
const isSame = (known: StoredFinding, sighting: Sighting): boolean =>
  sighting.kind === 'seen' && known.status !== 'resolved' && known.unjudged === undefined && sameContent(known, sighting.content);

const none: readonly HistoryEntry[] = [];

/** A violation that nobody knew. */
export function open(id: string, content: Content, acceptance: Exception | undefined, moment: Moment): Advanced {
  const { now, runId } = moment;
  const newborn: StoredFinding = {
    id,
    ...content,
    status: 'new',
    firstSeenAt: now,
    lastSeenAt: now,
    firstSeenRunId: runId,
    statusRunId: runId,
    revision: 1,
    changedAt: now,
  };
  const opened: HistoryEntry = { findingId: id, revision: 1, at: now, runId, kind: 'opened', note: content.title };
  const { finding, history } = accept({ finding: newborn, history: [opened] }, acceptance, moment);
  return { finding, history, changed: true };
}

const becauseCharsMax = 1_000;

interface Draft {
  readonly finding: StoredFinding;
  readonly history: readonly HistoryEntry[];
}

function sight(draft: Draft, sighting: Sighting, moment: Moment): Draft {
  const { finding } = draft;
  switch (sighting.kind) {
    case 'seen':
      return see(draft, sighting.content, moment);
    case 'gone':
      return resolve(draft, 'fixed', 'the rule was checked here and saw it no more', moment);
    case 'excluded':
      return resolve(draft, 'excluded', `hidden by the setting that excludes ${sighting.by}; not fixed`, moment);
    case 'unjudged':
      return finding.status === 'resolved'
        ? draft
        : { ...draft, finding: { ...finding, unjudged: clip(sighting.because, becauseCharsMax) } };
  }
}

function see(draft: Draft, content: Content, moment: Moment): Draft {
  const { unjudged: _unjudged, resolvedAt: _at, resolvedBy: _by, aspect: _aspect, ...before } = draft.finding;
  const seen: Draft = { ...draft, finding: { ...before, ...content, lastSeenAt: moment.now } };
  if (before.status === 'resolved') return turn(seen, 'reopened', { kind: 'reopened', note: content.title }, moment);
  if (before.severity === content.severity) return seen;
  return turn(seen, before.status, { kind: 'severity-changed', note: `${before.severity} → ${content.severity}` }, moment);
}

function resolve(draft: Draft, resolvedBy: ResolvedBy, note: string, moment: Moment): Draft {
  if (draft.finding.status === 'resolved') return draft;
  const { unjudged: _unjudged, ...finding } = draft.finding;
  return turn({ ...draft, finding: { ...finding, resolvedAt: moment.now, resolvedBy } }, 'resolved', { kind: 'resolved', note }, moment);
}

/** No entry in the history: nothing happened to the finding, it only is no news any more. */
function settle(draft: Draft, { runId }: Moment): Draft {
  const { status, statusRunId } = draft.finding;
  if ((status !== 'new' && status !== 'reopened') || statusRunId === runId) return draft;
  return { ...draft, finding: { ...draft.finding, status: 'open', statusRunId: runId } };
}

function accept(draft: Draft, acceptance: Exception | undefined, moment: Moment): Draft {
  const { status } = draft.finding;
  if (status === 'resolved') return draft;
  if (acceptance !== undefined && isActive(acceptance, moment.now)) {
    if (status === 'accepted') return draft;
    return turn(draft, 'accepted', { kind: 'accepted', note: acceptanceNote(acceptance), author: acceptance.author }, moment);
  }
  if (status !== 'accepted') return draft;
  if (acceptance?.endedAt !== undefined) return turn(draft, 'open', { kind: 'unaccepted', note: 'the acceptance was ended' }, moment);
  return turn(
    draft,
    'open',
    {
      kind: 'acceptance-expired',
      note: acceptance === undefined ? 'the acceptance is gone from the store' : `accepted until ${acceptance.until}`,
    },
    moment,
  );
}

export const acceptanceNote = ({ reason, until }: Exception): string => `until ${until}: ${reason}`;

/** A change of status or severity that is worth a line in the history, and a new revision. */
export function turn(
  { finding, history }: Draft,
  status: StoredFinding['status'],
  entry: Pick<HistoryEntry, 'kind' | 'note'> & { readonly author?: string },
  { now, runId }: Moment,
): Draft {
  const revision = finding.revision + 1;
  return {
    finding: { ...finding, status, revision, changedAt: now, statusRunId: status === finding.status ? finding.statusRunId : runId },
    history: [...history, { findingId: finding.id, revision, at: now, runId, ...entry }],
  };
}

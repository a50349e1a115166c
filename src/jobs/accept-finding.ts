import { acceptanceNote, exceptionId, isActive, turn, type Exception, type StoredFinding } from '../findings/index.ts';
import type { Store } from '../ports/index.ts';

export interface Acceptance {
  readonly findingId: string;
  readonly reason: string;
  readonly author: string;
  /** Instant at which it ends. */
  readonly until: string;
  readonly now: string;
}

export type Accepted =
  | { readonly kind: 'accepted'; readonly finding: StoredFinding; readonly exception: Exception }
  | { readonly kind: 'unaccepted'; readonly finding: StoredFinding }
  | { readonly kind: 'refused'; readonly because: string };

const reasonCharsMax = 2_000;

/** Accepts the risk of one finding until a date. Accepting it again puts the new reason and date in the place of the old. */
export async function acceptFinding(store: Store, { findingId, reason, author, until, now }: Acceptance): Promise<Accepted> {
  const problem = problemOf(reason, author, until, now);
  if (problem !== undefined) return refused(problem);
  const stored = await store.finding(findingId);
  if (stored === undefined) return refused(unknown(findingId));
  const { finding } = stored;
  if (finding.status === 'resolved') return refused(`Finding ${findingId} is resolved: there is nothing to accept.`);

  const exception: Exception = {
    id: exceptionId(findingId, new Date(Date.parse(now)).toISOString()),
    findingId,
    rule: finding.rule,
    reason: reason.trim(),
    author: author.trim(),
    createdAt: now,
    until: new Date(Date.parse(until)).toISOString(),
  };
  const active = await activeOn(store, findingId, now);
  // Asked a second time for the same thing, because the first time ended in the middle: only what is missing is left to write.
  const done =
    finding.status === 'accepted' &&
    active.some((each) => each.id === exception.id && each.reason === exception.reason && each.until === exception.until);
  const entry = { kind: 'accepted', note: acceptanceNote(exception), author: exception.author } as const;
  const changed = done ? { finding, history: [] } : turn({ finding, history: [] }, 'accepted', entry, { now, runId: noRun });
  await store.saveException(
    [exception, ...active.filter(({ id }) => id !== exception.id).map((each) => ({ ...each, endedAt: now }))],
    changed,
  );
  return { kind: 'accepted', finding: changed.finding, exception };
}

/** Ends an acceptance before its date: the finding is open again at once. */
export async function unacceptFinding(
  store: Store,
  { findingId, author, now }: Pick<Acceptance, 'findingId' | 'author' | 'now'>,
): Promise<Accepted> {
  const stored = await store.finding(findingId);
  const active = await activeOn(store, findingId, now);
  if (stored === undefined && active.length === 0) return refused(unknown(findingId));
  if (stored === undefined || (stored.finding.status !== 'accepted' && active.length === 0)) {
    // Perhaps it ended a moment ago, in a process that died before it had brought the lists in step.
    if (stored !== undefined) await store.settle(findingId);
    return refused(`Nobody has accepted finding ${findingId}, or the acceptance has ended already.`);
  }
  const ended = active.map((each) => ({ ...each, endedAt: now }));
  const { finding } = stored;
  const before = { finding, history: [] };
  const entry = { kind: 'unaccepted', note: 'the acceptance was ended', author } as const;
  const changed = finding.status === 'accepted' ? turn(before, 'open', entry, { now, runId: noRun }) : before;
  await store.saveException(ended, changed);
  return { kind: 'unaccepted', finding: changed.finding };
}

/** Somebody's decision, not a run's. */
const noRun = '';

const refused = (because: string): Accepted => ({ kind: 'refused', because });
const unknown = (id: string): string => `No finding has the id ${JSON.stringify(id)}. "mi-audit findings" lists those that are stored.`;

async function activeOn(store: Store, findingId: string, now: string): Promise<readonly Exception[]> {
  return (await store.exceptions()).filter((exception) => exception.findingId === findingId && isActive(exception, now));
}

function problemOf(reason: string, author: string, until: string, now: string): string | undefined {
  if (reason.trim() === '') return 'An acceptance needs a reason: somebody will ask for it when it ends.';
  if (reason.length > reasonCharsMax) return `The reason is ${reason.length} characters long; ${reasonCharsMax} are kept.`;
  if (author.trim() === '') return 'An acceptance needs an author.';
  const end = Date.parse(until);
  if (Number.isNaN(end)) return `${JSON.stringify(until)} is no date. Write it as 2027-03-31 or 2027-03-31T00:00:00Z.`;
  if (end <= Date.parse(now))
    return `The acceptance would end at ${new Date(end).toISOString()}, which is not after now (${now}). Give a later date.`;
  return undefined;
}

import type { Run, RunGap } from '../findings/index.ts';
import type { MessageContext } from '../messages/index.ts';
import type { StoredDelivery } from '../outbox/index.ts';

/** What stands around every message of one round. */
export interface Surroundings {
  readonly now: string;
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly subscriptions: Readonly<Record<string, string>>;
  readonly siteUrl?: string | undefined;
  readonly portalUrl: string;
}

/** Coverage is that of the latest run of each job which had a part in the message: what it could not see is missing from the message too. */
export function contextOf(delivery: StoredDelivery, { now, runs, subscriptions, siteUrl, portalUrl }: Surroundings): MessageContext {
  const finished = runs.filter(({ state }) => state === 'finished');
  const jobs = jobsOf(delivery, runs);
  const latest = [...jobs].flatMap((job) => finished.find((run) => run.job === job) ?? []);
  return {
    now,
    tenantId: finished.find(({ tenantId }) => tenantId !== '')?.tenantId ?? '',
    subscriptions,
    gaps: latest.flatMap(gapsOf),
    ...(siteUrl !== undefined && { siteUrl }),
    portalUrl,
    reference: referenceOf(delivery),
    attempt: delivery.unanswered + 1,
  };
}

/** One mail in two mailboxes is two messages: the channel is a part of its name. */
export const referenceOf = ({ channel, id }: Pick<StoredDelivery, 'channel' | 'id'>): string => `${channel}.${id}`;

function jobsOf({ runIds, lines }: StoredDelivery, runs: readonly Run[]): ReadonlySet<Run['job']> {
  const jobs = new Set(runs.filter(({ id }) => runIds.includes(id)).map(({ job }) => job));
  if (jobs.size > 0) return jobs;
  // Its run is too long ago to be read: the kind of thing tells.
  return new Set(lines.map(({ about }) => (about === 'incident' ? 'watch' : 'audit')));
}

function gapsOf({ coverage, logGaps = [] }: Run): readonly RunGap[] {
  // What no finding rests on is said by the audit and the review; beside an alarm it would be noise.
  const unseen = coverage.flatMap(({ slice, scope, state, why, permission, harmless }): readonly RunGap[] =>
    state === 'whole' || harmless === true ? [] : [{ slice, scope, state, why, permission }],
  );
  return [...unseen, ...logGaps];
}

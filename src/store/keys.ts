/**
 * The key design (docs/decisions/0003-store-keys.md). Everything a run must know lies in partitions that begin with `known.`, so that one query
 * reads it; history and runs lie outside. A finding's partition is its rule.
 */
export const knownPartitions = { partitionFrom: 'known.', partitionTo: 'known.~' } as const;
export const findingPartitions = { partitionFrom: 'known.finding.', partitionTo: 'known.finding.~' } as const;
export const findingPartition = (rule: string): string => `known.finding.${keyText(rule)}`;
export const historyPartition = (rule: string): string => `history.${keyText(rule)}`;
export const historyPartitions = { partitionFrom: 'history.', partitionTo: 'history.~' } as const;
export const identityPartition = 'known.identity';
export const credentialPartition = 'known.credential';
export const missingPartition = 'known.missing';
/** Grants that the watch follows and who was seen to make one: the audit reads them too. Removals are the watch's own. */
export const grantPartition = 'known.grant';
export const callerPartition = 'known.caller';
export const removalPartition = 'watch.removal';
export const exceptionPartition = 'known.exception';
/** One row each: what all findings and identities that did not change have in common, and the subscriptions seen. */
export const sightingPartition = 'known.sighting';
/** What the watch remembers: aggregates of refused calls, the state of their series, incidents, the cursor. */
export const denialPartition = 'watch.denial';
export const seriesPartition = 'watch.series';
export const tokenPartition = 'watch.token';
export const incidentPartition = 'watch.incident';
export const cursorPartition = 'watch.cursor';
export const placePartition = 'watch.place';
export const grantPlacePartition = 'watch.grant-place';
/** What people call the subscriptions that ids name. */
export const namePartition = 'name.subscription';
/** What is to be told, and what became of it, by channel. */
export const noticePartition = 'outbox.notice';
export const deliveryPartitions = { partitionFrom: 'delivery.', partitionTo: 'delivery.~' } as const;
export const deliveryPartition = (channel: string): string => `delivery.${keyText(channel)}`;
export const runPartition = 'run';
export const jobRunPartition = (job: string): string => `run.${job}`;
export const leasePartition = 'lease';
/** A sharded audit: its plan, beginnings and markers of its pieces, and what each attempt at a piece put there. */
export const shardPartition = 'shard';
export const shardPartitionOf = (planId: string): string => `shard.${keyText(planId)}`;
export const shardPagesOf = (planId: string, piece: string, attempt: string): string =>
  `shard.${keyText(planId)}~${keyText(piece)}~${keyText(attempt)}`;
/** What all instances together may ask of a service within its window. */
export const quotaPartition = 'quota';
/** One row a month: figures of the review, and where it was sent. */
export const reviewPartition = 'review';

export const historyRow = (findingId: string, revision: number): string => `${keyText(findingId)}.${String(revision).padStart(6, '0')}`;
export const historyRows = (findingId: string): { readonly rowFrom: string; readonly rowTo: string } => ({
  rowFrom: `${keyText(findingId)}.`,
  rowTo: `${keyText(findingId)}.~`,
});

/** Newest first: digits count down. `20261120T080000Z-2` → `r.79738879T919999Z-9997`. */
export function runRow(runId: string): string {
  const [start = '', sequence = '1'] = runId.split('-');
  return `r.${keyText(start).replace(/\d/g, (digit) => String(9 - Number(digit)))}-${String(9_999 - Number(sequence)).padStart(4, '0')}`;
}
export const runRows = { rowFrom: 'r.', rowTo: 'r.~' } as const;
export const openRunRow = (job: string): string => `open.${job}`;

/**
 * Any text as a key that all stores take and sort alike: what is not plain is written as `_` and its UTF-16 code, so two texts never share a key.
 * Long or foreign texts (ARM ids) are hashed before they come here.
 */
export function keyText(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]/g, (char) => `_${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

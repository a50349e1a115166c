import { scopeTree } from '../../estate/index.ts';
import {
  digitsOf,
  findingId,
  reconcile,
  tagReaders,
  withTags,
  type ReconcileRequest,
  type StoredFinding,
  type Summary,
  type TagsOf,
} from '../../findings/index.ts';
import { findingNotices } from '../../outbox/index.ts';
import type { PieceDone } from '../../ports/index.ts';
import type { Violation } from '../../rules/index.ts';
import { tagCarriers, type TagCarriers } from '../../shards/index.ts';
import { sha256 } from '../sha256.ts';
import { hexadecimal, type Bucket } from './buckets.ts';
import { rowsIn } from './checkpoint-estate.ts';
import type { Gathered } from './gather-parts.ts';
import { digitList, wholeList } from './judge-piece.ts';
import type { ShardedRequest, ShardedStore, Underway } from './sharded-request.ts';

export interface BucketRequest {
  readonly store: ShardedStore;
  readonly underway: Underway;
  readonly parts: readonly PieceDone[];
  /** All that `reconcile` takes besides what lies in the bucket, and what remembers each scope that it was asked about: a bucket has its own of these. */
  readonly sight: Omit<ReconcileRequest, 'known' | 'violations' | 'within' | 'tagsOf'>;
  readonly newTagsOf: () => TagsOf;
  readonly exceptions: ReconcileRequest['known']['exceptions'];
  readonly carriers: TagCarriers;
  readonly tenantId: string;
  /** Nothing was known before this audit. */
  readonly first: boolean;
}

/** What all buckets go by: it is held while they are done, one after the other. */
export async function bucketRequest(
  { store, settings, rules }: ShardedRequest,
  underway: Underway,
  { facts, verdicts, collected, parts }: Gathered,
): Promise<BucketRequest> {
  const { plan, run } = underway;
  const { exceptions, remembered } = await store.knownAround(run.id);
  // The list of subscriptions is what an audit remembers last: none, and this is the first.
  const first = remembered.subscriptions.size === 0;
  const carriers = await tagCarriers({ facts, rows: rowsIn(store, plan.id, collected) });
  const sight = { ...verdicts, rules, area: settings.scope, now: plan.at, runId: run.id, exclusions: settings.exclusions, sha256 };
  return { store, underway, parts, sight, newTagsOf: tagReaders(carriers), exceptions, carriers, tenantId: facts.tenantId, first };
}

/** What the store knows of the findings of one bucket × what the parts saw of them, decided and written. */
export async function reconcileBucket(request: BucketRequest, bucket: Bucket): Promise<Summary> {
  const { store, underway, sight, exceptions, carriers, tenantId, first, newTagsOf } = request;
  const findings = new Map<string, StoredFinding>();
  const violations: Violation[] = [];
  const answered = new Set(sight.verdicts.filter(({ verdict }) => verdict === 'checked').map(({ id }) => id));
  for (const { rule, digits } of bucket) {
    for await (const finding of store.knownFindings({ rule, digits })) findings.set(finding.id, finding);
    // Of a rule that failed in one part, what it found in the others is left out, as it would have been over the whole.
    if (answered.has(rule)) for await (const violation of violationsOf(request, rule, digits)) violations.push(violation);
  }
  const tagsOf = newTagsOf();
  const { within } = scopeTree(carriers.containers);
  const reconciled = reconcile({ ...sight, within, tagsOf, known: { findings, exceptions }, violations });
  const written = withTags(reconciled.changes.findings, reconciled.findings, tagsOf, carriers);
  const notices = findingNotices(reconciled.changes, { tagsOf, first });
  await store.applyPart(underway.run.id, { findings: written, history: reconciled.changes.history, tenantId }, notices);
  return reconciled.summary;
}

async function* violationsOf({ store, underway: { plan }, parts }: BucketRequest, rule: string, digits: string): AsyncIterable<Violation> {
  const lists = [
    wholeList(rule),
    ...hexadecimal.filter((digit) => digits === '' || digits.startsWith(digit)).map((digit) => digitList(rule, digit)),
  ];
  for (const part of parts)
    for (const list of lists)
      for await (const given of store.readPiece(plan.id, part, list)) {
        // Put there by `judgeOnePart`.
        const violation = given as Violation;
        if (digits === '' || digitsOf(findingId(rule, violation.subject, violation.aspect, sha256)).startsWith(digits)) yield violation;
      }
}

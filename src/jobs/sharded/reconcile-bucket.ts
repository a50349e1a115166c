import { digitsOf, findingId, reconcile, withTags, type ReconcileRequest, type StoredFinding, type Summary } from '../../findings/index.ts';
import { findingNotices } from '../../outbox/index.ts';
import type { PieceDone } from '../../ports/index.ts';
import type { Violation } from '../../rules/index.ts';
import type { TagCarriers } from '../../shards/index.ts';
import { sha256 } from '../sha256.ts';
import { hexadecimal, type Bucket } from './buckets.ts';
import { digitList, wholeList } from './judge-piece.ts';
import type { ShardedStore, Underway } from './sharded-request.ts';

export interface BucketRequest {
  readonly store: ShardedStore;
  readonly underway: Underway;
  readonly parts: readonly PieceDone[];
  /** All that `reconcile` takes besides what lies in the bucket. */
  readonly sight: Omit<ReconcileRequest, 'known' | 'violations'>;
  readonly exceptions: ReconcileRequest['known']['exceptions'];
  readonly carriers: TagCarriers;
  readonly tenantId: string;
  /** Nothing was known before this audit. */
  readonly first: boolean;
}

/** What the store knows of the findings of one bucket × what the parts saw of them, decided and written. */
export async function reconcileBucket(request: BucketRequest, bucket: Bucket): Promise<Summary> {
  const { store, underway, sight, exceptions, carriers, tenantId, first } = request;
  const findings = new Map<string, StoredFinding>();
  const violations: Violation[] = [];
  const answered = new Set(sight.verdicts.filter(({ verdict }) => verdict === 'checked').map(({ id }) => id));
  for (const { rule, digits } of bucket) {
    for await (const finding of store.knownFindings({ rule, digits })) findings.set(finding.id, finding);
    // Of a rule that failed in one part, what it found in the others is left out, as it would have been over the whole.
    if (answered.has(rule)) for await (const violation of violationsOf(request, rule, digits)) violations.push(violation);
  }
  const { tagsOf } = sight;
  const reconciled = reconcile({ ...sight, known: { findings, exceptions }, violations });
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

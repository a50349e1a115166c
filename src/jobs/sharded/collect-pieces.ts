import type { PieceWriter } from '../../ports/index.ts';
import { assertSameTenant } from '../same-tenant.ts';
import { collectedPieces, collectedRows, putFacts, putRows, type FactsResult } from './checkpoint-estate.ts';
import type { ShardedRequest, Underway } from './sharded-request.ts';

/** Rows of one shard; number 0 is what lies above subscriptions. */
export async function collectRows(
  { source, settings: { scope }, progress }: ShardedRequest,
  { plan }: Underway,
  at: number,
  writer: PieceWriter,
): Promise<void> {
  const read = at === 0 ? await source.collectAbove({ scope, progress }) : await source.collectIn(plan.shards[at - 1] ?? [], progress);
  await writer.done(await putRows(writer, read));
}

/** What is known once for the tenant, around all rows. */
export async function collectFacts(request: ShardedRequest, { plan }: Underway, writer: PieceWriter): Promise<void> {
  const { source, store, settings, progress } = request;
  const collected = collectedRows(store, plan, collectedPieces(plan, await store.pieces(plan.id)));
  const { collect: memory } = await store.knownAround(plan.runId);
  const { estate, calls } = await source.collectFacts({ now: plan.at, scope: settings.scope, memory, progress, collected });
  await assertSameTenant(store, estate);
  await putFacts(writer, estate);
  await writer.done({ calls } satisfies FactsResult);
}

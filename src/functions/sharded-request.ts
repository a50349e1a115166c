import { randomUUID } from 'node:crypto';
import type { ShardedRequest } from '../jobs/sharded/sharded-request.ts';
import { rules } from '../rules/index.ts';
import type { Inside } from './in-house.ts';

/** Ten minutes before `functionTimeout` of host.json: the longest step that is begun last comes to its end. */
const minutesMax = 20;

/** Undefined where there is no queue to hand pieces to. */
export function shardedRequest({ house, settings, store, progress }: Inside): ShardedRequest | undefined {
  const queue = house.shardQueue();
  if (queue === undefined) return undefined;
  return {
    source: house.shardedSource(store),
    store,
    queue,
    settings,
    rules,
    now: house.now,
    nowMs: Date.now,
    endsMs: Date.now() + minutesMax * 60_000,
    holder: house.holder,
    newName: () => randomUUID().slice(0, 13),
    progress,
  };
}

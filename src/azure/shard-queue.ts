import type { QueueClient } from '@azure/storage-queue';
import type { ShardQueue } from '../ports/index.ts';
import { sendTold } from './told-queue.ts';

/** The queue of the function `audit-shard`. */
export const shardQueueName = 'audit-shard';

/** An audit that did not come to its end within a day is replaced by the next one; its messages with it. */
const lifeSeconds = 86_400;

export function shardQueue(queue: QueueClient): ShardQueue {
  return {
    async send(messages, afterSeconds = 0) {
      const visibilityTimeout = Math.max(0, Math.ceil(afterSeconds));
      for (const { planId, piece } of messages)
        await sendTold(queue, JSON.stringify({ planId, piece }), { visibilityTimeout, messageTimeToLive: lifeSeconds });
    },
  };
}

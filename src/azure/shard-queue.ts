import type { QueueClient } from '@azure/storage-queue';
import type { ShardQueue } from '../ports/index.ts';

/** The queue of the function `audit-shard`. */
export const shardQueueName = 'audit-shard';

/** An audit that did not come to its end within a day is replaced by the next one; its messages with it. */
const lifeSeconds = 86_400;

/** Base64 of JSON, as the trigger of Azure Functions expects by default. */
export function shardQueue(queue: QueueClient): ShardQueue {
  return {
    async send(messages, afterSeconds = 0) {
      await queue.createIfNotExists();
      for (const { planId, piece } of messages)
        await queue.sendMessage(Buffer.from(JSON.stringify({ planId, piece }), 'utf8').toString('base64'), {
          visibilityTimeout: Math.max(0, Math.ceil(afterSeconds)),
          messageTimeToLive: lifeSeconds,
        });
    },
  };
}

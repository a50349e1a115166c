import type { QueueClient } from '@azure/storage-queue';
import type { PoisonQueue, PoisonQueues } from '../ports/index.ts';
import { auditRequestQueue } from './audit-request-queue.ts';
import { doorbellQueue } from './doorbell.ts';
import { shardQueueName } from './shard-queue.ts';
import { troubleOf } from './trouble.ts';

/** The host lays aside what failed `maxDequeueCount` times: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger#poison-messages */
const poisonQueueNames = [doorbellQueue, auditRequestQueue, shardQueueName].map((queue) => `${queue}-poison`);

export function poisonQueues(open: (queue: string) => QueueClient): PoisonQueues {
  return {
    look: async () => (await Promise.all(poisonQueueNames.map((queue) => lookInto(queue, open(queue))))).filter((one) => one !== undefined),
  };
}

/** Undefined: empty, or never made, because nothing ever failed. */
async function lookInto(queue: string, client: QueueClient): Promise<PoisonQueue | undefined> {
  try {
    const { approximateMessagesCount: messages = 0 } = await client.getProperties();
    if (messages === 0) return undefined;
    const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 1 });
    return { queue, messages, oldestAt: peekedMessageItems[0]?.insertedOn?.toISOString() ?? '', trouble: '' };
  } catch (error) {
    const trouble = troubleOf(error);
    return trouble.kind === 'absent' ? undefined : { queue, messages: 0, oldestAt: '', trouble: trouble.text };
  }
}

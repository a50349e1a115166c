import type { QueueClient } from '@azure/storage-queue';
import type { Doorbell } from '../ports/index.ts';

/** The queue that wakes the function `notify`. */
export const doorbellQueue = 'notify';

/** A message may wait so long on a storage queue before it is seen. https://learn.microsoft.com/rest/api/storageservices/put-message */
const waitSecondsMax = 7 * 86_400;
/** What nobody took within a day is nobody's wish any more: the timer looks every few minutes anyway. */
const lifeSeconds = 86_400;

/** Base64, as the trigger of Azure Functions expects by default. */
export function queueDoorbell(queue: QueueClient): Doorbell {
  return {
    async ring(afterSeconds = 0) {
      const visibilityTimeout = Math.min(Math.max(Math.ceil(afterSeconds), 0), waitSecondsMax - 1);
      await queue.createIfNotExists();
      await queue.sendMessage(Buffer.from('look', 'utf8').toString('base64'), {
        visibilityTimeout,
        messageTimeToLive: visibilityTimeout + lifeSeconds,
      });
    },
  };
}

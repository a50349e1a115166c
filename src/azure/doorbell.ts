import type { QueueClient } from '@azure/storage-queue';
import type { Doorbell } from '../ports/index.ts';
import { sendTold } from './told-queue.ts';

/** The queue that wakes the function `notify`. */
export const doorbellQueue = 'notify';

/** A message may wait so long on a storage queue before it is seen. https://learn.microsoft.com/rest/api/storageservices/put-message */
const waitSecondsMax = 7 * 86_400;
/** What nobody took within a day is nobody's wish any more: the timer looks every few minutes anyway. */
const lifeSeconds = 86_400;

export function queueDoorbell(queue: QueueClient): Doorbell {
  return {
    async ring(afterSeconds = 0) {
      const visibilityTimeout = Math.min(Math.max(Math.ceil(afterSeconds), 0), waitSecondsMax - 1);
      await sendTold(queue, 'look', { visibilityTimeout, messageTimeToLive: visibilityTimeout + lifeSeconds });
    },
  };
}

import type { QueueClient, QueueSendMessageOptions } from '@azure/storage-queue';
import { inCall } from '../telemetry/index.ts';

/**
 * Puts a message on a queue in base64, as the trigger of Azure Functions expects by default; makes the queue where there is none. The call is told by hand, since
 * the storage client takes no wire of ours.
 */
export async function sendTold(queue: QueueClient, text: string, options: QueueSendMessageOptions): Promise<void> {
  await queue.createIfNotExists();
  await inCall({ service: 'queues', method: 'POST', url: `${queue.url}/messages`, resends: 0 }, async () => {
    const { requestId } = await queue.sendMessage(Buffer.from(text, 'utf8').toString('base64'), options);
    return { status: 201, headers: { get: (name) => (name === 'x-ms-request-id' ? requestId : undefined) } };
  });
}

import type { QueueClient } from '@azure/storage-queue';
import type { AuditRequests } from '../ports/audit-requests.ts';

export const auditRequestQueue = 'audit-request';

/** Base64 of JSON, as the trigger of Azure Functions expects by default. A request that nobody took within a day is nobody's wish any more. */
export function auditRequestsByQueue(queue: QueueClient): AuditRequests {
  return {
    async request({ by, at }) {
      await queue.createIfNotExists();
      await queue.sendMessage(Buffer.from(JSON.stringify({ by, at }), 'utf8').toString('base64'), { messageTimeToLive: 86_400 });
    },
  };
}

import type { QueueClient } from '@azure/storage-queue';
import type { AuditRequests } from '../ports/audit-requests.ts';
import { sendTold } from './told-queue.ts';

export const auditRequestQueue = 'audit-request';

/** A request that nobody took within a day is nobody's wish any more. */
export function auditRequestsByQueue(queue: QueueClient): AuditRequests {
  return {
    async request({ by, at }) {
      await sendTold(queue, JSON.stringify({ by, at }), { messageTimeToLive: 86_400 });
    },
  };
}
